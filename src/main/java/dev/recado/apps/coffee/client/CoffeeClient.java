package dev.recado.apps.coffee.client;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.gateway.ClientLink;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Left;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultEnd;
import dev.recado.apps.coffee.wire.GatewayFrame.ResultSlice;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import dev.recado.apps.coffee.wire.GatewayFrame.Taken;
import dev.recado.apps.coffee.wire.GatewayFrame.Welcome;
import dev.recado.base.BackOff;
import dev.recado.base.Plural;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One session: a thread reads batches, one sends them, and the caller's takes what the gateway says. A connection that
 * breaks is made again, and goes on behind what the gateway has.
 */
public final class CoffeeClient {

    /**
     * What is to be done.
     *
     * @param gateway where it listens
     * @param session its id
     * @param isResumed whether the session was begun by another process
     * @param input the directory of the files
     * @param results below which the answers go
     * @param batchRows in one batch
     * @param reconnectMs for how long it tries again
     */
    public record Plan(
            InetSocketAddress gateway,
            UUID session,
            boolean isResumed,
            Path input,
            Path results,
            int batchRows,
            long reconnectMs) {}

    private static final int SILENCE_MS = 30_000;
    private static final int CONNECT_MS = 5_000;
    private static final long FIRST_WAIT_MS = 100;
    private static final long LAST_WAIT_MS = 2_000;
    private static final long NEXT_MS = 100;

    private final Plan plan;
    private final Stop stop;
    private final Consumer<String> told;
    private final UploadWindow window = new UploadWindow();
    private final FileBatches files;
    private final Path directory;
    private boolean isWelcome;
    private boolean isReading;
    /** Whether the gateway has done anything but say welcome since the connection was made. */
    private boolean moved;
    /** What was wrong where answers are written: no other connection helps. */
    private volatile @Nullable IOException fileFailure;
    /** What was wrong with the input: the session will never go on. */
    private volatile @Nullable IOException inputFailure;

    /** {@code told} is given lines for a person. */
    public CoffeeClient(Plan plan, Stop stop, Consumer<String> told) throws IOException {
        this.plan = plan;
        this.stop = stop;
        this.told = told;
        files = new FileBatches(plan.input(), plan.session(), plan.batchRows(), window);
        directory = plan.results().resolve("session_" + plan.session());
        isWelcome = plan.isResumed();
    }

    /** Where the answers are after {@link #run}. */
    public Path directory() {
        return directory;
    }

    /**
     * Answers whether the answer is complete; ends earlier at the stop.
     *
     * @throws IOException where the files cannot be read or written, before anything is sent where that is known then
     */
    public boolean run() throws IOException {
        Files.createDirectories(plan.results());
        if (!Files.isWritable(plan.results())) {
            throw new AccessDeniedException(plan.results().toString());
        }
        BackOff backOff = new BackOff(FIRST_WAIT_MS, LAST_WAIT_MS, new SplittableRandom(System.nanoTime()));
        long lostNanos = System.nanoTime();
        while (!stop.isRequested()) {
            try {
                return talk();
            } catch (IOException e) {
                IOException onInput = inputFailure;
                IOException onFiles = onInput != null ? onInput : fileFailure;
                if (onFiles != null) {
                    throw onFiles;
                }
                if (moved) {
                    moved = false;
                    backOff.reset();
                    lostNanos = System.nanoTime();
                }
                boolean isOver = (System.nanoTime() - lostNanos) / 1_000_000 >= plan.reconnectMs();
                if (e instanceof RefusedException || isOver) {
                    throw e;
                }
                told.accept("connection lost, trying again: " + e.getMessage());
                stop.within(backOff.nextDelayMs());
            }
        }
        throw new IOException("stopped");
    }

    private boolean talk() throws IOException {
        Socket socket = new Socket();
        socket.connect(plan.gateway(), CONNECT_MS);
        try (ClientLink link = new ClientLink(socket, SILENCE_MS)) {
            link.send(new Hello(plan.session(), isWelcome));
            GatewayFrame first = link.receiveFirst();
            if (first instanceof Refused refused) {
                throw refusal(refused);
            }
            if (!(first instanceof Welcome welcome)) {
                throw new IOException("the gateway does not say welcome");
            }
            onWelcome(welcome);
            tellRows(welcome);
            Thread sender = daemon("coffee-send", () -> send(link));
            try {
                return receive(link);
            } finally {
                end(sender, link);
            }
        }
    }

    /** Before the next connection nobody may take batches for this one. */
    private static void end(Thread sender, ClientLink link) throws IOException {
        link.close();
        sender.interrupt();
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException refusal(Refused refused) {
        String text = refused.text();
        boolean helps = refused.code() == RefusalCode.UNAVAILABLE || refused.code() == RefusalCode.IN_USE;
        return helps ? new IOException(text) : new RefusedException(text);
    }

    private void onWelcome(Welcome welcome) {
        if (!isReading) {
            isReading = true;
            daemon("coffee-read", () -> read(welcome));
        } else {
            window.rewind(welcome.positions());
        }
        isWelcome = true;
    }

    private void tellRows(Welcome welcome) {
        long rows = welcome.positions().stream().mapToLong(Position::rows).sum();
        if (rows > 0) {
            told.accept("going on behind " + Plural.of(rows, "row") + " that the gateway has");
        }
    }

    private void read(Welcome welcome) {
        try {
            files.read(welcome.positions());
        } catch (IOException e) {
            inputFailure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void send(ClientLink link) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Batch batch = window.next(NEXT_MS);
                if (batch != null) {
                    link.send(new Rows(batch));
                }
                if (inputFailure != null) {
                    // The gateway closes; if we did, what it has not read might be lost.
                    link.send(new Left());
                    return;
                }
                if (fileFailure != null) {
                    link.close();
                    return;
                }
            }
        } catch (IOException e) {
            // The thread that receives finds the same, and connects again.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean receive(ClientLink link) throws IOException {
        Path json = directory.resolve("answer.json.partial");
        onFiles(() -> Files.createDirectories(directory));
        try (OutputStream out = onFiles(() -> Files.newOutputStream(json))) {
            CRC32C crc = new CRC32C();
            long length = 0;
            while (!stop.isRequested()) {
                for (GatewayFrame frame : link.receive()) {
                    if (frame instanceof ResultSlice slice) {
                        moved = true;
                        onFiles(() -> {
                            out.write(slice.bytes());
                            return out;
                        });
                        crc.update(slice.bytes(), 0, slice.bytes().length);
                        length += slice.bytes().length;
                    } else if (frame instanceof ResultEnd end) {
                        if (end.length() != length || end.crc() != (int) crc.getValue()) {
                            throw new IOException("the answer is not as it was sent");
                        }
                        return onAnswer(json, link);
                    } else {
                        onFrame(frame);
                    }
                }
            }
        }
        throw new RefusedException("stopped; the session can be resumed: --session " + plan.session());
    }

    private interface FileStep<T> {
        T run() throws IOException;
    }

    /** A step whose failure is no lost connection. */
    private <T> T onFiles(FileStep<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            fileFailure = e;
            throw e;
        }
    }

    private void onFrame(GatewayFrame frame) throws IOException {
        if (frame instanceof Taken taken) {
            moved = true;
            window.onTaken(taken.position());
            told.accept("sent " + files.percent() + " %");
        } else if (frame instanceof Progress progress) {
            moved = true;
            told.accept("waiting for the answer, " + progress.tablesDone() + " of "
                    + CoffeeTable.results().size() + " tables");
        } else if (frame instanceof Refused refused) {
            throw refusal(refused);
        }
    }

    private boolean onAnswer(Path json, ClientLink link) throws IOException {
        boolean isComplete = onFiles(() -> {
            boolean complete = AnswerFiles.write(plan.session(), json, directory);
            Files.delete(json);
            return complete;
        });
        try {
            link.send(new Fetched());
            // The gateway closes once it has forgotten the session.
            List<GatewayFrame> more = link.receive();
            told.accept("the gateway says more than it should: " + more.size());
        } catch (IOException closed) {
            // The answer is here; a gateway that did not hear of it forgets the session by itself.
            return isComplete;
        }
        return isComplete;
    }
}

package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import dev.recado.client.Unconfirmed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of a producer: sends without waiting for each confirmation and counts what is confirmed. The command's
 * thread may wait for the broker at any place; a thread of its own tells what for. {@link #stop} comes from a signal
 * and gives what is on its way a moment; whoever comes to the end first tells the result.
 */
final class Sending implements AutoCloseable {

    private static final int REFUSALS_TOLD_MAX = 10;
    /** How long a signal waits for what is on its way: together with the rest it ends within a second. */
    private static final long STOP_MS = 400;

    /** What lines come from that has no name. */
    private static final String PIPE = "INPUT";

    /** How long the count of what is confirmed may lag behind. */
    private static final long FINISH_MS = 8_000;

    private static final long LOOK_MS = 1_000;
    /** What has not changed is told again so many looks later. */
    private static final int AGAIN_LOOKS = 10;

    /** Where every message goes. */
    record Target(String topic, String key, Map<String, String> headers, int priority) {}

    private final RecadoClient client;
    private final Terminal terminal;
    private final OutputOptions output;
    private final Target target;
    private final Progress progress;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread watch;
    private volatile boolean closed;
    /** Between the last message that is sent and the count of all. */
    private final Object gate = new Object();
    /** Sent and not counted yet; guarded by {@link #gate}. */
    private long underWay;
    /** Guarded by {@link #gate}. */
    private final SentLines lines = new SentLines();
    /** Where lines come from; null for what is made up or typed. */
    private volatile @Nullable String input;

    private volatile boolean allRead;

    /** Messages still to be made up. */
    private volatile long madeUpLeft;

    private volatile boolean unreachable;
    private int exitCode = -1;

    /** {@code stuck} is asked why a broker that is connected does not answer. */
    Sending(RecadoClient client, Terminal terminal, OutputOptions output, Target target, Supplier<String> stuck) {
        this.client = client;
        this.terminal = terminal;
        this.output = output;
        this.target = target;
        progress = Progress.ofMessages(terminal.err()::println, "sent");
        watch = new Thread(() -> watch(stuck), "recado-producer-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** Nobody is told any more what the producer waits for. */
    @Override
    public void close() {
        closed = true;
        watch.interrupt();
    }

    /** Tells, a second apart at least, what the producer waits for, until somebody says stop. */
    private void watch(Supplier<String> stuck) {
        try {
            long before = 0;
            String told = "";
            for (int looks = 0; !stopping.await(LOOK_MS, TimeUnit.MILLISECONDS); looks++) {
                long now = stored.get() + refused.get();
                Unconfirmed waiting = client.unconfirmed();
                boolean waits = waiting.count() > 0
                        && (now == before || !waiting.refusal().isEmpty());
                before = now;
                String text = waits ? waitsFor(waiting, stuck) : "";
                if (!text.equals(told) || looks % AGAIN_LOOKS == 0) {
                    told = text;
                    if (waits && !isStopping() && !closed) {
                        terminal.err().println(text);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String waitsFor(Unconfirmed waiting, Supplier<String> stuck) {
        String counts = stored.get() + " confirmed, " + waiting.count() + " not yet";
        if (!waiting.refusal().isEmpty()) {
            return "waiting, the broker refused: " + waiting.refusal() + "; trying again; " + counts;
        }
        String why = stuck.get();
        return "waiting for the broker's answer; " + counts + (why.isEmpty() ? "" : "; " + why);
    }

    /** Every line of {@code file}, or of a pipe, as it is. */
    void sendLines(LineReader in, @Nullable Path file) throws IOException {
        input = file == null ? PIPE : file.toString();
        byte[] line = in.next();
        while (line != null && !isStopping()) {
            send(line);
            progress.onMessage(stored.get());
            line = in.next();
        }
        allRead = line == null;
    }

    /** {@code count} messages of an invented text, one every {@code intervalMs}. */
    void sendMadeUp(long count, long intervalMs) throws InterruptedException {
        madeUpLeft = count;
        for (long i = 1; i <= count && !isStopping(); i++) {
            madeUpLeft = count - i;
            String text = "message " + i;
            CompletableFuture<MessageId> id = send(text.getBytes(StandardCharsets.UTF_8));
            progress.onMessage(stored.get());
            if (intervalMs > 0) {
                tell(id, text);
                if (i < count && stopping.await(intervalMs, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }
    }

    /** What a person types, until {@code q}. */
    void converse(LineReader in) throws IOException {
        terminal.println("Type a message and press Enter to send it; q quits.");
        prompt();
        for (byte[] line = in.next(); line != null && !isStopping(); line = in.next()) {
            String text = new String(line, StandardCharsets.UTF_8).strip();
            if (text.equals("q")) {
                return;
            }
            if (!text.isEmpty()) {
                tell(send(withoutReturn(line)), text);
            }
            prompt();
        }
    }

    private void prompt() throws IOException {
        terminal.out().write("> ".getBytes(StandardCharsets.UTF_8));
        terminal.out().flush();
    }

    private static byte[] withoutReturn(byte[] line) {
        boolean trailing = line.length > 0 && line[line.length - 1] == '\r';
        return trailing ? Arrays.copyOf(line, line.length - 1) : line;
    }

    private void tell(CompletableFuture<MessageId> id, String text) {
        try {
            MessageId where = id.join();
            if (!output.isJson()) {
                terminal.println("stored " + where + ": " + text);
            }
        } catch (CompletionException e) {
            // Counted and told by the sending itself.
            return;
        }
    }

    private CompletableFuture<MessageId> send(byte[] payload) {
        long line;
        synchronized (gate) {
            if (isStopping()) {
                return CompletableFuture.failedFuture(new IllegalStateException("stopping"));
            }
            underWay++;
            line = lines.onSent();
        }
        try {
            return client.publish(target.topic(), target.key(), target.headers(), target.priority(), payload)
                    .handle((id, failure) -> count(line, id, failure));
        } catch (RuntimeException notSent) {
            synchronized (gate) {
                lines.onNotSent();
                underWay--;
                gate.notifyAll();
            }
            throw notSent;
        }
    }

    private MessageId count(long line, MessageId id, @Nullable Throwable failure) {
        if (failure == null) {
            stored.incrementAndGet();
        } else {
            onRefused(failure);
        }
        onCounted(line, failure == null);
        if (failure != null) {
            throw new CompletionException(failure);
        }
        return id;
    }

    private void onCounted(long line, boolean isStored) {
        synchronized (gate) {
            lines.onCounted(line, isStored);
            underWay--;
            gate.notifyAll();
        }
    }

    /** What is confirmed is counted by another thread a moment later. */
    private boolean awaitCounted(long endNanos) {
        synchronized (gate) {
            while (underWay > 0) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                if (leftMs <= 0) {
                    return false;
                }
                try {
                    gate.wait(leftMs);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void onRefused(Throwable failure) {
        RecadoException why = RecadoClient.unwrap(failure);
        unreachable |= why.kind() == RecadoException.Kind.UNREACHABLE;
        if (refused.incrementAndGet() <= REFUSALS_TOLD_MAX) {
            terminal.err().println("not stored: " + why.text());
        }
    }

    /** A signal: no more is sent; what is on its way has a moment. Answers the exit code. */
    int stop() {
        synchronized (gate) {
            stopping.countDown();
        }
        return conclude();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Waits for what is unconfirmed, tells how much it was, and answers the exit code. */
    int finish() {
        boolean quiet = false;
        while (!quiet && !isStopping() && client.failure() == null) {
            quiet = client.awaitConfirmed(LOOK_MS);
        }
        return conclude();
    }

    private int conclude() {
        long waitMs = isStopping() ? STOP_MS : FINISH_MS;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        client.awaitConfirmed(waitMs);
        awaitCounted(end);
        return tell();
    }

    /** The first that comes tells how it ended. */
    private synchronized int tell() {
        if (exitCode >= 0) {
            return exitCode;
        }
        Unconfirmed left = client.unconfirmed();
        long confirmed = stored.get();
        long taken;
        synchronized (gate) {
            taken = underWay;
        }
        long unknown = Math.min(left.sent(), taken);
        long unsent = taken - unknown + (isStopping() ? madeUpLeft : 0);
        if (output.isJson()) {
            double seconds = progress.seconds();
            terminal.println(Json.object(out -> {
                out.writeNumberField("stored", confirmed);
                out.writeNumberField("refused", refused.get());
                out.writeNumberField("unknown", unknown);
                out.writeNumberField("unsent", unsent);
                out.writeNumberField("seconds", seconds);
                out.writeNumberField("rate", Math.round(confirmed / seconds));
            }));
        } else {
            terminal.println(progress.text(confirmed));
        }
        boolean good = taken == 0 && refused.get() == 0;
        if (!good || unsent > 0) {
            terminal.err()
                    .println(confirmed + " confirmed, " + refused.get() + " refused, " + unknown + " unknown, " + unsent
                            + " unsent");
        }
        tellLines(good, unknown);
        exitCode = good ? ExitCode.DONE : unreachable ? ExitCode.UNREACHABLE : ExitCode.FAILED;
        return exitCode;
    }

    /** Somebody who ends a pipe in which all went well knows that there may be more. */
    private void tellLines(boolean good, long unknown) {
        List<String> told;
        String from = input;
        synchronized (gate) {
            if (from != null && !allRead && !(good && from.equals(PIPE))) {
                lines.onLeft();
            }
            told = lines.report(unknown, from, target.topic());
        }
        told.forEach(terminal.err()::println);
    }
}

package dev.recado.cli;

import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The work of a producer: sends without waiting for each confirmation and counts what is confirmed. {@link #finish} may
 * be called by the command and by a signal; the first does the work.
 */
final class Sending {

    private static final int REFUSALS_TOLD_MAX = 10;
    private static final long STOP_MS = 8_000;

    /** Where every message goes. */
    record Target(String topic, String key, Map<String, String> headers) {}

    private final RecadoClient client;
    private final Terminal terminal;
    private final OutputOptions output;
    private final Target target;
    private final Progress progress;
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** Between the last message that is sent and the count of all. */
    private final Object gate = new Object();
    /** Sent and not counted yet; guarded by {@link #gate}. */
    private long underWay;

    private volatile boolean unreachable;
    private int exitCode = -1;

    Sending(RecadoClient client, Terminal terminal, OutputOptions output, Target target) {
        this.client = client;
        this.terminal = terminal;
        this.output = output;
        this.target = target;
        progress = new Progress(terminal, "sent");
    }

    /** Every line of a pipe or a file, as it is. */
    void sendLines(LineReader in) throws IOException {
        for (byte[] line = in.next(); line != null && !isStopping(); line = in.next()) {
            send(line);
            progress.onMessage(stored.get());
        }
    }

    /** {@code count} messages of an invented text, one every {@code intervalMs}. */
    void sendMadeUp(long count, long intervalMs) throws InterruptedException {
        for (long i = 1; i <= count && !isStopping(); i++) {
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
        synchronized (gate) {
            if (isStopping()) {
                return CompletableFuture.failedFuture(new IllegalStateException("stopping"));
            }
            underWay++;
        }
        try {
            return client.publish(target.topic(), target.key(), target.headers(), payload)
                    .handle(this::count);
        } catch (RuntimeException notSent) {
            onCounted();
            throw notSent;
        }
    }

    private MessageId count(MessageId id, @Nullable Throwable failure) {
        if (failure == null) {
            stored.incrementAndGet();
        } else {
            onRefused(failure);
        }
        onCounted();
        if (failure != null) {
            throw new CompletionException(failure);
        }
        return id;
    }

    private void onCounted() {
        synchronized (gate) {
            underWay--;
            gate.notifyAll();
        }
    }

    /** What is confirmed is counted by another thread a moment later. */
    private boolean awaitCounted() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MS);
        synchronized (gate) {
            while (underWay > 0) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
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

    /** A signal: no more is sent; what is on its way is waited for. Answers the exit code. */
    int stop() {
        synchronized (gate) {
            stopping.countDown();
        }
        return finish();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Waits for what is unconfirmed, tells how much it was, and answers the exit code. */
    synchronized int finish() {
        if (exitCode >= 0) {
            return exitCode;
        }
        boolean quiet = client.awaitConfirmed(isStopping() ? STOP_MS : Long.MAX_VALUE / 1_000_000) && awaitCounted();
        long count = stored.get();
        if (output.isJson()) {
            double seconds = progress.seconds();
            terminal.println(Json.object(out -> {
                out.writeNumberField("stored", count);
                out.writeNumberField("refused", refused.get());
                out.writeNumberField("seconds", seconds);
                out.writeNumberField("rate", Math.round(count / seconds));
            }));
        } else {
            terminal.println(progress.text(count));
        }
        boolean good = quiet && refused.get() == 0;
        if (!good) {
            terminal.err().println(refused.get() + " not stored" + (quiet ? "" : ", some unconfirmed"));
        }
        exitCode = good ? RecadoCli.DONE : unreachable ? RecadoCli.UNREACHABLE : RecadoCli.FAILED;
        return exitCode;
    }
}

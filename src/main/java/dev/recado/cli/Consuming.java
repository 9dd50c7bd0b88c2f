package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.client.Delivery;
import dev.recado.client.MessageHandler;
import dev.recado.client.RecadoClient;
import dev.recado.client.Subscription;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of a consumer: writes messages out, one a line, and acknowledges them once they have left the process. The
 * handler's methods run on the subscription's thread, the rest on the command's; {@link #stop} on any.
 */
final class Consuming implements MessageHandler, Closeable {

    /** The broker's word for a reader that others have to wait for. */
    private static final String SLOW = "slow";

    private static final String SLOW_EXPLAINED = "slow, its large messages were not read at 1 MiB/s while others waited"
            + " for the memory; what it held returned to the group";
    private static final long LOOK_MS = 50;
    private static final long LEAVE_MS = 5_000;

    /**
     * What to do with each message and when to end.
     *
     * @param countMax messages after which to end; 0 for never
     * @param idleExitMs milliseconds without a message after which to end; 0 for never
     */
    record Settings(boolean json, ConsumerCommand.Ack ack, long countMax, long idleExitMs) {
        boolean acknowledges() {
            return ack != ConsumerCommand.Ack.none;
        }
    }

    private final OutputStream out;
    private final Progress progress;
    private final Settings settings;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Delivery> written = new ArrayList<>();
    private volatile long count;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean writing;
    private volatile @Nullable String failure;

    Consuming(OutputStream out, Progress progress, Settings settings) {
        this.out = out;
        this.progress = progress;
        this.settings = settings;
    }

    @Override
    public void onMessage(Delivery delivery) {
        if (isDone()) {
            return;
        }
        try {
            write(settings.json() ? json(delivery).getBytes(StandardCharsets.UTF_8) : delivery.payload());
        } catch (IOException e) {
            fail(e);
            return;
        }
        if (settings.ack() == ConsumerCommand.Ack.each) {
            written.add(delivery);
        }
        if (isDone()) {
            onDrained();
        }
    }

    /**
     * What is acknowledged has been written out before; what is written out may come again after a crash, and no more.
     * The last are acknowledged together with the end of the subscription.
     */
    @Override
    public void onDrained() {
        writing = true;
        try {
            out.flush();
        } catch (IOException e) {
            fail(e);
        } finally {
            endWriting();
        }
        if (!isDone()) {
            written.forEach(Delivery::ack);
            written.clear();
        }
    }

    private void fail(IOException why) {
        failure = "cannot write: " + why.getMessage();
        done.countDown();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes: the handler's
    private void write(byte[] line) throws IOException {
        writing = true;
        try {
            out.write(line);
            out.write('\n');
        } finally {
            endWriting();
        }
        count++;
        progress.onMessage(count);
        if (settings.countMax() > 0 && count >= settings.countMax()) {
            done.countDown();
        }
    }

    private static String json(Delivery delivery) {
        return Json.object(json -> {
            json.writeStringField("id", delivery.id().toString());
            json.writeNumberField("attempt", delivery.attempt());
            Instant published = delivery.publishedAt();
            if (published != null) {
                json.writeNumberField("time", published.toEpochMilli());
            }
            json.writeStringField("key", delivery.key());
            Json.writeMap(json, "headers", delivery.headers());
            Json.writePayload(json, delivery.payload());
        });
    }

    /**
     * Waits until there is enough, or nothing comes, or somebody says stop; then leaves, and waits until everything
     * that was acknowledged is on the broker's disk.
     *
     * @param enough asked again and again on the caller's thread; must not block
     */
    void run(Subscription subscription, BooleanSupplier enough) throws InterruptedException {
        await(subscription, enough);
        CompletableFuture<Void> left = subscription.closeDurably(() -> failure == null ? written : List.of());
        if (failure != null) {
            return;
        }
        String why;
        try {
            left.get(LEAVE_MS, TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException e) {
            why = RecadoClient.unwrap(e).text();
        } catch (TimeoutException e) {
            why = "no answer within " + LEAVE_MS + " ms";
        }
        if (settings.acknowledges() && count > 0) {
            failure = "the last acknowledgements may be lost, then their messages come again: " + why;
        }
    }

    private void await(Subscription subscription, BooleanSupplier enough) throws InterruptedException {
        subscription.ended().thenAccept(reason -> {
            if (!isDone()) {
                failure = "the broker ended the subscription: " + (reason.equals(SLOW) ? SLOW_EXPLAINED : reason);
                done.countDown();
            }
        });
        // Until here it had nothing to wait for.
        lastNanos = System.nanoTime();
        while (!done.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            if (isIdle() || enough.getAsBoolean()) {
                done.countDown();
            }
        }
    }

    /** A slow reader of the output is not a lack of messages. */
    private void endWriting() {
        lastNanos = System.nanoTime();
        writing = false;
    }

    private boolean isIdle() {
        return !writing
                && settings.idleExitMs() > 0
                && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos) >= settings.idleExitMs();
    }

    private boolean isDone() {
        return done.getCount() == 0;
    }

    /** Closes the output, unless a write to it goes on for ever: to close would wait for that. */
    @Override
    public void close() throws IOException {
        if (!writing) {
            out.close();
        }
    }

    /** A signal: ends after the message at hand; the process then ends by itself. */
    int stop() {
        done.countDown();
        return -1;
    }

    String summary() {
        return progress.text(count);
    }

    /** The exit code; tells what failed. */
    int exitCode(Terminal terminal) {
        String why = failure;
        if (why == null) {
            return ExitCode.DONE;
        }
        terminal.err().println("recado consumer: " + why);
        return ExitCode.FAILED;
    }
}

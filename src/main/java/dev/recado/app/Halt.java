package dev.recado.app;

import dev.recado.base.HeapExhausted;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once, as {@code kill -9} would, with one line that says why: for failures after which what is in
 * memory is not to be trusted. What was confirmed is on disk and is found there at the next start. Any thread.
 */
final class Halt {

    private static final Logger LOG = LoggerFactory.getLogger(Halt.class);
    /** Made early: nothing may be allocated when the heap is exhausted. */
    private static final byte[] HEAP_EXHAUSTED =
            ("recado failed: the Java heap is exhausted; what was confirmed is on disk."
                            + " Give it more with -Xmx, or lower message.bytes-max or sessions.connections-max\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final CountDownLatch TOLD = new CountDownLatch(1);
    private static final long TELLING_S_MAX = 5;

    private Halt() {}

    /** Has failures that reach nobody end the process where the heap is exhausted, and be logged elsewhere. */
    static void onUncaught() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> onStray(failure));
    }

    /** A failure that nobody caught. */
    static void onStray(Throwable failure) {
        if (HeapExhausted.is(failure)) {
            now(failure);
        } else {
            LOG.error("failure that nobody caught", failure);
        }
    }

    static void now(Throwable cause) {
        try {
            if (BEGUN.compareAndSet(false, true)) {
                tell(cause);
            } else {
                TOLD.await(TELLING_S_MAX, TimeUnit.SECONDS); // the first one ends the process
            }
        } catch (Throwable untold) {
            // Ending matters more than telling.
        } finally {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    private static void tell(Throwable cause) throws IOException {
        if (HeapExhausted.is(cause)) {
            ERR.write(HEAP_EXHAUSTED);
        } else {
            ERR.write(("recado failed: " + cause + "\n").getBytes(StandardCharsets.UTF_8));
            LOG.error("the broker cannot go on and ends at once", cause);
        }
    }
}

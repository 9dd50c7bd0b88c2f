package dev.recado.app;

import dev.recado.base.ExitCode;
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

    private static final Runtime RUNTIME = Runtime.getRuntime();
    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final CountDownLatch TOLD = new CountDownLatch(1);
    private static final long TELLING_S_MAX = 5;

    private Halt() {}

    /** Has failures that reach nobody end the process where the heap is exhausted, and be logged elsewhere. */
    static void onUncaught() {
        rehearse();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> onStray(failure));
    }

    /** Goes the way to the end but for its last step: what is used there first allocates, for classes and texts. */
    private static void rehearse() {
        try {
            BEGUN.compareAndSet(false, true);
            tell(new OutOfMemoryError("none"), 0);
            BEGUN.set(false);
            Class.forName("java.lang.Shutdown");
        } catch (IOException | ClassNotFoundException unusual) {
            LOG.warn("the way to a sudden end could not be prepared", unusual);
        }
    }

    /** A failure that nobody caught. */
    static void onStray(Throwable failure) {
        try {
            if (HeapExhausted.is(failure)) {
                now(failure);
            } else {
                LOG.error("failure that nobody caught", failure);
            }
        } catch (Throwable second) {
            now(second); // thrown from here, it would leave a process without one of its threads
        }
    }

    static void now(Throwable cause) {
        try {
            if (BEGUN.compareAndSet(false, true)) {
                tell(cause, HEAP_EXHAUSTED.length);
            } else {
                TOLD.await(TELLING_S_MAX, TimeUnit.SECONDS); // the first one ends the process
            }
        } catch (Throwable untold) {
            // Ending matters more than telling.
        } finally {
            RUNTIME.halt(ExitCode.FAILED);
        }
    }

    private static void tell(Throwable cause, int length) throws IOException {
        if (HeapExhausted.is(cause)) {
            ERR.write(HEAP_EXHAUSTED, 0, length);
        } else {
            ERR.write(("recado failed: " + cause + "\n").getBytes(StandardCharsets.UTF_8));
            LOG.error("the broker cannot go on and ends at once", cause);
        }
    }
}

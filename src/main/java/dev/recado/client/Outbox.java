package dev.recado.client;

import dev.recado.base.ByteWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Commands on their way to the socket: callers append under the session's lock, the writer thread swaps the buffer
 * against an empty one and writes it whole. While one write runs the next gathers, so that a write carries what there
 * is.
 *
 * <p>What is urgent (publishes, calls) wakes the writer; what is not (acknowledgements) waits at most 0.5 ms for
 * company.
 */
final class Outbox {

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int KEEP_BYTES_MAX = 4 << 20;
    private static final long GATHER_NANOS = 500_000;

    private final Condition ready;
    private ByteWriter filling = new ByteWriter(BUFFER_BYTES);
    private ByteWriter spare = new ByteWriter(BUFFER_BYTES);
    private boolean urgent;
    private boolean writerIdle;
    private boolean writerGathers;

    Outbox(Lock lock) {
        ready = lock.newCondition();
    }

    /** Where to append; follow it by {@link #appended}. */
    ByteWriter buffer() {
        return filling;
    }

    void appended(boolean isUrgent) {
        boolean wake = writerIdle || writerGathers && isUrgent && !urgent;
        urgent |= isUrgent;
        if (wake) {
            writerIdle = false;
            ready.signal();
        }
    }

    /** Forgets what was not taken: it belonged to a connection that is gone. */
    void clear() {
        filling.clear(KEEP_BYTES_MAX);
        urgent = false;
    }

    /** Wakes the writer without work, to look at the session's state. */
    void wake() {
        ready.signalAll();
    }

    /** Waits for bytes, at most {@code waitMs}; answers them, possibly none. Only the writer calls it. */
    @SuppressWarnings("WaitNotInLoop") // one look is enough: the writer's own loop calls again
    ByteWriter take(long waitMs) throws InterruptedException {
        if (filling.size() == 0) {
            writerIdle = true;
            ready.await(waitMs, TimeUnit.MILLISECONDS);
            writerIdle = false;
        }
        if (filling.size() > 0 && !urgent && filling.size() < BUFFER_BYTES) {
            writerGathers = true;
            ready.awaitNanos(GATHER_NANOS);
            writerGathers = false;
        }
        ByteWriter taken = filling;
        filling = spare;
        spare = taken;
        urgent = false;
        return taken;
    }

    /** The writer is done with what it took. */
    void release(ByteWriter taken) {
        taken.clear(KEEP_BYTES_MAX);
    }
}

package dev.recado.bench;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One sending thread: gives each of its publishers a turn and sleeps until the next message is due or until something
 * that a publisher waited for has happened.
 */
final class SenderLoop implements Runnable {

    private final RunState run;
    private final List<Sender> senders;

    private final AtomicLong behindNanos = new AtomicLong();

    SenderLoop(RunState run, List<Sender> senders) {
        this.run = run;
        this.senders = List.copyOf(senders);
    }

    @Override
    public void run() {
        try {
            while (!run.isStopped()) {
                long waitNanos = turn() - System.nanoTime();
                if (waitNanos > 0) {
                    LockSupport.parkNanos(this, waitNanos);
                }
            }
        } catch (RuntimeException | Error e) {
            run.fail("sending thread failed: " + e);
        }
    }

    private long turn() {
        long nowNanos = System.nanoTime();
        long againNanos = Long.MAX_VALUE;
        long behind = 0;
        for (Sender sender : senders) {
            againNanos = Math.min(againNanos, sender.onTurn(nowNanos));
            behind = Math.max(behind, sender.behindNowNanos());
        }
        if (behind > behindNanos.getPlain()) {
            behindNanos.accumulateAndGet(behind, Math::max);
        }
        return againNanos;
    }

    /** How far the most delayed publisher was behind its schedule since the last call; for the reporting thread. */
    long takeBehindNanos() {
        return behindNanos.getAndSet(0);
    }

    /** After the thread has ended. */
    List<Sender> senders() {
        return senders;
    }
}

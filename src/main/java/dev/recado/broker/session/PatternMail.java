package dev.recado.broker.session;

import dev.recado.shard.PatternBlock;
import dev.recado.shard.ShardCounters;
import dev.recado.shard.ShardLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies on their way from other loops to the queues of pattern subscriptions of one loop. Bounded: while the loop does
 * not come to take them, the oldest are dropped and counted by who sends more. Safe for use by any loop.
 */
public final class PatternMail {

    /** Bytes that are taken in before others get their turn. */
    private static final long TAKEN_AT_ONCE = 1024 * 1024;

    private final ShardLoop loop;
    private final ConcurrentLinkedQueue<Letter> letters = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private record Letter(PatternBlock block, BoundPattern[] queues) {}

    PatternMail(ShardLoop loop) {
        this.loop = loop;
    }

    /** On their way. */
    public long bytes() {
        return bytes.get();
    }

    /** Sends {@code block} to {@code queues} of the loop; {@code sender} counts what is dropped for it. */
    void send(PatternBlock block, BoundPattern[] queues, long bytesMax, ShardCounters sender) {
        letters.add(new Letter(block, queues));
        long now = bytes.addAndGet(block.bytes().length);
        while (now > bytesMax && now > block.bytes().length) {
            Letter oldest = letters.poll();
            if (oldest == null) {
                break;
            }
            sender.dropped((long) oldest.block().count() * oldest.queues().length);
            now = bytes.addAndGet(-oldest.block().bytes().length);
        }
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(this::deliver);
        }
    }

    private void deliver() {
        scheduled.set(false);
        long taken = 0;
        Letter letter = letters.poll();
        while (letter != null) {
            taken += letter.block().bytes().length;
            put(letter.block(), letter.queues());
            bytes.addAndGet(-letter.block().bytes().length);
            letter = taken < TAKEN_AT_ONCE ? letters.poll() : null;
        }
        if (!letters.isEmpty()) {
            schedule();
        }
    }

    /** Appends {@code block} to {@code queues} of the current loop; those that have ended meanwhile miss it. */
    static void put(PatternBlock block, BoundPattern[] queues) {
        for (BoundPattern queue : queues) {
            queue.queue().commit(block);
        }
    }
}

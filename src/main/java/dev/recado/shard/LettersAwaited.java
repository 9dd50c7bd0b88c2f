package dev.recado.shard;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is about to delete a topic and waits until the dead letters of one of its partitions are where they belong. Not
 * for those that are refused there, which wait in their group for who knows how long, nor for longer than {@link
 * #WAIT_MS_MAX}: what is on its way then is lost with its topic, and the log says so. Owned by the partition's loop.
 */
final class LettersAwaited {

    static final long WAIT_MS_MAX = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(LettersAwaited.class);

    private final PartitionContext owner;
    private final OpenGroups groups;
    /** In the order in which they came; at most one for each deletion that is asked for. */
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(1);

    private record Waiter(Runnable task, long sinceMs) {}

    LettersAwaited(PartitionContext owner, OpenGroups groups) {
        this.owner = owner;
        this.groups = groups;
    }

    void await(Runnable task) {
        waiters.add(new Waiter(task, nowMs()));
        owner.tickSoon();
        look();
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    void look() {
        boolean settled = !groups.anyDeadLetters() || groups.anyRefusedLetters();
        while (!waiters.isEmpty() && (settled || nowMs() - waiters.element().sinceMs() >= WAIT_MS_MAX)) {
            tellLoss();
            waiters.remove().task().run();
        }
    }

    /** The partition is gone. */
    void end() {
        while (!waiters.isEmpty()) {
            waiters.remove().task().run();
        }
    }

    private void tellLoss() {
        int left = groups.deadLetterCount();
        if (left > 0) {
            LOG.warn(
                    "a topic is deleted and dead letters are lost with it that are refused or late"
                            + " topic={} partition={} count={}",
                    owner.topic().name(),
                    owner.partition().index(),
                    left);
        }
    }

    private long nowMs() {
        return owner.view().time().monotonicMs();
    }
}

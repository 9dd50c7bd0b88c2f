package dev.recado.shard;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is about to delete a topic, or a group, and waits until its dead letters of one partition are where they belong.
 * Not for those that are refused there, which wait in their group for who knows how long, nor for longer than {@link
 * #WAIT_MS_MAX}: what is on its way then is lost with its group, and the log says so. Owned by the partition's loop.
 */
final class LettersAwaited {

    static final long WAIT_MS_MAX = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(LettersAwaited.class);

    private final PartitionContext owner;
    private final OpenGroups groups;
    /** In the order in which they came; at most one for each deletion that is asked for. */
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(1);

    /** For the letters of one group, or of all. */
    private record Waiter(int group, Runnable task, long sinceMs) {}

    LettersAwaited(PartitionContext owner, OpenGroups groups) {
        this.owner = owner;
        this.groups = groups;
    }

    /** {@code group} is the number of one, or {@link PartitionCommand.AwaitLetters#OF_ALL}. */
    void await(int group, Runnable task) {
        waiters.add(new Waiter(group, task, nowMs()));
        owner.tickSoon();
        look();
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    void look() {
        // Each at most once: what runs may have another one wait.
        for (int left = waiters.size(); left > 0 && !waiters.isEmpty(); left--) {
            Waiter waiter = waiters.remove();
            if (isOver(waiter)) {
                tellLoss(waiter);
                waiter.task().run();
            } else {
                waiters.add(waiter);
            }
        }
    }

    private boolean isOver(Waiter waiter) {
        return groups.deadLetterCount(waiter.group()) == 0
                || groups.anyRefusedLetters(waiter.group())
                || nowMs() - waiter.sinceMs() >= WAIT_MS_MAX;
    }

    /** The partition is gone. */
    void end() {
        while (!waiters.isEmpty()) {
            waiters.remove().task().run();
        }
    }

    private void tellLoss(Waiter waiter) {
        int left = groups.deadLetterCount(waiter.group());
        if (left > 0) {
            LOG.warn(
                    "a topic or group is deleted and dead letters are lost with it that are refused or late"
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

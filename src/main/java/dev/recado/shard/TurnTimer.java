package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;

/**
 * Has a group looked at again once the turn that it keeps for a full member is over: sooner than the next tick, where
 * nothing else happens to the group. One timer at a time. Owned by the partition's loop.
 */
final class TurnTimer {

    private final ShardLoop loop;
    private final GroupNeeds needs;
    private final Runnable wake;
    private boolean running;

    TurnTimer(ShardLoop loop, GroupNeeds needs, Runnable wake) {
        this.loop = loop;
        this.needs = needs;
        this.wake = wake;
    }

    /** Called after the group was asked for the last message of a turn. */
    void look(long nowMs) {
        long untilMs = needs.turnKeptUntilMs();
        if (untilMs != Long.MAX_VALUE && !running) {
            running = true;
            loop.after(Math.max(1, untilMs - nowMs), () -> {
                running = false;
                wake.run();
            });
        }
    }
}

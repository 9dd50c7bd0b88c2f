package dev.recado.core.group;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A group of three: messages are handed out in turn, then acknowledged one by one in the order of delivery. */
@State(Scope.Thread)
public class PartitionGroupBench {

    private static final int MESSAGES = 300;
    private static final int MEMBERS = 3;

    private final PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
    private final int[] holders = new int[MESSAGES];
    private long nowMs;

    public PartitionGroupBench() {
        for (int member = 0; member < MEMBERS; member++) {
            group.join(member, MESSAGES);
        }
    }

    /** Per message. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long roundRobin() {
        nowMs++;
        long first = group.end();
        group.onEnd(first + MESSAGES);
        for (int i = 0; i < MESSAGES; i++) {
            long offset = group.next(nowMs);
            holders[i] = group.assign(offset, 0, nowMs);
        }
        for (int i = 0; i < MESSAGES; i++) {
            group.ack(holders[i], first + i, first + i);
        }
        return group.floor();
    }
}

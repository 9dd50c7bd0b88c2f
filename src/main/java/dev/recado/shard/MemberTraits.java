package dev.recado.shard;

/**
 * What a member's owner has to know of its subscription.
 *
 * @param pulls it asks for each message
 * @param spends it gets no credit back for what leaves its hands
 * @param trails others' turns go first where they have room
 * @param partitions in how many of the topic's partitions it takes part
 * @param priority those of a higher one are handed messages first
 * @param exclusive it wants to be the only member
 */
public record MemberTraits(
        boolean pulls, boolean spends, boolean trails, int partitions, int priority, boolean exclusive) {

    /** Of a member like most: of that many partitions. */
    static MemberTraits usual(int partitions) {
        return new MemberTraits(false, false, false, partitions, 0, false);
    }
}

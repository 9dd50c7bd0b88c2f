package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;

/**
 * The credit of a group's members on one partition: gives and lends it, and sees to it that a member that spends its
 * credit (see {@link MemberTraits#spends}) gets none back for what leaves its hands. Owned by the partition's loop.
 */
final class Credits {

    private final GroupOwner owner;
    private final PartitionGroup group;

    Credits(GroupOwner owner) {
        this.owner = owner;
        this.group = owner.group();
    }

    void add(Member member, int messages) {
        withdraw(member);
        group.addCredit(member.slot(), messages);
        note(member);
        owner.wake();
    }

    /** Gives up half of the credit that {@code member} does not use (at least one) and answers how much that is. */
    int lend(Member member) {
        withdraw(member);
        int free = group.freeCredit(member.slot());
        int lent = free == 0 || group.ready() > 0 ? 0 : group.addCredit(member.slot(), -Math.max(1, free / 2));
        note(member);
        return lent;
    }

    /** Before messages are handed out: what came back to the credit of who spends it is taken away. */
    void withdraw(Member member) {
        int back = member.spends() ? group.freeCredit(member.slot()) - member.unspent() : 0;
        if (back > 0) {
            group.addCredit(member.slot(), -back);
        }
    }

    /** After messages were handed out. */
    void note(Member member) {
        if (member.spends()) {
            member.unspent(group.freeCredit(member.slot()));
        }
    }
}

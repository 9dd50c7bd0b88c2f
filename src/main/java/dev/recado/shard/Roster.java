package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The members of one group on one partition by their slots, small numbers that are given again. One owner. */
final class Roster {

    private final HandedShare handed;
    private @Nullable Member[] members = new Member[4];
    private int count;
    private long lastNumber;

    /** {@code handed} counts what its members hold. */
    Roster(HandedShare handed) {
        this.handed = handed;
    }

    int count() {
        return count;
    }

    @Nullable
    Member get(int slot) {
        return slot < members.length ? members[slot] : null;
    }

    Member add(MemberPort port, Receipts session, MemberTraits traits) {
        int slot = freeSlot();
        Member member = new Member(port, session, traits, slot, ++lastNumber, handed);
        members[slot] = member;
        count++;
        return member;
    }

    private int freeSlot() {
        for (int slot = 0; slot < members.length; slot++) {
            if (members[slot] == null) {
                return slot;
            }
        }
        members = Arrays.copyOf(members, members.length * 2);
        return members.length / 2;
    }

    /** Somebody is in that slot. */
    void remove(int slot) {
        Member member = members[slot];
        if (member != null) {
            member.end();
        }
        members[slot] = null;
        count--;
    }

    void clear() {
        forEach(Member::end);
        Arrays.fill(members, null);
        count = 0;
    }

    /** In the order of the slots; {@code action} may remove the member that it is given. */
    void forEach(Consumer<Member> action) {
        for (Member member : members) {
            if (member != null) {
                action.accept(member);
            }
        }
    }

    /** A subscription of several partitions is silent on all of them where a lease of it ended on one. */
    void tellSilence(PartitionGroup group, int partitionIndex) {
        forEach(member -> {
            if (group.isSilent(member.slot()) && !member.silenceTold(true)) {
                member.port().onSilent(partitionIndex);
            }
        });
    }

    /** Tells members that pull of what waits for them, and asks the others' subscriptions for credit where it does. */
    void tellOfWaiting(PartitionGroup group, int partitionIndex, long nowMs) {
        forEach(member -> {
            if (member.pulls() && member.shallNotify(group.ready(), nowMs)) {
                member.port().available(group.ready());
            } else if (!member.pulls() && member.traits().partitions() > 1) {
                askForCredit(group, member, partitionIndex, nowMs);
            }
        });
    }

    /** A member whose credit here is used up while messages wait asks its other partitions, at most once a tick. */
    private static void askForCredit(PartitionGroup group, Member member, int partitionIndex, long nowMs) {
        if (group.ready() > 0
                && group.freeCredit(member.slot()) == 0
                && !group.isSilent(member.slot())
                && member.shallAsk(nowMs)) {
            member.port().onHungry(partitionIndex);
        }
    }
}

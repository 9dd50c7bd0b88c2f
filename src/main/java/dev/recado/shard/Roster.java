package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The members of one group on one partition by their slots, small numbers that are given again. One owner. */
final class Roster {

    private final HandedShare handed;
    private static final @Nullable Member[] NOBODY = {};

    private @Nullable Member[] members = NOBODY;
    private int count;
    private long lastNumber;

    /** {@code handed} counts what its members hold. */
    Roster(HandedShare handed) {
        this.handed = handed;
    }

    int count() {
        return count;
    }

    /** Whether a member that has not ceased wants to be the only one. */
    boolean hasExclusive() {
        for (Member member : members) {
            if (member != null && member.traits().exclusive() && !member.hasCeased()) {
                return true;
            }
        }
        return false;
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
        int slot = members.length;
        members = Arrays.copyOf(members, Math.max(4, slot * 2));
        return slot;
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

    /** When {@link #tellOfWaiting} has something to say, or a member may be found in the way. */
    long dueMs(PartitionGroup group) {
        long dueMs = DueTimes.NEVER;
        for (Member member : members) {
            if (member != null) {
                dueMs = Math.min(dueMs, dueMs(group, member));
            }
        }
        return dueMs;
    }

    private static long dueMs(PartitionGroup group, Member member) {
        if (member.holdsLarge() || isHungry(group, member)) {
            return DueTimes.NEXT_TICK;
        }
        return member.pulls() && !member.hasCeased() ? member.notifyAtMs(group.ready()) : DueTimes.NEVER;
    }

    /** Tells members that pull of what waits for them, and asks the others' subscriptions for credit where it does. */
    void tellOfWaiting(PartitionGroup group, int partitionIndex, long nowMs) {
        forEach(member -> {
            if (member.pulls() && !member.hasCeased() && member.shallNotify(group.ready(), nowMs)) {
                member.port().available(group.ready());
            } else if (isHungry(group, member) && member.shallAsk(nowMs)) {
                member.port().onHungry(partitionIndex);
            }
        });
    }

    /** A member whose credit here is used up while messages wait asks its other partitions, at most once a tick. */
    private static boolean isHungry(PartitionGroup group, Member member) {
        return !member.pulls()
                && !member.hasCeased()
                && member.traits().partitions() > 1
                && group.ready() > 0
                && group.freeCredit(member.slot()) == 0
                && !group.isSilent(member.slot());
    }
}

package dev.recado.shard;

import dev.recado.core.group.LastChances;
import dev.recado.core.group.PartitionGroup;

/**
 * Has members that take part in several partitions hold nothing elsewhere before this one hands them a message alone,
 * and keeps them free here while another one does. Between the partitions goes the subscription.
 * Owned by the partition's loop.
 */
final class LoneDelivery {

    private final GroupOwner owner;
    private final LastChances chances;
    private final Roster roster;
    private long questions;

    LoneDelivery(GroupOwner owner, Roster roster) {
        this.owner = owner;
        this.chances = new LastChances(owner.group());
        this.roster = roster;
    }

    /** What the group is to know of a member that has joined. */
    void onJoin(Member member) {
        if (member.traits().trails()) {
            chances.trails(member.slot());
        } else if (member.traits().partitions() > 1) {
            chances.share(member.slot());
        }
    }

    /** Whether the member holds a message that goes alone: it gets no other one meanwhile. */
    boolean isHeldBy(Member member) {
        return chances.holdsAlone(member.slot());
    }

    /**
     * Behind what was assigned in a turn: asks for who drains, and gives back who is no longer wanted or has done with
     * it. Who was given back is asked for again in another turn, so that other partitions have one too.
     */
    void settle() {
        int wanted = chances.drains();
        if (wanted == PartitionGroup.NONE && questions == 0) {
            return;
        }
        int partition = owner.partition().partition().index();
        roster.forEach(member -> {
            boolean wants = member.slot() == wanted;
            if (member.asksAlone() == 0) {
                if (wants && member.traits().partitions() > 1) {
                    member.asksAlone(++questions);
                    member.port().wantAlone(partition, questions);
                }
            } else if (!member.usesAlone(isHeldBy(member), wants)) {
                member.asksAlone(0);
                chances.grant(member.slot(), false);
                member.port().endAlone(partition);
                owner.wake();
            }
        });
    }

    /** The member holds nothing elsewhere; void where the question was taken back meanwhile. */
    void grant(Member member, long question) {
        if (member.asksAlone() == question) {
            chances.grant(member.slot(), true);
            owner.wake();
        }
    }

    /** Another partition wants the member alone: it is told once the member holds nothing here. */
    void reserve(Member member, Member.Reservation by) {
        chances.reserve(member.slot(), true);
        member.reserved(by);
        owner.wake();
    }

    void release(Member member) {
        chances.reserve(member.slot(), false);
        member.reserved(null);
        owner.wake();
    }
}

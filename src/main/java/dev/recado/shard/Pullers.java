package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;

/** Members of one group on one partition that ask for each message. Owned by the partition's loop. */
final class Pullers {

    private static final int STEPS_MAX = 4_096;

    private final GroupOwner owner;
    private final PartitionGroup group;
    private final Finder finder;
    private final HandOut handOut;
    private final MessageView view;

    Pullers(GroupOwner owner, Finder finder, HandOut handOut) {
        this.owner = owner;
        this.group = owner.group();
        this.finder = finder;
        this.handOut = handOut;
        this.view = owner.partition().shard().messageView();
    }

    /**
     * Leases one message to a pulling member and brings it, or null where none is ready; maybe later, in the order of
     * the pulls: as with deliveries, at most 1 MiB or one message is in between before the socket took it.
     */
    void pull(Member member, long ticket) {
        pull(member, true, ticket);
    }

    /** Whether the member has left, or has ceased and is answered so. */
    private boolean isOver(Member member, long ticket) {
        boolean gone = owner.member(member.slot()) != member;
        if (!gone && member.hasCeased()) {
            member.port().onPulled(ticket, null);
        }
        return gone || member.hasCeased();
    }

    private void pull(Member member, boolean isFresh, long ticket) {
        int slot = member.slot();
        if (isOver(member, ticket)) {
            return;
        }
        if (isFresh) {
            owner.hear(member);
        }
        if (member.isPaused() || owner.alone().isHeldBy(member) || isFresh && member.hasLater()) {
            member.later(() -> pull(member, false, ticket));
            return;
        }
        if (!owner.partition().isSorted(() -> pull(member, false, ticket))) {
            return;
        }
        long offset = group.pull(slot, owner.now());
        for (int step = 0; offset != PartitionGroup.NONE; step++) {
            if (step == STEPS_MAX) {
                owner.partition().shard().loop().execute(() -> pull(member, false, ticket));
                return;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER) {
                finder.whenFound(() -> pull(member, false, ticket));
                return;
            }
            if (outcome == Finder.Outcome.DAMAGED) {
                break;
            }
            if (outcome == Finder.Outcome.FOUND && !handOut.isExpired()) {
                if (!handOut.mayHand()) {
                    member.later(() -> pull(member, false, ticket));
                    return;
                }
                boolean keyed = owner.def().settings().strategy() == Strategy.KEY_ORDERED;
                if (!group.assignTo(offset, slot, keyed ? finder.cursor().keyHash(view, offset) : 0, owner.now())) {
                    handOut.handBack();
                    offset = group.pull(slot, owner.now());
                    continue;
                }
                DeliveryBatch batch =
                        new DeliveryBatch(owner.partition().partition().index(), 1);
                int length = handOut.addTo(batch, offset);
                long max = owner.partition().view().settings().handedBytesMax();
                member.onHanded(finder.cursor().run().bytes(), length, max);
                member.port().onPulled(ticket, batch);
                owner.onProgress();
                owner.partition().tickSoon();
                return;
            }
            if (outcome == Finder.Outcome.MISSING) {
                owner.finish(offset);
            } else if (!Deaths.expire(owner, offset)) {
                break;
            }
            offset = group.pull(slot, owner.now());
        }
        member.shallNotify(0, owner.now());
        member.port().onPulled(ticket, null);
    }
}

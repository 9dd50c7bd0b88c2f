package dev.recado.shard;

import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.TopicFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a partition and its groups stand, in figures. Called on the partition's loop. */
final class Standing {

    private Standing() {}

    /**
     * As it is now.
     *
     * @param oldestMs what {@link OldestTimes} found a moment ago
     */
    static PartitionSums of(PartitionOwner owner, Map<Integer, Long> oldestMs) {
        List<TopicFigures.GroupFigures> groups = new ArrayList<>();
        for (GroupOwner open : owner.groups().counted()) {
            if (open.def().isReader()) {
                continue;
            }
            PartitionGroup group = open.group();
            groups.add(new TopicFigures.GroupFigures(
                    open.def(),
                    open.memberCount(),
                    group.silentCount(),
                    new TopicFigures.Unfinished(
                            group.floor(),
                            group.backlog(),
                            group.ready(),
                            group.leased(),
                            group.waiting() + group.deadLettering()),
                    new TopicFigures.Totals(
                            group.totals().delivered(),
                            group.totals().acked(),
                            group.totals().redelivered(),
                            group.totals().deadLettered()),
                    new TopicFigures.Held(open.needs().heldBytes(), open.isHeldBack() ? 1 : 0),
                    group.backlog() == 0
                            ? -1
                            : oldestMs(owner, oldestMs.get(open.def().id()), group.floor())));
        }
        return new PartitionSums(
                new TopicFigures.PartitionFigures(
                        owner.partition().index(),
                        owner.partition().shard(),
                        owner.logStart(),
                        owner.end(),
                        owner.backlog().perSecond(owner.view().time().monotonicMs())),
                new PartitionSums.Stored(storedBytes(owner), owner.spill().diskBytes()),
                owner.backlog().unfinished(),
                owner.groups().isEmpty() && owner.backlog().unfinished() > 0
                        ? oldestMs(
                                owner,
                                oldestMs.get(OldestTimes.NO_GROUP),
                                owner.backlog().floor())
                        : -1,
                owner.backlog().dropped(),
                owner.backlog().expired(),
                groups);
    }

    /** The first {@code countMax} members of a group, by their slots. */
    static List<MemberFigures> members(PartitionOwner owner, int groupId, int countMax) {
        List<MemberFigures> members = new ArrayList<>();
        GroupOwner open = owner.group(groupId);
        if (open != null) {
            open.forEachMember(member -> {
                if (members.size() < countMax) {
                    members.add(member(owner.partition().index(), open.group(), member));
                }
            });
        }
        return members;
    }

    private static MemberFigures member(int partitionIndex, PartitionGroup group, Member member) {
        MemberHolder holder = member.port().holder();
        return new MemberFigures(
                partitionIndex,
                holder.session(),
                holder.consumer(),
                new MemberFigures.Wish(
                        member.pulls(),
                        member.traits().priority(),
                        member.traits().exclusive()),
                new MemberFigures.Load(
                        group.credit(member.slot()), group.inFlight(member.slot()), member.handedBytes()),
                new MemberFigures.State(member.isPaused(), group.isSilent(member.slot()), member.hasCeased()));
    }

    /** Bytes in segments, or in memory where that is all there is. */
    private static long storedBytes(PartitionOwner owner) {
        long inMemory = owner.tail().bytes();
        return owner.inMemoryOnly()
                ? inMemory + owner.spill().diskBytes()
                : Math.max(
                        inMemory, owner.view().stored().bytes(owner.partition().id()));
    }

    /** What came meanwhile is in memory. */
    private static long oldestMs(PartitionOwner owner, @Nullable Long foundMs, long floor) {
        StoredRun run = owner.tail().find(floor);
        return foundMs != null ? foundMs : run != null ? run.publishTimeMs() : -1;
    }
}

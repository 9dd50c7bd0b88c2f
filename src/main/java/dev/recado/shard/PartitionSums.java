package dev.recado.shard;

import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of one partition at one moment, and their sum over a topic. */
public record PartitionSums(
        TopicFigures.PartitionFigures partition,
        long bytes,
        long backlog,
        long dropped,
        long expired,
        List<TopicFigures.GroupFigures> groups) {

    public static TopicFigures add(@Nullable Topic now, Topic asked, Collection<PartitionSums> sums) {
        long kept = 0;
        long bytes = 0;
        long backlog = 0;
        long dropped = 0;
        long expired = 0;
        List<TopicFigures.PartitionFigures> partitions = new ArrayList<>();
        Map<Integer, TopicFigures.GroupFigures> groups = new LinkedHashMap<>();
        for (PartitionSums sum : sums) {
            kept += sum.partition().end() - sum.partition().logStart();
            bytes += sum.bytes();
            backlog += sum.backlog();
            dropped += sum.dropped();
            expired += sum.expired();
            partitions.add(sum.partition());
            for (TopicFigures.GroupFigures group : sum.groups()) {
                groups.merge(group.group().id(), group, PartitionSums::add);
            }
        }
        List<TopicFigures.GroupFigures> sorted = new ArrayList<>(groups.values());
        sorted.sort((left, right) -> left.group().name().compareTo(right.group().name()));
        return new TopicFigures(now == null ? asked : now, kept, bytes, backlog, dropped, expired, partitions, sorted);
    }

    private static TopicFigures.GroupFigures add(TopicFigures.GroupFigures left, TopicFigures.GroupFigures right) {
        GroupDef def = left.group();
        return new TopicFigures.GroupFigures(
                def,
                Math.max(left.members(), right.members()),
                Math.max(left.silent(), right.silent()),
                -1,
                left.backlog() + right.backlog(),
                left.ready() + right.ready(),
                left.leased() + right.leased(),
                left.waiting() + right.waiting(),
                left.delivered() + right.delivered(),
                left.acked() + right.acked(),
                left.redelivered() + right.redelivered(),
                left.deadLettered() + right.deadLettered(),
                left.heldBytes() + right.heldBytes(),
                left.heldBack() + right.heldBack(),
                earlier(left.oldestMs(), right.oldestMs()));
    }

    private static long earlier(long leftMs, long rightMs) {
        return leftMs < 0 || rightMs < 0 ? Math.max(leftMs, rightMs) : Math.min(leftMs, rightMs);
    }
}

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

/**
 * The figures of one partition at one moment, and their sum over a topic.
 *
 * @param oldestMs publish time of the first message of {@code backlog} where there is no group, else -1
 */
public record PartitionSums(
        TopicFigures.PartitionFigures partition,
        Stored stored,
        long backlog,
        long oldestMs,
        long dropped,
        long expired,
        List<TopicFigures.GroupFigures> groups) {

    /**
     * Bytes of its messages.
     *
     * @param bytes in memory or in segments
     * @param spilled those that a memory topic has on the disk
     */
    public record Stored(long bytes, long spilled) {}

    public static TopicFigures add(@Nullable Topic now, Topic asked, Collection<PartitionSums> sums) {
        long kept = 0;
        long bytes = 0;
        long spilled = 0;
        long backlog = 0;
        long oldestMs = -1;
        long dropped = 0;
        long expired = 0;
        List<TopicFigures.PartitionFigures> partitions = new ArrayList<>();
        Map<Integer, TopicFigures.GroupFigures> groups = new LinkedHashMap<>();
        for (PartitionSums sum : sums) {
            kept += sum.partition().end() - sum.partition().logStart();
            bytes += sum.stored().bytes();
            spilled += sum.stored().spilled();
            backlog += sum.backlog();
            oldestMs = earlier(oldestMs, sum.oldestMs());
            dropped += sum.dropped();
            expired += sum.expired();
            partitions.add(sum.partition());
            for (TopicFigures.GroupFigures group : sum.groups()) {
                groups.merge(group.group().id(), group, PartitionSums::add);
                oldestMs = earlier(oldestMs, group.oldestMs());
            }
        }
        List<TopicFigures.GroupFigures> sorted = new ArrayList<>(groups.values());
        sorted.sort((left, right) -> left.group().name().compareTo(right.group().name()));
        return new TopicFigures(
                now == null ? asked : now,
                new TopicFigures.Counts(kept, bytes, spilled, backlog, oldestMs, dropped, expired),
                partitions,
                sorted);
    }

    private static TopicFigures.GroupFigures add(TopicFigures.GroupFigures left, TopicFigures.GroupFigures right) {
        GroupDef def = left.group();
        return new TopicFigures.GroupFigures(
                def,
                Math.max(left.members(), right.members()),
                Math.max(left.silent(), right.silent()),
                new TopicFigures.Unfinished(
                        -1,
                        left.unfinished().backlog() + right.unfinished().backlog(),
                        left.unfinished().ready() + right.unfinished().ready(),
                        left.unfinished().leased() + right.unfinished().leased(),
                        left.unfinished().waiting() + right.unfinished().waiting()),
                new TopicFigures.Totals(
                        left.totals().delivered() + right.totals().delivered(),
                        left.totals().acked() + right.totals().acked(),
                        left.totals().redelivered() + right.totals().redelivered(),
                        left.totals().deadLettered() + right.totals().deadLettered()),
                new TopicFigures.Held(
                        left.held().bytes() + right.held().bytes(),
                        left.held().back() + right.held().back()),
                earlier(left.oldestMs(), right.oldestMs()));
    }

    private static long earlier(long leftMs, long rightMs) {
        return leftMs < 0 || rightMs < 0 ? Math.max(leftMs, rightMs) : Math.min(leftMs, rightMs);
    }
}

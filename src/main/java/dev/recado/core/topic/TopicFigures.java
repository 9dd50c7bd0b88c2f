package dev.recado.core.topic;

import java.util.List;

/**
 * A topic's figures at one moment; counts are messages.
 */
public record TopicFigures(Topic topic, Counts counts, List<PartitionFigures> partitions, List<GroupFigures> groups) {

    /**
     * Of all partitions together.
     *
     * @param kept messages stored and not trimmed
     * @param bytes bytes of them as far as they are in memory or in segments
     * @param spilled those that a memory topic has on the disk
     * @param backlog messages that some group has not finished; where there never was a group, all
     * @param oldestMs publish time of the oldest of these, in ms since 1970; -1 where there are none, or it cannot be
     *     read
     * @param dropped messages given up for {@code overflow=drop-oldest} since the start, counted for each group
     * @param expired messages that lived for longer than they may since the start, counted for each group
     */
    public record Counts(
            long kept, long bytes, long spilled, long backlog, long oldestMs, long dropped, long expired) {}

    /**
     * One partition: offsets from {@code logStart} to {@code end} (exclusive) are readable.
     *
     * @param ratePerSecond messages published in the last 10 to 20 s, a second
     */
    public record PartitionFigures(int index, int shard, long logStart, long end, double ratePerSecond) {}

    /** Messages published in the last 10 to 20 s, a second, over all partitions. */
    public double ratePerSecond() {
        return partitions.stream().mapToDouble(PartitionFigures::ratePerSecond).sum();
    }

    /**
     * One group over all partitions.
     *
     * @param silent members whose lease ended and that gave no sign of life since
     * @param oldestMs publish time of the oldest message that it has not finished, in ms since 1970; -1 where
     *     it has finished all, or that cannot be read
     */
    public record GroupFigures(
            GroupDef group, int members, int silent, Unfinished unfinished, Totals totals, Held held, long oldestMs) {}

    /**
     * What a group has yet to finish.
     *
     * @param floor offset of the first such message, or the end where it has finished all; -1 where the topic has
     *     several partitions, each with a floor of its own
     */
    public record Unfinished(long floor, long backlog, long ready, long leased, long waiting) {}

    /** What a group has done since the start. */
    public record Totals(long delivered, long acked, long redelivered, long deadLettered) {}

    /**
     * What a group keeps track of.
     *
     * @param bytes about how much memory it takes for what it has in hand, passed or finished out of order
     * @param back on how many partitions it hands out nothing new until some of that is settled
     */
    public record Held(long bytes, int back) {}
}

package dev.recado.core.topic;

/**
 * How large the backlog of one partition may grow: its share of its topic's limits, because each partition has an owner
 * of its own. The shares of a topic differ by at most one and sum to the limit. Immutable.
 *
 * @param messagesMax 0 for any number
 * @param bytesMax 0 for any number
 */
public record BacklogLimit(long messagesMax, long bytesMax) {

    private static final BacklogLimit NONE = new BacklogLimit(0, 0);

    /** The share of the partition with that index; at least 1 of each limit. */
    public static BacklogLimit of(TopicSettings settings, int partitionIndex) {
        if (settings.limitMessages() == 0 && settings.limitBytes() == 0) {
            return NONE;
        }
        return new BacklogLimit(
                share(settings.limitMessages(), settings.partitions(), partitionIndex),
                share(settings.limitBytes(), settings.partitions(), partitionIndex));
    }

    private static long share(long limit, int partitions, int index) {
        long share = limit / partitions + (index < limit % partitions ? 1 : 0);
        return limit == 0 ? 0 : Math.max(1, share);
    }

    /** Whether there is nothing to check. */
    public boolean isNone() {
        return messagesMax == 0 && bytesMax == 0;
    }

    /** Whether a message of that size is taken by an empty partition; one that is not must be refused, never parked. */
    public boolean canEverFit(long messageBytes) {
        return bytesMax == 0 || messageBytes <= bytesMax;
    }

    /** Messages beyond {@code backlog} that there is room for; negative where the backlog is over the limit. */
    public long roomForMessages(long backlog) {
        return messagesMax == 0 ? Long.MAX_VALUE : messagesMax - backlog;
    }

    /** As {@link #roomForMessages} in bytes. */
    public long roomForBytes(long backlogBytes) {
        return bytesMax == 0 ? Long.MAX_VALUE : bytesMax - backlogBytes;
    }
}

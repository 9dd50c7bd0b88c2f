package dev.recado.core.topic;

/**
 * How much of what is published a partition takes now: the backlog limits of its topic, shared evenly among its
 * partitions, because each partition has an owner of its own. Immutable.
 *
 * <p>{@code count} and {@code bytes} of the backlog include what is appended and not yet committed. What does not fit
 * waits ({@link Overflow#BLOCK}) or is refused ({@link Overflow#REJECT}); with {@link Overflow#DROP_OLDEST} everything
 * that can ever fit is taken, and the owner finishes the oldest messages that nobody holds while {@link #isOver}.
 *
 * @param messagesMax of one partition, 0 for none
 * @param bytesMax of one partition, 0 for none
 */
public record BacklogLimit(long messagesMax, long bytesMax, Overflow overflow) {

    public static BacklogLimit of(TopicSettings settings) {
        return new BacklogLimit(
                share(settings.limitMessages(), settings.partitions()),
                share(settings.limitBytes(), settings.partitions()),
                settings.overflow());
    }

    private static long share(long limit, int partitions) {
        return limit / partitions + (limit % partitions == 0 ? 0 : 1);
    }

    /** Whether there is nothing to check. */
    public boolean isNone() {
        return messagesMax == 0 && bytesMax == 0;
    }

    /** Whether a message of that size is taken by an empty partition; one that is not must be refused, never parked. */
    public boolean canEverFit(long messageBytes) {
        return bytesMax == 0 || messageBytes <= bytesMax;
    }

    /**
     * Whether {@code moreCount} messages of {@code moreBytes} in all are taken without waiting, refusal or a closer
     * look.
     */
    public boolean fits(long count, long bytes, long moreCount, long moreBytes) {
        if (overflow == Overflow.DROP_OLDEST) {
            return canEverFit(moreBytes);
        }
        return (messagesMax == 0 || moreCount <= messagesMax - count)
                && (bytesMax == 0 || moreBytes <= bytesMax - bytes);
    }

    /**
     * How many of the messages of a run are taken now, from its first on: order is kept, so the first that does not
     * fit ends it. A message that can never fit ends it too, whatever the overflow.
     *
     * @param lengths bytes of each message of the run, from index {@code from} to before {@code to}
     */
    public int fitting(long count, long bytes, int[] lengths, int from, int to) {
        long bytesNow = bytes;
        for (int i = from; i < to; i++) {
            if (!fits(count + (i - from), bytesNow, 1, lengths[i])) {
                return i - from;
            }
            bytesNow += lengths[i];
        }
        return to - from;
    }

    /** Whether the backlog is beyond the limit, so that {@link Overflow#DROP_OLDEST} has to drop. */
    public boolean isOver(long count, long bytes) {
        return (messagesMax != 0 && count > messagesMax) || (bytesMax != 0 && bytes > bytesMax);
    }
}

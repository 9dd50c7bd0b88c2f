package dev.recado.transport;

import dev.recado.base.Check;
import dev.recado.broker.SubscriptionLink;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * What is to be done once the socket took certain bytes: acknowledge and ask for more. Marks are noted while output is
 * encoded, sealed with the position at which it ends, and performed when {@link #onWritten} reaches that. One owner.
 */
public final class WrittenMarks {

    private final ArrayDeque<Mark> unsealed = new ArrayDeque<>(2);
    private final ArrayDeque<Mark> sealed = new ArrayDeque<>(2);

    /** Messages of one partition as pairs of first and last offset, to be acknowledged; and bytes to be reported. */
    public static final class Mark {
        private static final long[] NONE = {};

        private final SubscriptionLink subscription;
        private final int partition;
        private long[] ranges = NONE;
        private int rangeEnd;
        private long bytes;
        private long position = -1;

        private Mark(SubscriptionLink subscription, int partition) {
            this.subscription = subscription;
            this.partition = partition;
        }

        public SubscriptionLink subscription() {
            return subscription;
        }

        /** Adds an offset to acknowledge. */
        public void ack(long offset) {
            if (rangeEnd > 0 && ranges[rangeEnd - 1] + 1 == offset) {
                ranges[rangeEnd - 1] = offset;
                return;
            }
            if (rangeEnd == ranges.length) {
                ranges = Arrays.copyOf(ranges, Math.max(8, rangeEnd * 2));
            }
            ranges[rangeEnd++] = offset;
            ranges[rangeEnd++] = offset;
        }

        /** Adds stored bytes to report as written. */
        public void written(long storedBytes) {
            bytes += storedBytes;
        }

        private void perform() {
            for (int i = 0; i < rangeEnd; i += 2) {
                subscription.ackAtOnce(partition, ranges[i], ranges[i + 1]);
            }
            if (bytes > 0) {
                subscription.written(partition, bytes);
            }
        }
    }

    /** Begins a mark behind what is encoded next. */
    public Mark begin(SubscriptionLink subscription, int partition) {
        Mark mark = new Mark(subscription, partition);
        unsealed.add(mark);
        return mark;
    }

    /** What was noted so far ends at {@code position} of the session's output. */
    public void seal(long position) {
        for (Mark mark = unsealed.poll(); mark != null; mark = unsealed.poll()) {
            mark.position = position;
            sealed.add(mark);
        }
    }

    /** The socket took everything up to {@code position}. */
    public void onWritten(long position) {
        for (Mark mark = sealed.peek(); mark != null && mark.position <= position; mark = sealed.peek()) {
            Check.that(mark.position >= 0, "mark is not sealed");
            sealed.poll();
            mark.perform();
        }
    }
}

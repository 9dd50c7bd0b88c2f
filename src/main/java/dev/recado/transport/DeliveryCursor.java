package dev.recado.transport;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;

/** Deliveries of a group on their way into a session's output. One owner. */
public final class DeliveryCursor extends OutputCursor<DeliveryBatch> {

    /** How a protocol writes a delivery. */
    public interface Encoding {

        /** Appends what precedes the message itself; short. */
        void putHead(DeliveryBatch batch, int index, MessageView message, ByteWriter out);

        /** Appends the message itself. */
        void put(MessageView message, ByteWriter out);

        /** Whether nothing more is to be written for now, though there is room. */
        default boolean holdsBack() {
            return false;
        }

        /** The message itself in slices, of the array that it lies in. */
        SlicedOutput slices(MessageView message);

        /**
         * A message was encoded to its end, or cannot be read and never will be: what is to be told of it once the
         * socket took it.
         */
        void onEncoded(WrittenMarks.Mark mark, int partition, long offset);
    }

    private final Encoding encoding;
    /** Where the first batch goes on. */
    private int next;

    public DeliveryCursor(Encoding encoding, WrittenMarks marks, LargeOutput large, LoopScratch scratch) {
        super(marks, large, scratch);
        this.encoding = encoding;
    }

    @Override
    boolean encode(DeliveryBatch batch, SubscriptionLink from, ByteWriter out, int bytesMax) {
        if (large.isUnderWay() || hasToWait(batch, bytesMax)) {
            return false;
        }
        WrittenMarks.Mark mark = marks.begin(from, batch.partitionIndex());
        while (next < batch.size() && out.size() < bytesMax && !hasToWait(batch, bytesMax)) {
            put(batch, mark, out);
            next++;
        }
        if (next < batch.size() || large.isUnderWay()) {
            return false;
        }
        mark.written(batch.bytes());
        return true;
    }

    private boolean hasToWait(DeliveryBatch batch, int bytesMax) {
        return next < batch.size() && (encoding.holdsBack() || large.hasToWait(length(batch), bytesMax));
    }

    private int length(DeliveryBatch batch) {
        return MessageLayout.length(batch.run(next).bytes(), batch.position(next));
    }

    /** Appends message {@link #next}, or its head where it is large. */
    private void put(DeliveryBatch batch, WrittenMarks.Mark mark, ByteWriter out) {
        int partition = batch.partitionIndex();
        long offset = batch.offset(next);
        MessageView view = scratch.view;
        if (view.read(batch.run(next).bytes(), batch.position(next))) {
            encoding.putHead(batch, next, view, out);
            if (large.takes(length(batch))) {
                SubscriptionLink from = mark.subscription();
                Runnable onEnd = () -> encoding.onEncoded(marks.begin(from, partition), partition, offset);
                large.holdAndBegin(encoding.slices(view), view.bytes.length, onEnd);
                return;
            }
            encoding.put(view, out);
        }
        encoding.onEncoded(mark, partition, offset);
    }

    @Override
    void restart() {
        next = 0;
    }
}

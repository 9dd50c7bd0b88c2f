package dev.recado.transport;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What partitions committed, on its way into the output of a tap. Taps of one event loop that write the same share its
 * encoding. One owner.
 */
public final class TapCursor extends OutputCursor<TapBatch> {

    /** How a protocol writes what a tap gets. */
    public interface Encoding {

        /** Under which others that write the same find the encoding; null where nobody does. */
        @Nullable
        Object shareKey();

        /** Whether the tap wants a message. */
        boolean wants(MessageView message);

        /** Appends what precedes the message itself; short. */
        void putHead(TapBatch batch, StoredRun run, int index, ByteWriter out);

        /** Appends the message itself. */
        void put(MessageView message, ByteWriter out);

        /** The message itself in slices, of the array that it lies in. */
        SlicedOutput slices(MessageView message);
    }

    /** What several taps write, and where each message of it ends. */
    private record Shared(byte[] bytes, int[] ends) {
        private long heapBytes() {
            return bytes.length + (long) ends.length * Integer.BYTES;
        }
    }

    private final Encoding encoding;
    /** Chosen where a batch begins: what is wanted may change before its end. */
    private @Nullable Shared sharing;
    /** Where the first batch goes on: run, message in it, and where that lies; or which of the shared messages. */
    private int nextRun;

    private int next;
    private int nextAt;

    public TapCursor(Encoding encoding, WrittenMarks marks, LargeOutput large, LoopScratch scratch) {
        super(marks, large, scratch);
        this.encoding = encoding;
    }

    @Override
    boolean encode(TapBatch batch, SubscriptionLink from, ByteWriter out, int bytesMax) {
        if (next == 0 && nextRun == 0 && nextAt == 0) {
            sharing = shared(batch);
        }
        Shared shared = sharing;
        boolean done = shared == null ? putOwn(batch, out, bytesMax) : putShared(shared, out, bytesMax);
        if (done) {
            marks.begin(from, batch.partitionIndex()).written(batch.bytes());
        }
        return done;
    }

    /** The encoding that others of the loop use as well, or null where that does not pay. */
    private @Nullable Shared shared(TapBatch batch) {
        Object key = encoding.shareKey();
        return key == null || !batch.isShared() || batch.hasRunLongerThan(Wire.SLICE_BYTES)
                ? null
                : batch.encoded(key, this::encodeShared, Shared::heapBytes);
    }

    private Shared encodeShared(TapBatch batch) {
        ByteWriter out = scratch.freshScratch();
        int most = 0;
        for (StoredRun run : batch.runs()) {
            most += run.count();
        }
        int[] ends = new int[most];
        int count = 0;
        for (StoredRun run : batch.runs()) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                if (put(batch, run, i, at, out)) {
                    ends[count++] = out.size();
                }
                at += MessageLayout.length(run.bytes(), at);
            }
        }
        return new Shared(out.toByteArray(), count == most ? ends : Arrays.copyOf(ends, count));
    }

    /** Writes on at message {@link #next} of a shared encoding; whole messages only. */
    private boolean putShared(Shared shared, ByteWriter out, int bytesMax) {
        int[] ends = shared.ends();
        int from = next == 0 ? 0 : ends[next - 1];
        int until = from + bytesMax - out.size();
        int to = from;
        while (next < ends.length && to < until && !Wire.hasToWait(ends[next] - to, bytesMax)) {
            to = ends[next++];
        }
        out.put(shared.bytes(), from, to - from);
        return next == ends.length;
    }

    /** Encodes on at message {@link #next} of run {@link #nextRun}; answers whether to the end. */
    private boolean putOwn(TapBatch batch, ByteWriter out, int bytesMax) {
        for (; nextRun < batch.runs().size(); nextRun++) {
            StoredRun run = batch.runs().get(nextRun);
            nextAt = next == 0 ? run.messagesStart() : nextAt;
            for (; next < run.count(); next++) {
                int length = MessageLayout.length(run.bytes(), nextAt);
                if (out.size() >= bytesMax || large.hasToWait(length, bytesMax)) {
                    return false;
                }
                put(batch, run, next, nextAt, out);
                nextAt += length;
            }
            next = 0;
        }
        return !large.isUnderWay();
    }

    /** Appends a message, or its head where it is large; answers whether the tap wants it. */
    private boolean put(TapBatch batch, StoredRun run, int index, int at, ByteWriter out) {
        MessageView view = scratch.view;
        if (!view.read(run.bytes(), at) || !encoding.wants(view)) {
            return false;
        }
        encoding.putHead(batch, run, index, out);
        if (large.takes(MessageLayout.length(run.bytes(), at))) {
            large.holdAndBegin(encoding.slices(view), view.bytes.length, () -> {});
        } else {
            encoding.put(view, out);
        }
        return true;
    }

    @Override
    void restart() {
        sharing = null;
        next = 0;
        nextRun = 0;
        nextAt = 0;
    }
}

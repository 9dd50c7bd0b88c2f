package dev.recado.transport.text;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Wire;
import dev.recado.transport.WrittenMarks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One SUB of a session: what was delivered to it and is not yet encoded, and the reply addresses of what it holds. The
 * broker hands over at most 1 MiB, or one message, per partition before {@link Subscription#written} tells of more;
 * that bounds the queue. One owner.
 */
final class TextSubscription {

    private static final byte[] MSG = "MSG:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAP_ATTEMPT = ":1:".getBytes(StandardCharsets.US_ASCII);

    private static final int INBOX_CHARS_MAX = 128;
    private static final int INBOX_SLASHES = 3;

    final long sid;
    final boolean auto;
    final boolean tap;
    /** Whether each message is delivered with its publish time. */
    private final boolean timed;

    private final LoopBuffers buffers;
    private final LargeOutput large;
    private final ArrayDeque<Object> batches = new ArrayDeque<>(2);
    private final TreeMap<Held, String> replyAddresses = new TreeMap<>();
    private int held;
    private @Nullable Subscription subscription;
    /** Where the first of {@link #batches} goes on: its message. */
    private int next;
    /** Of a tap: the run, and where in it the message lies. */
    private int nextRun;

    private int nextAt;
    private boolean announced;
    private boolean ended;

    /** Names a message that is held. */
    private record Held(int partition, long offset) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            int order = Integer.compare(partition, other.partition);
            return order != 0 ? order : Long.compare(offset, other.offset);
        }
    }

    /** What several taps write, and where each message of it ends. */
    private record SharedTap(byte[] bytes, int[] ends) {
        private long heapBytes() {
            return bytes.length + (long) ends.length * Integer.BYTES;
        }
    }

    /** Under which a {@link TapBatch} keeps its encoding. */
    private record TapEncoding(long sid, boolean withPartition, boolean timed) {}

    /** {@code credit} bounds the reply addresses that are remembered; a large message is begun in {@code large}. */
    TextSubscription(
            long sid, boolean tap, boolean auto, boolean timed, int credit, LoopBuffers buffers, LargeOutput large) {
        this.large = large;
        this.sid = sid;
        this.tap = tap;
        this.auto = auto;
        this.timed = timed;
        this.held = credit;
        this.buffers = buffers;
    }

    void joined(Subscription joined) {
        subscription = joined;
    }

    /** The broker's side of it, or null before it joined and after it ended. */
    @Nullable
    Subscription active() {
        return ended ? null : subscription;
    }

    void addCredit(int more) {
        held = (int) Math.min(Integer.MAX_VALUE, (long) held + more);
    }

    /** Its OK:SUB was written: deliveries may follow. */
    void announce() {
        announced = true;
    }

    /** Nothing of it goes out any more; what waits is forgotten. */
    void end() {
        ended = true;
        batches.clear();
        replyAddresses.clear();
    }

    boolean isEnded() {
        return ended;
    }

    boolean isAnnounced() {
        return announced;
    }

    void add(Object batch) {
        if (!ended) {
            batches.add(batch);
        }
    }

    /** Whether something waits to be encoded. */
    boolean isWaiting() {
        return !batches.isEmpty();
    }

    boolean hasOutput() {
        return announced && !ended && !batches.isEmpty();
    }

    /**
     * Encodes messages until {@code out} holds {@code bytesMax}, nothing waits or a large one has begun: whole ones,
     * and the head of that.
     */
    void encode(ByteWriter out, int bytesMax, WrittenMarks marks) {
        Subscription from = subscription;
        while (from != null && !batches.isEmpty() && out.size() < bytesMax) {
            Object batch = batches.peek();
            boolean done = true;
            if (batch instanceof DeliveryBatch deliveries) {
                done = encode(deliveries, from, out, bytesMax, marks);
            } else if (batch instanceof TapBatch tapped) {
                boolean withPartition = from.partitionCount() > 1;
                done = tapped.isShared() && !tapped.hasRunLongerThan(Wire.SLICE_BYTES)
                        ? putShared(tapped, withPartition, out, bytesMax)
                        : encodeTap(tapped, withPartition, out, bytesMax);
                if (done) {
                    marks.begin(from, tapped.partitionIndex()).written(tapped.bytes());
                }
            }
            if (!done) {
                break;
            }
            batches.poll();
            next = 0;
            nextRun = 0;
            nextAt = 0;
        }
    }

    private boolean hasToWait(DeliveryBatch batch, int bytesMax) {
        return large.isUnderWay() || next < batch.size() && hasToWait(length(batch), bytesMax);
    }

    private int length(DeliveryBatch batch) {
        return MessageLayout.length(batch.run(next).bytes(), batch.position(next));
    }

    private static boolean hasToWait(int length, int bytesMax) {
        return !Wire.isLarge(length) && Wire.hasToWait(length, bytesMax);
    }

    private boolean encode(DeliveryBatch batch, Subscription from, ByteWriter out, int bytesMax, WrittenMarks marks) {
        int partition = batch.partitionIndex();
        boolean withPartition = from.partitionCount() > 1;
        if (hasToWait(batch, bytesMax)) {
            return false;
        }
        WrittenMarks.Mark mark = auto || next == 0 ? marks.begin(from, partition) : null;
        while (next < batch.size() && out.size() < bytesMax && !hasToWait(batch, bytesMax)) {
            long offset = batch.offset(next);
            boolean isLarge = Wire.isLarge(length(batch));
            MessageView view = buffers.view;
            StoredRun run = batch.run(next);
            if (view.read(run.bytes(), batch.position(next))) {
                out.put(MSG).putDecimal(sid).put(':');
                MessageIdText.write(out, withPartition ? 2 : 1, partition, offset);
                out.put(':').putDecimal(batch.attempt(next)).put(':');
                putTime(out, run);
                rememberReplyAddress(view, partition, offset);
                if (isLarge) {
                    begin(view, () -> onWhole(from, partition, offset, marks));
                } else {
                    writeContent(out, view, buffers.reader);
                }
            }
            if (auto && mark != null && !large.isUnderWay()) {
                mark.ack(offset);
            }
            next++;
        }
        boolean done = next == batch.size() && !large.isUnderWay();
        if (done) {
            (mark == null ? marks.begin(from, partition) : mark).written(batch.bytes());
        }
        return done;
    }

    private void begin(MessageView view, Runnable onEnd) {
        large.holdAndBegin(TextSlices.content(view, buffers), view.bytes.length, onEnd);
    }

    /** A large message is encoded to its end. */
    private void onWhole(Subscription from, int partition, long offset, WrittenMarks marks) {
        if (auto) {
            marks.begin(from, partition).ack(offset);
        }
    }

    /** Writes on at message {@link #next} of the encoding that taps with this number share; whole messages only. */
    private boolean putShared(TapBatch batch, boolean withPartition, ByteWriter out, int bytesMax) {
        SharedTap tap = batch.encoded(
                new TapEncoding(sid, withPartition, timed),
                unused -> encodeTap(batch, withPartition),
                SharedTap::heapBytes);
        if (tap == null) {
            return encodeTap(batch, withPartition, out, bytesMax);
        }
        int from = next == 0 ? 0 : tap.ends[next - 1];
        int until = from + bytesMax - out.size();
        int start = from;
        while (next < tap.ends.length && start < until && !Wire.hasToWait(tap.ends[next] - start, bytesMax)) {
            start = tap.ends[next++];
        }
        if (next > 0) {
            out.put(tap.bytes, from, tap.ends[next - 1] - from);
        }
        return next == tap.ends.length;
    }

    private SharedTap encodeTap(TapBatch batch, boolean withPartition) {
        int count = 0;
        for (StoredRun run : batch.runs()) {
            count += run.count();
        }
        ByteWriter scratch = buffers.freshScratch();
        int[] ends = new int[count];
        int message = 0;
        for (StoredRun run : batch.runs()) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                putTapped(batch, run, i, at, withPartition, scratch);
                ends[message++] = scratch.size();
                at += MessageLayout.length(run.bytes(), at);
            }
        }
        return new SharedTap(scratch.toByteArray(), ends);
    }

    /** Encodes on at message {@link #next} of run {@link #nextRun}; answers whether to the end. */
    private boolean encodeTap(TapBatch batch, boolean withPartition, ByteWriter out, int bytesMax) {
        for (; nextRun < batch.runs().size(); nextRun++) {
            StoredRun run = batch.runs().get(nextRun);
            nextAt = next == 0 ? run.messagesStart() : nextAt;
            for (; next < run.count(); next++) {
                int length = MessageLayout.length(run.bytes(), nextAt);
                if (out.size() >= bytesMax || large.isUnderWay() || hasToWait(length, bytesMax)) {
                    return false;
                }
                putTapped(batch, run, next, nextAt, withPartition, out);
                nextAt += length;
            }
            next = 0;
        }
        return !large.isUnderWay();
    }

    private void putTapped(TapBatch batch, StoredRun run, int index, int at, boolean withPartition, ByteWriter out) {
        MessageView view = buffers.view;
        if (view.read(run.bytes(), at)) {
            out.put(MSG).putDecimal(sid).put(':');
            MessageIdText.write(out, withPartition ? 2 : 1, batch.partitionIndex(), run.baseOffset() + index);
            out.put(TAP_ATTEMPT);
            putTime(out, run);
            if (Wire.isLarge(MessageLayout.length(run.bytes(), at))) {
                begin(view, () -> {});
            } else {
                writeContent(out, view, buffers.reader);
            }
        }
    }

    /** Writes {@code time:} where the subscription asked for it. */
    private void putTime(ByteWriter out, StoredRun run) {
        if (timed) {
            out.putDecimal(Math.max(0, run.publishTimeMs())).put(':');
        }
    }

    /** Writes {@code [key:headers:]bytes⏎payload⏎}. */
    private static void writeContent(ByteWriter out, MessageView view, ByteReader reader) {
        if (view.keyLength > 0 || view.headersLength > 0) {
            PercentCodec.encode(out, view.bytes, view.keyStart, view.keyLength);
            out.put(':');
            WireHeaders.toWire(view.bytes, view.headersStart, view.headersLength, out, reader);
            out.put(':');
        }
        out.putDecimal(view.payloadLength).put('\n');
        out.put(view.bytes, view.payloadStart, view.payloadLength).put('\n');
    }

    private void rememberReplyAddress(MessageView view, int partition, long offset) {
        if (view.headersLength == 0) {
            return;
        }
        String address = Headers.find(view.bytes, view.headersStart, view.headersLength, Headers.REPLY_TO);
        if (address == null || !isInbox(address)) {
            return;
        }
        replyAddresses.put(new Held(partition, offset), address);
        if (replyAddresses.size() > held) {
            // Some lease ended without our hearing of it; the lowest is the likeliest.
            replyAddresses.pollFirstEntry();
        }
    }

    /**
     * Whether an address has the form that the broker gives, {@code node/loop/token/correlation}. Any other reaches
     * nobody and is not worth its memory: a publisher may write 64 KiB into that header.
     */
    static boolean isInbox(String address) {
        int firstSlash = address.indexOf('/');
        if (firstSlash < 1 || address.length() > INBOX_CHARS_MAX) {
            return false;
        }
        int slashes = 0;
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            boolean slash = c == '/';
            slashes += slash ? 1 : 0;
            boolean digit = c >= '0' && c <= '9' || c == '-';
            if (c >= 127 || i > firstSlash && !slash && !digit) {
                return false;
            }
        }
        return slashes == INBOX_SLASHES;
    }

    /** The address that a held message wants its answer at, or null. */
    @Nullable
    String replyAddress(int partition, long offset) {
        return replyAddresses.get(new Held(partition, offset));
    }

    /** The messages from {@code first} to {@code last} are no longer held. */
    void settled(int partition, long first, long last) {
        if (!replyAddresses.isEmpty()) {
            replyAddresses
                    .subMap(new Held(partition, first), true, new Held(partition, last), true)
                    .clear();
        }
    }
}

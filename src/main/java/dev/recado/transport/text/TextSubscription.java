package dev.recado.transport.text;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.PercentCodec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.transport.DeliveryCursor;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.OutputCursor;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.TapCursor;
import dev.recado.transport.WrittenMarks;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One SUB of a session: what was delivered to it and is not yet encoded, how it is encoded, and the reply addresses of
 * what it holds. One owner.
 */
final class TextSubscription implements DeliveryCursor.Encoding, TapCursor.Encoding {

    /** What a SUB asked for beside its topic and group. */
    record Wish(boolean tap, boolean auto, boolean timed, int credit) {}

    /** Where a session writes what it is given. */
    record Target(LoopBuffers buffers, LargeOutput large, WrittenMarks marks) {}

    private static final byte[] MSG = "MSG:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAP_ATTEMPT = ":1:".getBytes(StandardCharsets.US_ASCII);

    /** Reply addresses that are remembered for what is held without a bound. */
    private static final int ADDRESSES_MAX = ConsumeCommands.CREDIT_MAX;

    private static final int INBOX_CHARS_MAX = 128;
    private static final int INBOX_SLASHES = 3;

    final long sid;
    final boolean tap;
    private final boolean auto;
    /** Whether each message is delivered with its publish time. */
    private final boolean timed;

    private final LoopBuffers buffers;
    /** One of the two, as it is a tap or not. */
    private final @Nullable DeliveryCursor deliveries;

    private final @Nullable TapCursor tapped;
    private final TreeMap<Held, String> replyAddresses = new TreeMap<>();
    private int held;
    private @Nullable SubscriptionLink subscription;
    /** Whether ids of its messages say the partition. */
    private boolean withPartition;

    private final List<Promise<Void>> awaiting = new ArrayList<>(0);
    private boolean announced;
    private boolean ceased;
    private boolean ended;

    /** Names a message that is held. */
    private record Held(int partition, long offset) implements Comparable<Held> {
        @Override
        public int compareTo(Held other) {
            int order = Integer.compare(partition, other.partition);
            return order != 0 ? order : Long.compare(offset, other.offset);
        }
    }

    /** Under which a {@link TapBatch} keeps its encoding. */
    private record TapEncoding(long sid, boolean withPartition, boolean timed) {}

    /** The credit of {@code wish} bounds the reply addresses that are remembered, at most {@link #ADDRESSES_MAX}. */
    TextSubscription(long sid, Wish wish, Target target) {
        this.sid = sid;
        tap = wish.tap();
        auto = wish.auto();
        timed = wish.timed();
        held = Math.min(wish.credit(), ADDRESSES_MAX);
        buffers = target.buffers();
        tapped = tap ? new TapCursor(this, target.marks(), target.large(), buffers.scratch) : null;
        deliveries = tap ? null : new DeliveryCursor(this, target.marks(), target.large(), buffers.scratch);
    }

    void joined(SubscriptionLink joined) {
        subscription = joined;
        withPartition = joined.partitionCount() > 1;
    }

    /** The broker's side of it, or null before it joined and after it ended. */
    @Nullable
    SubscriptionLink active() {
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
        cursor().clear();
        replyAddresses.clear();
        tellSent();
    }

    /** Nothing more comes: {@code sent} completes once what came is encoded. */
    void onCeased(Promise<Void> sent) {
        ceased = true;
        whenSent(sent);
    }

    boolean hasCeased() {
        return ceased;
    }

    /** Completes {@code sent} once nothing of it waits to be encoded. */
    void whenSent(Promise<Void> sent) {
        awaiting.add(sent);
        tellSent();
    }

    private void tellSent() {
        if (!awaiting.isEmpty() && !isWaiting()) {
            List<Promise<Void>> told = List.copyOf(awaiting);
            awaiting.clear(); // who is told may end it
            told.forEach(sent -> sent.tryComplete());
        }
    }

    boolean isEnded() {
        return ended;
    }

    boolean isAnnounced() {
        return announced;
    }

    private OutputCursor<?> cursor() {
        OutputCursor<?> mine = tapped == null ? deliveries : tapped;
        if (mine == null) {
            throw new AssertionError("a subscription without a cursor sid=" + sid);
        }
        return mine;
    }

    /** Takes what the broker handed over, for a tap or not. */
    void add(Object batch) {
        if (ended) {
            return;
        }
        if (tapped != null && batch instanceof TapBatch taps) {
            tapped.add(taps);
        } else if (deliveries != null && batch instanceof DeliveryBatch leased) {
            deliveries.add(leased);
        } else {
            throw new AssertionError("a batch of another kind of subscription sid=" + sid);
        }
    }

    /** Whether something waits to be encoded. */
    boolean isWaiting() {
        return !cursor().isEmpty();
    }

    boolean hasOutput() {
        return announced && !ended && isWaiting();
    }

    /** As {@link OutputCursor#encode}. */
    void encode(ByteWriter out, int bytesMax) {
        SubscriptionLink from = subscription;
        if (from != null) {
            cursor().encode(from, out, bytesMax);
            tellSent();
        }
    }

    @Override
    public void putHead(DeliveryBatch batch, int index, MessageView message, ByteWriter out) {
        int partition = batch.partitionIndex();
        long offset = batch.offset(index);
        putId(out, partition, offset);
        out.put(':').putDecimal(batch.attempt(index)).put(':');
        putTime(out, batch.run(index));
        rememberReplyAddress(message, partition, offset);
    }

    @Override
    public void putHead(TapBatch batch, StoredRun run, int index, ByteWriter out) {
        putId(out, batch.partitionIndex(), run.baseOffset() + index);
        out.put(TAP_ATTEMPT);
        putTime(out, run);
    }

    private void putId(ByteWriter out, int partition, long offset) {
        out.put(MSG).putDecimal(sid).put(':');
        MessageIdText.write(out, withPartition ? 2 : 1, partition, offset);
    }

    @Override
    public void put(MessageView message, ByteWriter out) {
        writeContent(out, message, buffers.reader);
    }

    @Override
    public SlicedOutput slices(MessageView message) {
        return TextSlices.content(message, buffers);
    }

    @Override
    public void onEncoded(WrittenMarks.Mark mark, int partition, long offset) {
        if (auto) {
            mark.ack(offset);
        }
    }

    @Override
    public Object shareKey() {
        return new TapEncoding(sid, withPartition, timed);
    }

    @Override
    public boolean wants(MessageView message) {
        return true;
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

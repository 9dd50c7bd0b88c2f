package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.Topic;
import dev.recado.transport.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber: a filtered tap on the topic. What it wants is a set, as the frames of ZeroMQ mean it: one cancellation
 * ends a subscription, however often it was made. Subscribers of one loop that want the same share the encoding. One
 * owner.
 */
final class XpubTraffic extends ConsumingTraffic<TapBatch> {

    /** Bytes of prefixes that one subscriber may have. */
    private static final long PREFIX_BYTES_MAX = 1024 * 1024;

    /** Under which others that want the same find the encoding; null where that is not likely. */
    private @Nullable Object shareKey;

    /** Where the first of the batches goes on: run, message in it, and where that lies. */
    private int nextRun;

    private @Nullable Shared sharing;
    private int next;
    private int nextAt;

    /** What several subscribers write, and where each message of it ends. */
    private record Shared(byte[] bytes, int[] ends) {
        private long heapBytes() {
            return bytes.length + (long) ends.length * Integer.BYTES;
        }
    }

    /** Names the encoding of what begins with a prefix, the empty one: of everything. */
    private record ShareKey(ByteBuffer prefix) {}

    XpubTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session);
    }

    @Override
    SubscribeSpec spec(Topic topic) {
        return SubscribeSpec.filteredTap(topic.name().name(), environment.settings.slowSubscriber());
    }

    /** A message of one frame that begins with 1 or 0 is a subscription; others travel upstream and end here. */
    @Override
    void onMessage(MessageDecoder message) {
        if (message.frameCount() == 1 && message.length(0) > 0) {
            int first = message.bytes()[message.start(0)];
            if (first == 0 || first == 1) {
                onSubscription(message.bytes(), message.start(0) + 1, message.length(0) - 1, first == 1);
            }
        }
    }

    @Override
    void onSubscription(byte[] bytes, int from, int length, boolean wanted) {
        Subscription mine = subscription();
        if (mine == null) {
            return;
        }
        byte[] prefix = Arrays.copyOfRange(bytes, from, from + length);
        if (!wanted) {
            mine.unwant(prefix);
        } else if (!mine.wanted().contains(prefix) && isTooMuch(mine.wanted(), length)) {
            session.end("too many subscriptions, limit=" + environment.settings.subscriptionsMax() + " and "
                    + PREFIX_BYTES_MAX + " bytes");
            return;
        } else {
            Refusal refusal = mine.want(prefix);
            if (refusal != null) {
                session.end(refusal.detail());
                return;
            }
        }
        shareKey = shareKey(mine.wanted());
    }

    private boolean isTooMuch(PrefixSet wanted, int more) {
        return wanted.size() >= environment.settings.subscriptionsMax() || wanted.bytes() + more > PREFIX_BYTES_MAX;
    }

    private static @Nullable Object shareKey(PrefixSet wanted) {
        if (wanted.isEmpty()) {
            return null;
        }
        byte[] least = wanted.iterator().next();
        return least.length == 0 || wanted.size() == 1 ? new ShareKey(ByteBuffer.wrap(least)) : null;
    }

    @Override
    public void onTapped(Subscription from, TapBatch batch) {
        take(batch);
    }

    @Override
    void encode(ByteWriter out, int bytesMax) {
        Subscription from = subscription();
        while (from != null && !batches.isEmpty() && out.size() < bytesMax) {
            TapBatch batch = batches.element();
            if (isAtStart()) {
                sharing = shared(batch, from.wanted());
            }
            Shared shared = sharing;
            boolean done =
                    shared == null ? putOwn(batch, from.wanted(), out, bytesMax) : putShared(shared, out, bytesMax);
            if (!done) {
                return;
            }
            marks.begin(from, batch.partitionIndex()).written(batch.bytes());
            batches.remove();
            sharing = null;
            next = 0;
            nextRun = 0;
            nextAt = 0;
        }
    }

    private boolean isAtStart() {
        return next == 0 && nextRun == 0 && nextAt == 0;
    }

    /** The encoding that others of the loop use as well, or null where that does not pay. */
    private @Nullable Shared shared(TapBatch batch, PrefixSet wanted) {
        Object key = shareKey;
        return key == null || !batch.isShared() || batch.hasRunLongerThan(Wire.SLICE_BYTES)
                ? null
                : batch.encoded(key, unused -> encodeShared(batch, wanted), Shared::heapBytes);
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

    private Shared encodeShared(TapBatch batch, PrefixSet wanted) {
        ByteWriter scratch = environment.freshScratch();
        int[] ends = new int[64];
        int count = 0;
        for (StoredRun run : batch.runs()) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                if (putIfWanted(run, at, wanted, scratch)) {
                    if (count == ends.length) {
                        ends = Arrays.copyOf(ends, count * 2);
                    }
                    ends[count++] = scratch.size();
                }
                at += MessageLayout.length(run.bytes(), at);
            }
        }
        return new Shared(scratch.toByteArray(), Arrays.copyOf(ends, count));
    }

    /** Encodes on at message {@link #next} of run {@link #nextRun}; answers whether to the end. */
    private boolean putOwn(TapBatch batch, PrefixSet wanted, ByteWriter out, int bytesMax) {
        for (; nextRun < batch.runs().size(); nextRun++) {
            StoredRun run = batch.runs().get(nextRun);
            nextAt = next == 0 ? run.messagesStart() : nextAt;
            for (; next < run.count(); next++) {
                int length = MessageLayout.length(run.bytes(), nextAt);
                if (out.size() >= bytesMax || session.hasToWait(length, bytesMax)) {
                    return false;
                }
                if (session.isWrittenInSlices(length)) {
                    beginIfWanted(run, nextAt, wanted);
                } else {
                    putIfWanted(run, nextAt, wanted, out);
                }
                nextAt += length;
            }
            next = 0;
        }
        return !session.large().isUnderWay();
    }

    private void beginIfWanted(StoredRun run, int at, PrefixSet wanted) {
        MessageView view = environment.view;
        if (view.read(run.bytes(), at) && isWanted(view, wanted)) {
            session.large().holdAndBegin(Parts.toSlices(view), view.bytes.length, () -> {});
        }
    }

    private boolean isWanted(MessageView view, PrefixSet wanted) {
        return wanted.matches(view.bytes, Parts.firstStart(view), environment.parts.firstLength(view));
    }

    private boolean putIfWanted(StoredRun run, int at, PrefixSet wanted, ByteWriter out) {
        MessageView view = environment.view;
        boolean put = view.read(run.bytes(), at) && isWanted(view, wanted);
        if (put) {
            environment.parts.toFrames(view, out);
        }
        return put;
    }
}

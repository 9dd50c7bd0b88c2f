package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.routing.PrefixSet;
import dev.recado.core.topic.Topic;
import dev.recado.transport.OutputCursor;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.TapCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber: a filtered tap on the topic. What it wants is a set, as the frames of ZeroMQ mean it: one cancellation
 * ends a subscription, however often it was made. Subscribers of one loop that want the same share the encoding. One
 * owner.
 */
final class XpubTraffic extends ConsumingTraffic<TapBatch> implements TapCursor.Encoding {

    /** Bytes of prefixes that one subscriber may have. */
    private static final long PREFIX_BYTES_MAX = 1024 * 1024;

    /** Under which others that want the same find the encoding; null where that is not likely. */
    private @Nullable Object shareKey;

    private final TapCursor cursor;

    /** Names the encoding of what begins with a prefix, the empty one: of everything. */
    private record ShareKey(ByteBuffer prefix) {}

    XpubTraffic(ZmtpEnvironment environment, ZmtpSession session) {
        super(environment, session);
        cursor = new TapCursor(this, session.marks(), session.large(), environment.scratch);
    }

    @Override
    OutputCursor<TapBatch> cursor() {
        return cursor;
    }

    @Override
    SubscribeSpec spec(Topic topic) {
        return SubscribeSpec.filteredTap(
                topic.name().name(), environment.settings.subscribers().slow());
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
        SubscriptionLink mine = subscription();
        if (mine == null) {
            return;
        }
        byte[] prefix = Arrays.copyOfRange(bytes, from, from + length);
        if (!wanted) {
            mine.unwant(prefix);
        } else if (!mine.wanted().contains(prefix) && isTooMuch(mine.wanted(), length)) {
            session.end("too many subscriptions, limit="
                    + environment.settings.subscribers().prefixesMax() + " and " + PREFIX_BYTES_MAX + " bytes");
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
        return wanted.size() >= environment.settings.subscribers().prefixesMax()
                || wanted.bytes() + more > PREFIX_BYTES_MAX;
    }

    private static @Nullable Object shareKey(PrefixSet wanted) {
        if (wanted.isEmpty()) {
            return null;
        }
        byte[] least = wanted.iterator().next();
        return least.length == 0 || wanted.size() == 1 ? new ShareKey(ByteBuffer.wrap(least)) : null;
    }

    @Override
    public void onTapped(SubscriptionLink from, TapBatch batch) {
        take(batch);
    }

    @Override
    public @Nullable Object shareKey() {
        return shareKey;
    }

    @Override
    public boolean wants(MessageView message) {
        SubscriptionLink mine = subscription();
        return mine != null
                && mine.wanted()
                        .matches(message.bytes, Parts.firstStart(message), environment.parts.firstLength(message));
    }

    @Override
    public void putHead(TapBatch batch, StoredRun run, int index, ByteWriter out) {}

    @Override
    public void put(MessageView message, ByteWriter out) {
        environment.parts.toFrames(message, out);
    }

    @Override
    public SlicedOutput slices(MessageView message) {
        return Parts.toSlices(message);
    }
}

package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.broker.Link;
import dev.recado.broker.ReplyPort;
import dev.recado.core.message.MessageView;
import dev.recado.transport.amqp.wire.Address;
import dev.recado.transport.amqp.wire.AmqpFrames;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.BodyFrames;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.PropertiesBuilder;
import dev.recado.transport.amqp.wire.ServerBasic;
import dev.recado.transport.amqp.wire.ShortString;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Direct reply-to of a channel: a consumer on {@link ReplyAddress#QUEUE}, which is no queue but the inbox of the
 * channel's link. Requests leave with its address behind that name; what comes in the inbox is delivered. What waits
 * for the socket is bounded by {@link #BYTES_MAX} and by what all clients share, and what does not fit is dropped and
 * counted. One channel's, one owner.
 */
final class DirectReplies implements ReplyPort, MessageSource {

    /** More waits for nobody who has something waiting already. */
    private static final long BYTES_MAX = 4 << 20;

    private static final long OVERHEAD_BYTES = 64;
    /** Requests whose correlation id is known to an answer that says none. */
    private static final int REQUESTS_MAX = 256;

    private final int channel;
    private final Link link;
    private final MessageOutlet outlet;
    private final AmqpEnvironment.Memory memory;
    private final Unsettled<?> tags;
    private final ArrayDeque<Reply> waiting = new ArrayDeque<>(0);
    private final Address address = new Address();
    private @Nullable Map<Long, String> correlationIds;
    private @Nullable ShortString tag;
    private long requests;
    private long waitingBytes;

    /** An answer; its bytes are a message. */
    private record Reply(long request, byte[] bytes) {
        long heldBytes() {
            return bytes.length + OVERHEAD_BYTES;
        }
    }

    /** {@code tags} are those of the channel's deliveries. */
    DirectReplies(int channel, Link link, MessageOutlet outlet, AmqpEnvironment.Memory memory, Unsettled<?> tags) {
        this.channel = channel;
        this.link = link;
        this.outlet = outlet;
        this.memory = memory;
        this.tags = tags;
    }

    /** Whether a queue of that name is there: the consumers' one is always, an address as long as somebody has it. */
    boolean isThere(String queue) {
        return queue.equals(ReplyAddress.QUEUE)
                || queue.startsWith(ReplyAddress.PREFIX)
                        && link.isAwaited(queue.substring(ReplyAddress.PREFIX.length()));
    }

    // --- the consumer

    /** {@code basic.consume} of {@link ReplyAddress#QUEUE}; answers why it is refused, or null. */
    @Nullable
    AmqpError consume(ShortString consumerTag, boolean noAck) {
        if (!noAck) {
            return AmqpError.precondition("reply consumer cannot acknowledge", MethodId.BASIC_CONSUME);
        }
        if (tag != null) {
            return AmqpError.precondition("reply consumer already set", MethodId.BASIC_CONSUME);
        }
        tag = consumerTag;
        return null;
    }

    boolean hasTag(String consumerTag) {
        ShortString mine = tag;
        return mine != null && mine.toString().equals(consumerTag);
    }

    /** Nothing is delivered any more; what waits is dropped. */
    void cancel() {
        tag = null;
        waiting.forEach(reply -> link.replyDropped());
        clear();
    }

    private void clear() {
        waiting.clear();
        outlet.notReady(this);
        memory.replies().release(waitingBytes);
        waitingBytes = 0;
    }

    /** The channel is over. */
    void close() {
        tag = null;
        clear();
    }

    // --- requests

    /**
     * Has a message that asks for its answer at {@link ReplyAddress#QUEUE} name the address; answers why it cannot, or
     * null.
     */
    @Nullable
    AmqpError address(ContentHeader header) {
        if (!ReplyAddress.QUEUE.equals(header.text(BasicProperty.REPLY_TO))) {
            return null;
        }
        if (tag == null) {
            return AmqpError.precondition("fast reply consumer does not exist", MethodId.BASIC_PUBLISH);
        }
        requests++;
        String correlationId = header.text(BasicProperty.CORRELATION_ID);
        if (correlationId != null) {
            remember(requests, correlationId);
        }
        ByteWriter made = new ByteWriter(64);
        PropertiesBuilder.of(header)
                .text(BasicProperty.REPLY_TO, ReplyAddress.PREFIX + link.inboxAddress(requests))
                .put(made);
        header.readProperties(made.array(), 0, made.size());
        return null;
    }

    private void remember(long request, String correlationId) {
        Map<Long, String> known = correlationIds;
        if (known == null) {
            known = new LinkedHashMap<>();
            correlationIds = known;
        }
        known.put(request, correlationId);
        if (known.size() > REQUESTS_MAX) {
            known.remove(known.keySet().iterator().next());
        }
    }

    // --- answers

    @Override
    public void onReply(long correlation, MessageView reply) {
        Reply came = new Reply(correlation, reply.bytes);
        boolean isMuch = !waiting.isEmpty() && waitingBytes + came.heldBytes() > BYTES_MAX;
        if (tag == null || isMuch || !memory.replies().tryReserve(came.heldBytes())) {
            link.replyDropped();
            return;
        }
        waitingBytes += came.heldBytes();
        if (waiting.isEmpty()) {
            outlet.ready(this);
        }
        waiting.add(came);
        link.markDirty();
    }

    @Override
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    @Override
    public void encode(ByteWriter out, int bytesMax) {
        MessageView view = memory.scratch().view;
        while (!waiting.isEmpty() && out.size() < bytesMax) {
            Reply next = waiting.peek();
            if (outlet.large().hasToWait(next.bytes.length, bytesMax)) {
                break;
            }
            waiting.remove();
            waitingBytes -= next.heldBytes();
            memory.replies().release(next.heldBytes());
            if (view.read(next.bytes, 0)) {
                put(next, view, out);
            }
        }
        view.forget();
    }

    private void put(Reply reply, MessageView view, ByteWriter out) {
        ShortString to = tag;
        if (to == null) {
            return;
        }
        String correlationId = correlationIds == null ? null : correlationIds.remove(reply.request);
        if (MessageMapping.isNative(view)) {
            int addressLength = MessageMapping.addressLength(view);
            address.wrap(view.bytes, view.nativeStart, addressLength);
            ServerBasic.putDeliver(out, channel, to, tags.skip(), false, address);
            int from = view.nativeStart + addressLength;
            int length = view.nativeLength - addressLength;
            AmqpFrames.putContentHeader(out, channel, view.payloadLength, view.bytes, from, length);
            address.forget();
        } else {
            Address asked = Address.of("", ReplyAddress.PREFIX + link.inboxAddress(reply.request));
            ServerBasic.putDeliver(out, channel, to, tags.skip(), false, asked);
            ByteWriter made = new ByteWriter(64);
            MessageMapping.putProperties(view, correlationId, made);
            AmqpFrames.putContentHeader(out, channel, view.payloadLength, made.array(), 0, made.size());
        }
        BodyFrames bodies =
                new BodyFrames().start(channel, view.payloadStart, view.payloadLength, outlet.frameBytesMax());
        if (outlet.large().takes(reply.bytes.length)) {
            outlet.large().holdAndBegin(new BodySlices(reply.bytes, bodies), reply.bytes.length, () -> {});
        } else {
            bodies.putAll(out, view.bytes);
        }
    }
}

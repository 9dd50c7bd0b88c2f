package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.broker.PublishPort;
import dev.recado.broker.ReplyPort;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.RunLayout;
import dev.recado.core.topic.ProducerWindow;
import dev.recado.core.topic.Topic;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.Tickets;
import dev.recado.transport.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands that publish: PUB, PUBL, SEND, XPUB, REQ, and CONFIRM and PRODUCER, which say how. One session's, one
 * owner.
 */
final class PublishCommands implements PublishPort, ReplyPort {

    /** The longest time that a REQ may wait. */
    static final long REQUEST_MS_MAX = 12 * 60 * 60 * 1000L;

    /** Bytes of replies that may wait behind an earlier answer; one reply may be longer. */
    static final int REPLY_BYTES_MAX = 1024 * 1024;

    /** Of an XPUB by one key. */
    static final int XPUB_FIELDS = 4;

    static final String CLASSIC_TOPIC = "default";
    private static final byte[] CLASSIC_TOPIC_BYTES = CLASSIC_TOPIC.getBytes(StandardCharsets.US_ASCII);

    private static final Comparator<Inquiry> BY_DEADLINE =
            Comparator.comparingLong(Inquiry::deadlineMs).thenComparingLong(Inquiry::slot);

    private final Dialogue dialogue;
    private final TopicLookup topics;
    private final LoopBuffers buffers;
    /** Has a draft take over what the command's frame has of the memory for large messages. */
    private final Consumer<Draft> lender;
    /** By correlation, which is the slot. */
    private final Map<Long, Inquiry> inquiries = new HashMap<>(2);

    private final TreeSet<Inquiry> deadlines = new TreeSet<>(BY_DEADLINE);
    /** Bytes of replies that came and are not written, because an earlier answer is not known or the socket is full. */
    private long replyBytes;
    /** What of them was taken of what all sessions share. */
    private long sharedBytes;

    private ConfirmMode confirmMode = ConfirmMode.EACH;
    private final Tickets tickets = new Tickets();
    private @Nullable String producer;
    private long nextSequence;

    /** A REQ that waits for its answer in {@code slot}, which is its correlation as well. */
    private record Inquiry(long slot, long deadlineMs, int topicId) {}

    PublishCommands(Dialogue dialogue, TopicLookup topics, Consumer<Draft> lender) {
        this.lender = lender;
        this.dialogue = dialogue;
        this.topics = topics;
        this.buffers = dialogue.environment.buffers();
    }

    /** PUB; answers false where the topic is being created and the command is to be given again. */
    boolean pub(TextCommand command) {
        Topic topic = topics.find(command, 0);
        if (topic == null) {
            Refusal refusal = topics.createToPublish(command.text(0));
            if (refusal != null) {
                refuse(refusal);
            }
            return refusal != null;
        }
        Draft draft = buffers.draft.clear();
        if (command.fieldCount > 2 && !keyAndHeaders(command, PublishOptions.PUB_FIELDS, draft)) {
            return true;
        }
        publish(topic, draft.payload(command.bytes, command.payloadStart, command.payloadLength));
        return true;
    }

    /** SEND; answers false as {@link #pub} does. */
    boolean send(TextCommand command) {
        if (command.fieldCount == 0) {
            refuse(Refusal.of(ErrorCode.INVALID_ARGUMENT, "SEND:<content>"));
            return true;
        }
        return publishLine(command, topics.find(CLASSIC_TOPIC_BYTES, 0, CLASSIC_TOPIC_BYTES.length));
    }

    /** PUBL; answers false as {@link #pub} does. */
    boolean publ(TextCommand command, int textBytesMax) {
        if (command.fieldCount < 2 || command.fieldLength(0) == 0) {
            refuse(Refusal.of(ErrorCode.INVALID_ARGUMENT, "PUBL:<topic>:<text>"));
            return true;
        }
        if (command.payloadLength > textBytesMax) {
            refuse(tooLong(command.payloadLength, textBytesMax));
            return true;
        }
        return publishLine(command, topics.find(command, 0));
    }

    private boolean publishLine(TextCommand command, @Nullable Topic topic) {
        if (topic == null) {
            Refusal refusal = topics.createToPublish(command.verb == Verb.SEND ? CLASSIC_TOPIC : command.text(0));
            if (refusal != null) {
                refuse(refusal);
            }
            return refusal != null;
        }
        publish(topic, buffers.draft.clear().payload(command.bytes, command.payloadStart, command.payloadLength));
        return true;
    }

    private void publish(Topic topic, Draft draft) {
        if (isOutOfNumbers()) {
            return;
        }
        int limit = Math.min(
                dialogue.environment.sessions().messageBytesMax(),
                topic.settings().limitMessageBytes());
        if (draft.bytes() > limit) {
            refuse(tooLong(draft.bytes(), limit));
            return;
        }
        Link link = dialogue.link;
        lender.accept(draft);
        String id = numberingAs();
        long sequence = id == null ? -1 : nextSequence++;
        if (dialogue.transactions.publish(topic, draft, confirmMode, id, sequence)) {
            return;
        }
        long ticket = tickets.take();
        dialogue.replies.openPublish(ticket, confirmMode, sequence, topic);
        Refusal refusal = id == null
                ? link.publish(topic, draft, ticket)
                : link.publishNumbered(topic, draft, ticket, id, sequence);
        if (refusal != null) {
            refusedAtOnce(ticket, refusal);
        }
    }

    void xpub(TextCommand command) {
        String exchange = command.text(0);
        String key = command.text(1);
        Draft draft = buffers.draft.clear();
        boolean single = command.fieldCount == XPUB_FIELDS
                || command.fieldCount > PublishOptions.XPUB_FIELDS && command.fieldLength(XPUB_FIELDS - 1) == 0;
        List<String> keys = key == null || single ? List.of() : WireHeaders.keys(key, command.raw(XPUB_FIELDS - 1));
        if (exchange == null || key == null || keys == null) {
            refuse(PublishOptions.malformedField());
            return;
        }
        if (!keyAndHeaders(command, PublishOptions.XPUB_FIELDS, draft)) {
            return;
        }
        draft.payload(command.bytes, command.payloadStart, command.payloadLength);
        int limit = dialogue.environment.sessions().messageBytesMax();
        if (draft.bytes() > limit) {
            refuse(tooLong(draft.bytes(), limit));
            return;
        }
        if (isOutOfNumbers()) {
            return;
        }
        lender.accept(draft);
        List<String> all = single ? List.of(key) : keys;
        String id = numberingAs();
        long sequence = id == null ? -1 : nextSequence++;
        if (dialogue.transactions.publishThrough(exchange, all, draft, confirmMode, id, sequence)) {
            return;
        }
        long ticket = tickets.take();
        dialogue.replies.openPublish(ticket, confirmMode, sequence, null);
        Refusal refusal = single
                ? dialogue.link.publishThrough(exchange, key, draft, ticket, id, sequence)
                : dialogue.link.publishThrough(exchange, keys, draft, ticket, id, sequence);
        if (refusal != null) {
            refusedAtOnce(ticket, refusal);
        }
    }

    /** REQ; answers false as {@link #pub} does. */
    boolean request(TextCommand command, long nowMs) {
        long timeoutMs = command.number(1);
        if (timeoutMs < 1 || timeoutMs > REQUEST_MS_MAX) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "timeout in ms, allowed=1 to " + REQUEST_MS_MAX);
            return true;
        }
        Topic topic = topics.find(command, 0);
        if (topic == null) {
            Refusal refusal = topics.createToPublish(command.text(0));
            if (refusal != null) {
                dialogue.refuse(refusal);
            }
            return refusal != null;
        }
        int limit = Math.min(
                dialogue.environment.sessions().messageBytesMax(),
                topic.settings().limitMessageBytes());
        if (command.payloadLength > limit) {
            dialogue.refuse(tooLong(command.payloadLength, limit));
            return true;
        }
        Draft draft = buffers.draft.clear().payload(command.bytes, command.payloadStart, command.payloadLength);
        lender.accept(draft);
        long ticket = tickets.take();
        long slot = dialogue.replies.openRequest(ticket);
        Inquiry inquiry = new Inquiry(slot, nowMs + timeoutMs, topic.id());
        inquiries.put(slot, inquiry);
        deadlines.add(inquiry);
        Refusal refusal = dialogue.link.request(topic, draft, ticket, slot);
        if (refusal != null) {
            refusedAtOnce(ticket, refusal);
        }
        return true;
    }

    /** A refusal that comes back from the call itself: the link has not used the ticket, the next publish takes it. */
    private void refusedAtOnce(long ticket, Refusal refusal) {
        answered(dialogue.replies.refusedAtOnce(ticket, ErrorWords.line(refusal)));
        tickets.giveBack(ticket);
    }

    /** Forgets the request of {@code slot}, if it is one; answers whether it was. */
    private boolean answered(long slot) {
        Inquiry inquiry = inquiries.isEmpty() ? null : inquiries.remove(slot);
        return inquiry != null && deadlines.remove(inquiry);
    }

    /** Under which id the next publish takes a number, or null. */
    private @Nullable String numberingAs() {
        return dialogue.transactions.isUnnumbered() ? null : producer;
    }

    /** Refuses a publish before it has a ticket; it consumes a number all the same. */
    private void refuse(Refusal refusal) {
        dialogue.link.spoil(refusal);
        String line = ErrorWords.line(refusal);
        dialogue.answer(numberingAs() == null ? line : line + " seq=" + nextSequence++);
    }

    /** Refuses and answers true where the next number is beyond what the broker takes. */
    private boolean isOutOfNumbers() {
        boolean out = numberingAs() != null && nextSequence > ProducerWindow.SEQUENCE_MAX;
        if (out) {
            refuse(Refusal.of(ErrorCode.INVALID_ARGUMENT, "number beyond " + ProducerWindow.SEQUENCE_MAX));
        }
        return out;
    }

    /** Refuses a command whose declared payload is too long. */
    void refuseTooLong(TextCommand command, int limit) {
        Refusal refusal = tooLong(command.payloadLength, limit);
        switch (command.verb) {
            case PUB, PUBL, SEND, XPUB -> refuse(refusal);
            default -> dialogue.refuse(refusal);
        }
    }

    static Refusal tooLong(long bytes, int limit) {
        return Refusal.of(ErrorCode.MESSAGE_TOO_LONG, bytes + " bytes, limit " + limit);
    }

    /** Fills in fields 1 and 2, and options behind {@code fields}; refuses and answers false where malformed. */
    private boolean keyAndHeaders(TextCommand command, int fields, Draft draft) {
        ByteWriter scratch = buffers.freshScratch();
        int keyFrom = command.fieldStart[1];
        int keyTo = command.fieldEnd(1);
        boolean good = true;
        int decodedKeyLength = -1;
        if (!WireHeaders.isPlain(command.bytes, keyFrom, keyTo)) {
            good = PercentCodec.decode(command.bytes, keyFrom, keyTo - keyFrom, scratch);
            decodedKeyLength = scratch.size();
        }
        int headersStart = scratch.size();
        if (command.fieldLength(2) > 0) {
            good &= WireHeaders.toNeutral(command.bytes, command.fieldStart[2], command.fieldEnd(2), scratch);
        }
        Refusal refusal = good ? PublishOptions.read(command, fields, draft) : PublishOptions.malformedField();
        if (refusal != null) {
            refuse(refusal);
            return false;
        }
        if (decodedKeyLength < 0) {
            draft.key(command.bytes, keyFrom, keyTo - keyFrom);
        } else {
            draft.key(scratch.array(), 0, decodedKeyLength);
        }
        draft.headers(scratch.array(), headersStart, scratch.size() - headersStart);
        return true;
    }

    void confirm(TextCommand command) {
        for (ConfirmMode mode : ConfirmMode.values()) {
            if (command.fieldCount == 1 && command.is(0, mode.name())) {
                confirmMode = mode;
                dialogue.answer("OK:CONFIRM");
                return;
            }
        }
        dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "CONFIRM, allowed=EACH, RANGE, NONE");
    }

    void producer(TextCommand command) {
        String id = command.fieldCount == 2 ? command.text(0) : null;
        if (id == null || id.isEmpty() || id.getBytes(StandardCharsets.UTF_8).length > RunLayout.PRODUCER_BYTES_MAX) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "PRODUCER:<id>:<next seq>, the id in 1 to 255 bytes");
            return;
        }
        long sequence = PublishOptions.sequence(command.raw(1));
        if (sequence < 0) {
            dialogue.refuse(
                    ErrorCode.INVALID_ARGUMENT,
                    "next seq=" + Names.shown(command.raw(1)) + ", allowed=0 to " + ProducerWindow.SEQUENCE_MAX);
            return;
        }
        dialogue.await(dialogue.link.producer(id, sequence), expected -> {
            producer = id;
            nextSequence = sequence;
            return "OK:PRODUCER:" + PercentCodec.encode(id) + ":" + expected;
        });
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partition, long firstOffset) {
        dialogue.replies.confirmed(firstTicket, count, partition, firstOffset);
        dialogue.link.markDirty();
    }

    @Override
    public void onRouted(long ticket, int topics) {
        if (!dialogue.transactions.takes(ticket)) {
            dialogue.replies.routed(ticket, topics);
        }
        dialogue.link.markDirty();
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal) {
        dialogue.link.markDirty();
        String line = ErrorWords.line(refusal);
        if (inquiries.isEmpty()) {
            dialogue.replies.refused(firstTicket, count, line);
            return;
        }
        for (int i = 0; i < count; i++) {
            answered(dialogue.replies.refused(firstTicket + i, 1, line));
        }
    }

    /** Hands a reply to the request that waits for it; what no request waits for, or none can take, is counted. */
    @Override
    public void onReply(long correlation, MessageView reply) {
        dialogue.link.markDirty();
        if (!answered(correlation) || !dialogue.replies.isWaiting(correlation)) {
            dialogue.link.replyDropped();
            return;
        }
        int length = reply.payloadLength;
        boolean waits = replyBytes > 0 && !dialogue.replies.isNext(correlation);
        if (waits && replyBytes + length > REPLY_BYTES_MAX) {
            String detail = "replies that wait behind an earlier answer, limit=" + REPLY_BYTES_MAX + " bytes";
            dropped(correlation, ErrorCode.LIMIT_REACHED, detail);
            return;
        }
        byte[] bytes = reply.bytes;
        if (Wire.isLarge(length) && !buffers.replies.tryReserve(bytes.length)) {
            String detail = "replies that their clients have not read, see STATS bytes_text_replies";
            dropped(correlation, ErrorCode.MEMORY_LOW, detail);
            return;
        }
        replyBytes += length;
        int start = reply.payloadStart;
        if (Wire.isLarge(length)) {
            sharedBytes += bytes.length;
            SlicedOutput slices = TextSlices.sequence(
                    SlicedOutput.text("REP:" + length + "\n"),
                    SlicedOutput.bytes(bytes, start, length),
                    SlicedOutput.text("\n"));
            dialogue.settle(correlation, new LargeAnswer(slices, bytes.length, () -> {
                replyBytes -= length;
                giveBackShared(bytes.length);
            }));
            return;
        }
        Reply answer = (out, large) -> {
            out.putAscii("REP:")
                    .putDecimal(length)
                    .put('\n')
                    .put(bytes, start, length)
                    .put('\n');
            replyBytes -= length;
        };
        dialogue.replies.settle(correlation, answer, length);
    }

    private void dropped(long correlation, ErrorCode why, String detail) {
        dialogue.link.replyDropped();
        dialogue.replies.settle(correlation, ErrorWords.line(why, detail));
    }

    private void giveBackShared(long bytes) {
        sharedBytes -= bytes;
        buffers.replies.release(bytes);
    }

    /** Bytes of replies that came and are not written, of what all sessions share. */
    long sharedBytes() {
        return sharedBytes;
    }

    /** The session is over. */
    void close() {
        giveBackShared(sharedBytes);
    }

    /** Answers the requests whose time is over; tells whether there were any. */
    boolean onTick(long nowMs) {
        boolean any = false;
        while (!deadlines.isEmpty() && deadlines.first().deadlineMs <= nowMs) {
            Inquiry late = deadlines.first();
            long slot = late.slot;
            answered(slot);
            if (dialogue.replies.isWaiting(slot)) {
                dialogue.replies.settle(slot, ErrorWords.line(ErrorCode.TIMEOUT, topics.noReply(late.topicId)));
                any = true;
            }
        }
        return any;
    }
}

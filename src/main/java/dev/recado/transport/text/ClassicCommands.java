package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.broker.PullPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.Wire;
import dev.recado.transport.WrittenMarks;
import org.jspecify.annotations.Nullable;

/** The classic consumer: REGISTER, GET and the push NOTIFY, on the topic {@code default}. One session's, one owner. */
final class ClassicCommands implements PullPort {

    /** GETs that may wait for their answer to be written; who reaches it stops parsing. */
    static final int PULLS_MAX = 64;

    /** What percent-encoding makes of a byte at most. */
    private static final long ESCAPED_TIMES_MAX = 3;

    private static final byte[] CLASSIC_TOPIC_BYTES = {'d', 'e', 'f', 'a', 'u', 'l', 't'};

    private final Dialogue dialogue;
    private final TopicLookup topics;
    private final WrittenMarks marks;
    private @Nullable SubscriptionLink consumer;
    private boolean announced;
    private int pulls;
    private long available = -1;

    ClassicCommands(Dialogue dialogue, TopicLookup topics) {
        this.dialogue = dialogue;
        this.topics = topics;
        this.marks = dialogue.marks;
    }

    /** REGISTER; answers false where the topic is being created and the command is to be given again. */
    boolean register(TextCommand command) {
        if (command.is(0, "PRODUCER") && command.fieldCount == 1) {
            Refusal refusal = dialogue.mayPublish(PublishCommands.CLASSIC_TOPIC);
            if (refusal == null) {
                dialogue.answer("OK:PRODUCER");
                introduce();
            } else {
                dialogue.refuse(refusal);
            }
            return true;
        }
        if (!command.is(0, "CONSUMER") || command.fieldCount > 3) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "REGISTER:PRODUCER or REGISTER:CONSUMER[:<id>[:<group>]]");
            return true;
        }
        if (consumer != null) {
            dialogue.refuse(ErrorCode.NOT_ALLOWED, "the session is a consumer already");
            return true;
        }
        if (topics.find(CLASSIC_TOPIC_BYTES, 0, CLASSIC_TOPIC_BYTES.length) == null) {
            Refusal refusal = topics.createToConsume(PublishCommands.CLASSIC_TOPIC);
            if (refusal != null) {
                dialogue.refuse(refusal);
            }
            return refusal != null;
        }
        introduce();
        join(command);
        return true;
    }

    private void introduce() {
        dialogue.link.introduce(dialogue.link.info().withProtocol("text-classic"));
    }

    private void join(TextCommand command) {
        String id = command.fieldCount > 1 ? command.text(1) : "";
        String group = command.fieldCount > 2 ? command.text(2) : "";
        Refusal problem = id == null || group == null
                ? Refusal.of(ErrorCode.INVALID_ARGUMENT, "malformed percent-encoding")
                : problem("consumer", id);
        if (problem == null && group != null) {
            problem = problem("group", group);
        }
        if (problem != null || id == null || group == null) {
            dialogue.refuse(problem == null ? Refusal.of(ErrorCode.INVALID_ARGUMENT, "malformed field") : problem);
            return;
        }
        SubscribeSpec spec = new SubscribeSpec(
                SubscribeSpec.Kind.PULL,
                PublishCommands.CLASSIC_TOPIC,
                group.isEmpty() ? null : group,
                id.isEmpty() ? null : id,
                1,
                StartPosition.first());
        long slot = dialogue.replies.open();
        dialogue.awaitSilently(
                dialogue.link.subscribe(spec).onSuccess(joined -> consumer = joined),
                refusal -> onJoined(slot, refusal));
    }

    private static @Nullable Refusal problem(String what, String name) {
        return name.isEmpty() ? null : Names.problem(what, name);
    }

    private void onJoined(long slot, @Nullable Refusal refusal) {
        SubscriptionLink joined = consumer;
        if (!dialogue.replies.isWaiting(slot)) {
            return;
        }
        if (refusal != null || joined == null) {
            dialogue.replies.settle(slot, refusal == null ? "ERROR:Internal error" : ErrorWords.line(refusal));
            return;
        }
        Reply answer = (out, large) -> {
            out.putAscii("OK:CONSUMER:");
            PercentCodec.encode(out, joined.consumerId());
            out.put('\n');
            announced = true;
        };
        dialogue.replies.settle(slot, answer, 0);
    }

    /** GET. */
    void get(TextCommand command) {
        SubscriptionLink from = consumer;
        if (from == null || command.fieldCount > 0) {
            dialogue.refuse(
                    ErrorCode.NOT_ALLOWED,
                    from == null ? "GET follows REGISTER:CONSUMER" : "GET takes nothing behind it");
            return;
        }
        if (dialogue.link.hasParked()) {
            dialogue.link.refuseParked();
        }
        long slot = dialogue.replies.open();
        pulls++;
        from.pull(slot);
    }

    boolean isFull() {
        return pulls >= PULLS_MAX;
    }

    boolean isMine(SubscriptionLink subscription) {
        return consumer == subscription;
    }

    /** {@code slot} is the ticket of the pull. */
    @Override
    public void onPulled(long slot, @Nullable DeliveryBatch batch) {
        dialogue.link.markDirty();
        SubscriptionLink from = consumer;
        if (!dialogue.replies.isWaiting(slot) || from == null) {
            return;
        }
        if (batch == null || batch.size() == 0) {
            pulls--;
            dialogue.replies.settle(slot, "ERROR:No messages available");
            return;
        }
        MessageView view = dialogue.environment.buffers().view;
        boolean isLarge = ESCAPED_TIMES_MAX * batch.bytes() > Wire.SLICE_BYTES;
        if (isLarge && view.read(batch.run(0).bytes(), batch.position(0))) {
            SlicedOutput line = TextSlices.line(view.bytes, view.payloadStart, view.payloadLength);
            dialogue.settle(slot, new LargeAnswer(line, view.bytes.length, () -> onEncoded(from, batch)));
            return;
        }
        Reply answer = (out, large) -> write(out, from, batch);
        dialogue.replies.settle(slot, answer, (int) batch.bytes());
    }

    private void write(ByteWriter out, SubscriptionLink from, DeliveryBatch batch) {
        MessageView view = dialogue.environment.buffers().view;
        if (view.read(batch.run(0).bytes(), batch.position(0))) {
            PercentCodec.encodeLine(out, view.bytes, view.payloadStart, view.payloadLength);
        }
        out.put('\n');
        onEncoded(from, batch);
    }

    /** Once the socket took the answer, the message is done. */
    private void onEncoded(SubscriptionLink from, DeliveryBatch batch) {
        pulls--;
        WrittenMarks.Mark mark = marks.begin(from, batch.partitionIndex());
        mark.ack(batch.offset(0));
        mark.written(batch.bytes());
    }

    /** Only the latest count is kept while the socket is full. */
    @Override
    public void onAvailable(SubscriptionLink subscription, long count) {
        available = count;
        dialogue.link.markDirty();
    }

    boolean hasPush() {
        return announced && available >= 0;
    }

    void writePush(ByteWriter out) {
        if (hasPush()) {
            out.putAscii("NOTIFY:MESSAGES_AVAILABLE:").putDecimal(available).put('\n');
            available = -1;
        }
    }

    /** A publish of this session that began to wait for room after the GET was asked must not wait for it. */
    void onTick() {
        if (pulls > 0 && dialogue.link.hasParked()) {
            dialogue.link.refuseParked();
        }
    }
}

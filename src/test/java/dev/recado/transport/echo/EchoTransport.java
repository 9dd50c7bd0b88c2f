package dev.recado.transport.echo;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.transport.BoundListener;
import dev.recado.transport.Conversation;
import dev.recado.transport.Conversations;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.Decoded;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.Pauses;
import dev.recado.transport.SessionFrame;
import dev.recado.transport.SessionListener;
import dev.recado.transport.Sessions;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.Wire;
import dev.recado.transport.WireSession;
import dev.recado.transport.WrittenMarks;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A transport as small as can be: a line protocol of which one connection holds several conversations. */
public final class EchoTransport implements Transport {

    private static final DeclaredListener LISTENER = DeclaredListener.only("echo");
    private static final String CONVERSATIONS_MAX = "echo.conversations-max";
    private static final int LINE_BYTES_MAX = 4_096;

    @Override
    public String name() {
        return LISTENER.transport();
    }

    @Override
    public List<Setting> settings() {
        List<Setting> rows = new ArrayList<>(LISTENER.addressRows(7007, "Address of echo", "Port of echo"));
        rows.add(DeclaredListener.backlogRow(name()));
        rows.add(Setting.integer(CONVERSATIONS_MAX, 8, 1, 999, "Conversations of one connection"));
        return rows;
    }

    @Override
    public List<DeclaredListener> listeners(SettingValues values) {
        return List.of(LISTENER);
    }

    @Override
    public Future<List<BoundListener>> start(TransportContext context) {
        int max = context.settings().integer(CONVERSATIONS_MAX);
        return SessionListener.start(context, LISTENER, () -> new EchoSessions(context, max, new LoopScratch()))
                .map(List::of);
    }

    /** The sessions of one event loop. */
    private record EchoSessions(TransportContext context, int max, LoopScratch scratch) implements Sessions {
        @Override
        public WireSession open(Wire wire) {
            return new EchoSession(this, wire);
        }

        @Override
        public byte[] farewell(Refusal refusal) {
            return ("0 ERROR " + refusal.code() + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** One connection. Lines, and what is answered, begin with a conversation's number, or with 0 for none. */
    private static final class EchoSession extends SessionFrame {
        private final EchoSessions shared;
        private final Conversations conversations = new Conversations(this);
        private final Map<Integer, EchoConversation> open = new HashMap<>();
        private final Identity identity;
        private final ByteWriter answers = new ByteWriter(64);
        private final ByteWriter line = new ByteWriter(64);
        private byte[] fed = {};
        private int at;
        private int end;

        private EchoSession(EchoSessions shared, Wire wire) {
            super(wire, shared.scratch(), shared.context());
            this.shared = shared;
            identity =
                    Objects.requireNonNullElse(shared.context().authenticator().anonymous(""), Identity.NOBODY);
        }

        @Override
        protected void feed(byte[] bytes, int from, int length) {
            fed = bytes;
            at = from;
            end = from + length;
        }

        @Override
        protected Decoded next() {
            while (at < end && line.size() <= LINE_BYTES_MAX) {
                byte next = fed[at++];
                if (next == '\n') {
                    return Decoded.COMMAND;
                }
                line.put(next);
            }
            return line.size() > LINE_BYTES_MAX ? Decoded.MALFORMED : Decoded.NEED_MORE;
        }

        @Override
        protected void perform(Decoded what) {
            String text = new String(line.array(), 0, line.size(), StandardCharsets.UTF_8);
            String[] words = text.split(" ", 4);
            int number = words[0].matches("[1-9][0-9]{0,2}") ? Integer.parseInt(words[0]) : 0;
            if (number == 0 || number > shared.max() || words.length < 4) {
                answer(0, "ERROR MALFORMED <1 to " + shared.max() + "> ECHO, PUB or SUB <word> <text>");
            } else {
                open.computeIfAbsent(number, unused -> new EchoConversation(this, number, wire.peer()))
                        .take(line.array(), 0, line.size());
            }
            line.clear();
        }

        @Override
        protected void onMalformed() {
            answer(0, "ERROR MALFORMED a line has at most " + LINE_BYTES_MAX + " bytes");
            end(CLOSING_MS_MAX);
        }

        @Override
        protected void keep() {
            fed = Arrays.copyOfRange(fed, at, end);
            end -= at;
            at = 0;
        }

        /** A peer that does not read its answers is not read either. */
        @Override
        protected boolean takesMore() {
            return answers.size() < LINE_BYTES_MAX;
        }

        @Override
        protected void onAllRead() {
            end(CLOSING_MS_MAX);
        }

        @Override
        protected void closeInput() {}

        private void answer(int number, String text) {
            answers.put((number + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        protected void encode(ByteWriter out, int bytesMax) {
            out.put(answers.array(), 0, answers.size());
            answers.clear(LINE_BYTES_MAX);
        }

        @Override
        protected boolean owesNothing() {
            return answers.size() == 0 && open.values().stream().noneMatch(one -> one.unanswered > 0);
        }

        @Override
        protected void flushSoon() {
            flush();
        }

        @Override
        protected void checkTimes(long nowMs) {}

        @Override
        protected void release() {
            open.values().forEach(EchoConversation::close);
        }
    }

    /** One of the conversations, with a link of its own: its credit, its answers, its end. */
    private static final class EchoConversation extends Conversation implements PublishPort, DeliveryPort {
        private final EchoSession session;
        private final int number;
        private final Link link;
        private long tickets;
        private long unanswered;

        private EchoConversation(EchoSession session, int number, String peer) {
            super(session.conversations);
            this.session = session;
            this.number = number;
            SessionInfo info = new SessionInfo("echo", peer, "conversation " + number, session.identity.user());
            link = session.shared.context().broker().open(this, Patience.REFUSE, info, session.identity);
        }

        @Override
        protected void perform(byte[] bytes, int from, int length) {
            String[] words = new String(bytes, from, length, StandardCharsets.UTF_8).split(" ", 4);
            switch (words[1]) {
                case "ECHO" -> answer("ECHO " + words[2] + " " + words[3]);
                case "PUB" -> publish(link.catalog().topic(TopicName.of(words[2])), words[3]);
                case "SUB" -> subscribe(words[2], words[3]);
                default -> answer("ERROR " + ErrorCode.UNKNOWN_COMMAND);
            }
        }

        private void publish(@Nullable Topic topic, String text) {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            Refusal refusal = topic == null
                    ? Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "")
                    : link.publish(topic, new Draft().payload(payload, 0, payload.length), tickets);
            if (refusal == null) {
                tickets++;
                unanswered++;
            } else {
                answer("ERROR " + refusal.code() + " " + refusal.detail());
            }
        }

        /** What comes behind it in this conversation waits for the answer. */
        private void subscribe(String topic, String group) {
            pause(Pauses.Reason.ANSWER);
            link.subscribe(new SubscribeSpec(SubscribeSpec.Kind.GROUP, topic, group, null, 16, StartPosition.first()))
                    .onSuccess(joined -> answer("JOINED"))
                    .onFailure(failed ->
                            answer("ERROR " + BrokerException.refusal(failed).code()))
                    .onComplete(done -> lift(Pauses.Reason.ANSWER));
        }

        private void answer(String text) {
            session.answer(number, text);
            link.markDirty();
        }

        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {
            unanswered -= count;
            answer("STORED " + firstTicket + " " + count);
        }

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal) {
            unanswered -= count;
            answer("REFUSED " + firstTicket + " " + count + " " + refusal.code());
        }

        /** Acknowledged once the socket took it. */
        @Override
        public void onDeliveries(SubscriptionLink from, DeliveryBatch batch) {
            WrittenMarks.Mark mark = session.marks().begin(from, batch.partitionIndex());
            mark.written(batch.bytes());
            MessageView view = new MessageView();
            for (int i = 0; i < batch.size() && view.read(batch.run(i).bytes(), batch.position(i)); i++) {
                answer("MSG " + view.payloadText().replace('\n', ' '));
                mark.ack(batch.offset(i));
            }
        }

        @Override
        public void onEnded(SubscriptionLink ended, String reason) {
            answer("ENDED " + reason);
        }

        /** This conversation is over, the others go on. */
        @Override
        public void onClosedByBroker(Refusal refusal) {
            session.answer(number, "ERROR " + refusal.code());
            session.open.remove(number);
            close();
            session.flush();
        }

        private void close() {
            end();
            link.close();
        }
    }
}

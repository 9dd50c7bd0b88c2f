package dev.recado.transport.echo;

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
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.Subscription;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.transport.BoundListener;
import dev.recado.transport.DeclaredListener;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        return SessionListener.start(context, LISTENER, () -> new EchoSessions(context, max))
                .map(List::of);
    }

    /** The sessions of one event loop. */
    private record EchoSessions(TransportContext context, int conversationsMax) implements Sessions {
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
    private static final class EchoSession implements WireSession {
        private final EchoSessions shared;
        private final Wire wire;
        private final Map<Integer, Conversation> conversations = new HashMap<>();
        private final @Nullable Identity identity;
        private final ByteWriter line = new ByteWriter(64);
        /** What the socket has yet to be given: answers to one read, and deliveries, which the broker bounds. */
        private final ByteWriter out = new ByteWriter(64);

        private final WrittenMarks marks = new WrittenMarks();
        private long sentBytes;
        private boolean ending;

        private EchoSession(EchoSessions shared, Wire wire) {
            this.shared = shared;
            this.wire = wire;
            identity = shared.context().authenticator().anonymous();
        }

        @Override
        public void onBytes(byte[] bytes, int from, int length) {
            for (int at = from; at < from + length && !ending; at++) {
                if (bytes[at] == '\n') {
                    perform(new String(line.array(), 0, line.size(), StandardCharsets.UTF_8));
                    line.clear();
                } else if (line.size() < LINE_BYTES_MAX) {
                    line.put(bytes[at]);
                } else {
                    answer(0, "ERROR MALFORMED a line has at most 4096 bytes");
                    ending = true;
                }
            }
            flush();
        }

        private void perform(String text) {
            String[] words = text.split(" ", 4);
            int number = words[0].matches("[1-9][0-9]{0,2}") ? Integer.parseInt(words[0]) : 0;
            if (identity == null || number == 0 || number > shared.conversationsMax() || words.length < 4) {
                answer(0, "ERROR MALFORMED <1 to " + shared.conversationsMax() + "> ECHO, PUB or SUB <word> <text>");
            } else {
                conversations
                        .computeIfAbsent(number, unused -> new Conversation(number, identity))
                        .perform(words[1], words[2], words[3]);
            }
        }

        private void answer(int number, String text) {
            out.put((number + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** Gives the socket what there is, if it takes more; else nothing is read until it does. */
        private void flush() {
            if (out.size() > 0 && !wire.isFull()) {
                sentBytes += out.size();
                marks.seal(sentBytes);
                wire.write(out);
                out.clear(LINE_BYTES_MAX);
            }
            if (out.size() > 0) {
                wire.reading(false);
            } else if (ending && conversations.values().stream().noneMatch(one -> one.unanswered > 0)) {
                wire.close();
            }
        }

        @Override
        public void onWritten(long position) {
            marks.onWritten(position);
        }

        @Override
        public void onWritable() {
            flush();
            wire.reading(out.size() == 0);
        }

        @Override
        public void onEndOfInput() {
            drain();
        }

        @Override
        public void drain() {
            ending = true;
            flush();
        }

        @Override
        public void onClosed() {
            conversations.values().forEach(one -> one.link.close());
        }

        @Override
        public void onTick() {}

        /** One of the conversations, with a link of its own: its credit, its answers, its end. */
        private final class Conversation implements SessionPort, PublishPort, DeliveryPort {
            private final int number;
            private final Link link;
            private long tickets;
            private long unanswered;
            private boolean subscribed;
            private boolean tooMuchUnconfirmed;

            private Conversation(int number, Identity identity) {
                this.number = number;
                SessionInfo info = new SessionInfo("echo", wire.peer(), "conversation " + number, identity.user());
                link = shared.context().broker().open(this, Patience.REFUSE, info);
            }

            private void perform(String verb, String word, String text) {
                switch (verb) {
                    case "ECHO" -> answer("ECHO " + word + " " + text);
                    case "PUB" ->
                        publish(link.catalog().topic(TopicName.of(word)), text.getBytes(StandardCharsets.UTF_8));
                    case "SUB" -> subscribe(word, text);
                    default -> answer("ERROR " + ErrorCode.UNKNOWN_COMMAND);
                }
            }

            /** Too much unconfirmed is refused: to read no more would hold up the other conversations. */
            private void publish(@Nullable Topic topic, byte[] text) {
                Refusal refusal = topic == null || tooMuchUnconfirmed
                        ? Refusal.of(topic == null ? ErrorCode.TOPIC_NOT_FOUND : ErrorCode.LIMIT_REACHED, "")
                        : link.publish(topic, new Draft().payload(text, 0, text.length), tickets);
                if (refusal == null) {
                    tickets++;
                    unanswered++;
                } else {
                    answer("ERROR " + refusal.code() + " " + refusal.detail());
                }
            }

            private void subscribe(String topic, String group) {
                if (subscribed) {
                    answer("ERROR " + ErrorCode.NOT_ALLOWED + " one SUB a conversation");
                    return;
                }
                subscribed = true;
                SubscribeSpec.Kind kind = SubscribeSpec.Kind.GROUP;
                link.subscribe(new SubscribeSpec(kind, topic, group, null, 16, StartPosition.first()))
                        .onComplete(joined -> answer(joined.succeeded() ? "JOINED" : "ERROR " + joined.cause()));
            }

            private void answer(String text) {
                EchoSession.this.answer(number, text);
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
            public void onDeliveries(Subscription from, DeliveryBatch batch) {
                WrittenMarks.Mark mark = marks.begin(from, batch.partitionIndex());
                mark.written(batch.bytes());
                MessageView view = new MessageView();
                for (int i = 0; i < batch.size() && view.read(batch.run(i).bytes(), batch.position(i)); i++) {
                    answer("MSG " + view.payloadText().replace('\n', ' '));
                    mark.ack(batch.offset(i));
                }
            }

            @Override
            public void onEnded(Subscription ended, String reason) {
                answer("ENDED " + reason);
            }

            /** This conversation is over, the others go on. */
            @Override
            public void onClosedByBroker(Refusal refusal) {
                answer("ERROR " + refusal.code());
                conversations.remove(number);
                link.close();
                flush();
            }

            @Override
            public void onBackPressure(boolean pauseReading) {
                tooMuchUnconfirmed = pauseReading;
            }

            @Override
            public void onTurnEnd() {
                flush();
            }

            @Override
            public void onRouted(long ticket, int topics) {}

            @Override
            public void onTapped(Subscription from, TapBatch batch) {}

            @Override
            public void onAcked(Subscription from, int partitionIndex, long offset) {}
        }
    }
}

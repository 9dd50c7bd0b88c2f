package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.broker.SlowTap;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeClock;
import dev.recado.transport.FakeLink;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.PlainAuthenticator;
import dev.recado.transport.SessionSettings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A fake broker with all roles on one loop, and peers, driven by transcripts: {@code w = REP at DEALER} connects a peer
 * (with {@code as alice} it has an identity), {@code w> [a][b]} is sent by it, {@code w< [a]} is what it must hear
 * next, {@code w~} is gone, {@code w! closed} tells that its connection was ended. A transcript holds all that is said:
 * anything more fails it. Settings are fields, to be changed before the first peer comes.
 */
final class ZmtpStage {

    static final String REQUESTS = "requests";
    static final String PUBSUB = "pubsub";
    static final String PIPELINE = "pipeline";

    final FakeBroker broker = new FakeBroker();
    final FakeClock clock = new FakeClock();
    final ByteBudget budget = new ByteBudget(4 << 20);
    final ByteBudget answers = new ByteBudget(1 << 20);
    /** Bytes of heap that large output holds. */
    final AtomicLong largeBytes = new AtomicLong();

    long heartbeatMs;
    boolean takeOver;
    int workerCredit = 100;
    boolean redeliver;
    int pullerCredit = 100;
    int redeliverWindow;
    int subscriptionsMax = 100;
    int messageBytesMax = 1 << 20;
    Curve.@Nullable Keys curve;
    Authenticator authenticator = open();
    private final Map<Role, ZmtpEnvironment> environments = new EnumMap<>(Role.class);
    private final Map<String, ZmtpPeer> peers = new LinkedHashMap<>();
    private final Map<String, Integer> links = new LinkedHashMap<>();

    static TopicSettings topic(TopicKind kind) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.KIND, kind).with(TopicSettings.DURABILITY, Durability.MEMORY);
    }

    /** Nobody has to log in. */
    static Authenticator open() {
        return new PlainAuthenticator() {
            @Override
            public Identity anonymous(String listener) {
                return new Identity("anonymous", Rights.ALL);
            }

            @Override
            public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
                return Future.succeededFuture(null);
            }

            @Override
            public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
                return Future.succeededFuture(new Identity("curve", Rights.ALL));
            }
        };
    }

    ZmtpSettings settings() {
        return new ZmtpSettings(
                new ZmtpSettings.Topics(
                        new ZmtpSettings.TopicRef(REQUESTS, topic(TopicKind.QUEUE)),
                        new ZmtpSettings.TopicRef(PUBSUB, topic(TopicKind.LOG)),
                        new ZmtpSettings.TopicRef(PIPELINE, topic(TopicKind.QUEUE))),
                heartbeatMs,
                takeOver,
                new ZmtpSettings.Workers(workerCredit, redeliver),
                new ZmtpSettings.Pullers(pullerCredit, redeliverWindow),
                new ZmtpSettings.Subscribers(SlowTap.DROP, subscriptionsMax),
                new ZmtpSettings.Entrance("", "", Identity.NOBODY, "", true));
    }

    private ZmtpEnvironment environment(Role role) {
        return environments.computeIfAbsent(
                role,
                unused -> new ZmtpEnvironment(
                        role,
                        new ZmtpEnvironment.Ports(broker, new LoopAuthenticator(authenticator, Runnable::run), clock),
                        settings(),
                        new SessionSettings(
                                messageBytesMax, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT),
                        new ZmtpEnvironment.Memory(budget.lender(), answers, largeBytes::addAndGet),
                        curve,
                        true));
    }

    /** Opens a connection and says nothing yet. */
    ZmtpPeer connection(Role role) {
        ZmtpPeer peer = new ZmtpPeer();
        ZmtpEnvironment environment = environment(role);
        peer.open(new ZmtpSession(
                environment, peer, role, (session, greeted) -> Roles.traffic(role, environment, session, greeted)));
        return peer;
    }

    /** Connects a peer of ZMTP 3.1 and passes over the READY that it hears. */
    ZmtpPeer connect(String name, String type, Role role, String identity) {
        ZmtpPeer peer = connection(role);
        peer.greet(type, identity, 1);
        peers.put(name, peer);
        links.put(name, broker.links.size() - 1);
        broker.turn();
        assertThat(peer.next()).as("READY for " + name).startsWith("/READY \\x0bSocket-Type");
        return peer;
    }

    ZmtpPeer connect(String name, String type, Role role) {
        return connect(name, type, role, "");
    }

    ZmtpPeer peer(String name) {
        return Objects.requireNonNull(peers.get(name), name);
    }

    /** A peer's way into the broker. */
    FakeLink link(String name) {
        return broker.links.get(Objects.requireNonNull(links.get(name), name));
    }

    /** Whether its session is over but for the closing of the socket. */
    boolean isEnding(ZmtpPeer peer) {
        return !peer.session().isOpen();
    }

    void tick(long ms) {
        clock.nowMs += ms;
        peers.values().forEach(peer -> peer.session().onTick());
        broker.turn();
    }

    Topic topic(String name) {
        return Objects.requireNonNull(broker.catalog.topic(new TopicName("/", name)), name);
    }

    /** What was acknowledged of a queue, or given back. */
    List<String> settled(String topic) {
        return Objects.requireNonNull(broker.log(topic(topic)).groups.get("queue")).settled;
    }

    /** Messages that wait in a queue. */
    int ready(String topic) {
        return Objects.requireNonNull(broker.log(topic(topic)).groups.get("queue"))
                .ready
                .size();
    }

    /** Somebody of another protocol publishes. */
    void store(String topic, Draft draft) {
        broker.store(topic(topic), 0, FakeBroker.message(draft));
    }

    void store(String topic, String payload) {
        byte[] bytes = Frame.bytes(payload);
        store(topic, new Draft().payload(bytes, 0, bytes.length));
    }

    /** The stored messages of a topic as key, payload and number of parts. */
    List<String> stored(String topic) {
        List<String> found = new ArrayList<>();
        for (MessageView view : views(topic)) {
            found.add(view.keyText() + "|" + view.payloadText() + "|" + view.partCount);
        }
        return found;
    }

    /** The header reply-to of each stored message. */
    List<String> replyTo(String topic) {
        List<String> found = new ArrayList<>();
        for (MessageView view : views(topic)) {
            found.add(
                    String.valueOf(Headers.find(view.bytes, view.headersStart, view.headersLength, Headers.REPLY_TO)));
        }
        return found;
    }

    private List<MessageView> views(String topic) {
        List<MessageView> views = new ArrayList<>();
        for (StoredRun run : broker.log(topic(topic)).partitions.get(0)) {
            MessageView view = new MessageView();
            assertThat(view.read(run.bytes(), run.messagesStart())).isTrue();
            views.add(view);
        }
        return views;
    }

    /** Plays a transcript; see the class. */
    void play(String transcript) {
        for (String line : transcript.lines().filter(one -> !one.isBlank()).toList()) {
            step(line);
        }
        broker.turn();
        peers.forEach(
                (name, peer) -> assertThat(peer.next()).as("rest of " + name).isNull());
    }

    private void step(String line) {
        int mark = 0;
        while ("=<>!~".indexOf(line.charAt(mark)) < 0) {
            mark++;
        }
        String name = line.substring(0, mark).trim();
        String text = line.substring(mark + 1).trim();
        switch (line.charAt(mark)) {
            case '=' -> {
                String[] words = text.split(" ");
                connect(name, words[0], Role.valueOf(words[2]), words.length > 4 ? words[4] : "");
            }
            case '>' -> {
                peer(name).send(text);
                broker.turn();
            }
            case '<' -> {
                broker.turn();
                assertThat(peer(name).next()).as(line).isEqualTo(text);
            }
            case '~' -> {
                peer(name).hangUp();
                broker.turn();
            }
            default -> {
                broker.turn();
                assertThat(peer(name).closed).as(line).isTrue();
            }
        }
    }
}

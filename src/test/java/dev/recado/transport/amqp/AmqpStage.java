package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeClock;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.PlainAuthenticator;
import dev.recado.transport.SessionSettings;
import dev.recado.transport.TopicCaches;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A fake broker and clients that talk to it, driven by transcripts: {@code > 1 queue.declare q} is sent, with {@code
 * a>} by client a, several of them at once where they stand below each other; {@code < 1 queue.declare-ok q 0 0} is
 * what the client must hear next, {@code ! closed} tells that its connection was ended, {@code ~} that its program is
 * gone. A client connects when it is first named. A transcript holds all that is said: anything more fails it. Settings
 * are fields, to be changed before the first client comes.
 */
final class AmqpStage {

    private static final String[] CAPABILITIES = {"consumer_cancel_notify", "authentication_failure_close"};

    final FakeBroker broker = new FakeBroker();
    final FakeClock clock = new FakeClock();
    final ByteBudget budget = new ByteBudget(4 << 20);
    final ByteBudget replies = new ByteBudget(4 << 20);

    int heartbeatSeconds = 60;
    int channelsMax = 2_047;
    int frameBytesMax = 128 * 1024;
    int messageBytesMax = 1 << 20;
    /** What the clients that a transcript names announce. */
    String[] capabilities = CAPABILITIES;

    /** Who logs in as {@code ana}, with any password. */
    Identity ana = Identity.NOBODY;

    /** The secret of guest. */
    String password = "guest";

    private final AtomicLong uuids = new AtomicLong();
    private @Nullable AmqpEnvironment environment;
    private final Map<String, AmqpPeer> peers = new LinkedHashMap<>();

    private Authenticator authenticator() {
        return new PlainAuthenticator() {
            @Override
            public @Nullable Identity anonymous(String listener) {
                return null;
            }

            @Override
            public Future<@Nullable Identity> authenticate(String address, String user, byte[] given) {
                boolean known = user.equals("guest") && new String(given, StandardCharsets.UTF_8).equals(password);
                Identity others = user.equals("ana") ? ana : null;
                return Future.succeededFuture(known ? new Identity(user, Rights.ALL) : others);
            }
        };
    }

    private AmqpEnvironment environment() {
        AmqpEnvironment known = environment;
        if (known != null) {
            return known;
        }
        SessionSettings sessions =
                new SessionSettings(messageBytesMax, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
        AmqpEnvironment made = new AmqpEnvironment(
                broker,
                new LoopAuthenticator(authenticator(), Runnable::run),
                new AmqpSettings(heartbeatSeconds, channelsMax, frameBytesMax, "", sessions),
                clock,
                budget.lender(),
                () -> new UUID(0, uuids.incrementAndGet()),
                new AmqpEnvironment.Memory(
                        new LoopScratch(),
                        new TopicCaches(),
                        bytes -> {},
                        replies,
                        new PeerLog("amqp", "amqp"),
                        new StartFrame(broker.version(), false)));
        environment = made;
        return made;
    }

    /** Opens a connection and says nothing yet. */
    AmqpPeer connection(String name) {
        AmqpPeer peer = new AmqpPeer();
        peer.open(new AmqpSession(environment(), peer));
        peers.put(name, peer);
        return peer;
    }

    /** A connection whose client has logged in, with channel 1 open, and heard all of that. */
    AmqpPeer connect(String name) {
        return connect(name, "/");
    }

    /** The same to a virtual host, which is there. */
    AmqpPeer connect(String name, String virtualHost) {
        return connect(name, virtualHost, "guest");
    }

    /** The same as somebody, whose password is the name. */
    AmqpPeer connect(String name, String virtualHost, String user) {
        AmqpPeer peer = connection(name);
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain(user, user), capabilities);
        turn();
        peer.send("0 connection.tune-ok " + channelsMax + " " + frameBytesMax + " " + heartbeatSeconds);
        peer.frameBytesMax = frameBytesMax;
        peer.send("0 connection.open " + virtualHost, "1 channel.open");
        turn();
        assertThat(heard(peer)).hasSize(4).last().isEqualTo("1 channel.open-ok");
        return peer;
    }

    /** All that it has heard since it was asked last. */
    static List<String> heard(AmqpPeer peer) {
        List<String> all = new ArrayList<>();
        for (String next = peer.next(); next != null; next = peer.next()) {
            all.add(next);
        }
        return all;
    }

    AmqpPeer peer(String name) {
        AmqpPeer known = peers.get(name);
        return known == null ? connect(name) : known;
    }

    /** Runs until nothing is left to do. */
    void turn() {
        boolean busy = true;
        while (busy) {
            broker.turn();
            busy = false;
            for (AmqpPeer peer : List.copyOf(peers.values())) {
                busy |= peer.work();
            }
        }
    }

    void tick(long ms) {
        clock.nowMs += ms;
        List.copyOf(peers.values()).forEach(peer -> peer.session().onTick());
        turn();
    }

    void exchange(String name, ExchangeType type) {
        broker.change(new CatalogChange.CreateExchange(TopicName.of(name), type), Identity.BROKER);
    }

    Topic topic(String name) {
        return Objects.requireNonNull(broker.catalog.topic(TopicName.of(name)), name);
    }

    /** The payloads that a queue was given. */
    List<String> stored(String queue) {
        return views(queue).stream().map(MessageView::payloadText).toList();
    }

    List<MessageView> views(String queue) {
        List<MessageView> views = new ArrayList<>();
        for (StoredRun run : broker.log(topic(queue)).partitions.get(0)) {
            MessageView view = new MessageView();
            assertThat(view.read(run.bytes(), run.messagesStart())).isTrue();
            views.add(view);
        }
        return views;
    }

    /** What was acknowledged of a queue, or given back. */
    List<String> settled(String queue) {
        return Objects.requireNonNull(broker.log(topic(queue)).groups.get("queue")).settled;
    }

    /** Plays a transcript; see the class. */
    void play(String transcript) {
        List<String> sending = new ArrayList<>();
        String sender = "";
        for (String line : transcript.lines().filter(one -> !one.isBlank()).toList()) {
            int mark = 0;
            while ("<>!~".indexOf(line.charAt(mark)) < 0) {
                mark++;
            }
            String name = line.substring(0, mark).trim();
            String text = line.substring(mark + 1).trim();
            boolean sends = line.charAt(mark) == '>';
            if (!sending.isEmpty() && (!sends || !name.equals(sender))) {
                send(sender, sending);
            }
            sender = name;
            if (sends) {
                sending.add(text);
            } else {
                step(line.charAt(mark), name, text, line);
            }
        }
        send(sender, sending);
        peers.forEach(
                (name, peer) -> assertThat(peer.next()).as("rest of " + name).isNull());
        assertThat(broker.sessionFailures).isEmpty();
    }

    private void send(String name, List<String> lines) {
        if (!lines.isEmpty()) {
            peer(name).send(lines.toArray(new String[0]));
            lines.clear();
            turn();
        }
    }

    private void step(char mark, String name, String text, String line) {
        switch (mark) {
            case '<' -> {
                turn();
                assertThat(peer(name).next()).as(line).isEqualTo(text);
            }
            case '~' -> {
                peer(name).close();
                turn();
            }
            default -> assertThat(peer(name).closed).as(line).isTrue();
        }
    }
}

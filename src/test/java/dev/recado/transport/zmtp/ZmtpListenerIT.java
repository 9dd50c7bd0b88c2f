package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ByteWriter;
import dev.recado.base.SettingValues;
import dev.recado.base.TimeSource;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.transport.BadClient;
import dev.recado.transport.BoundListener;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.ConnectionCount;
import dev.recado.transport.LoopBroker;
import dev.recado.transport.LoopSockets;
import dev.recado.transport.SessionSettings;
import dev.recado.transport.SharedByListeners;
import dev.recado.transport.Transport;
import dev.recado.transport.TransportContext;
import dev.recado.transport.zmtp.wire.Recorded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The listeners on real sockets, against peers that behave badly; behind them a fake broker. */
@Timeout(60)
class ZmtpListenerIT {

    private static final int CLIENTS_MAX = 20;
    private static final int MESSAGE_MAX = 1 << 20;
    private static final int SERVER_START_BYTES = 11;

    private final Vertx vertx = Vertx.vertx();
    private final LoopBroker broker = new LoopBroker();
    private final ConnectionCount connections = new ConnectionCount(CLIENTS_MAX);
    private final ByteBudget assembly = new ByteBudget(8 << 20);
    private final Map<String, BoundListener> listeners = new HashMap<>();
    private final ZmtpStage settings = new ZmtpStage();

    private void start() throws Exception {
        SessionSettings session =
                new SessionSettings(MESSAGE_MAX, 1_500, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
        Map<String, String> given = given();
        Transport transport = new ZmtpTransport();
        TransportContext context = new TransportContext(
                vertx,
                broker,
                ZmtpStage.open(),
                TimeSource.system(),
                new SharedByListeners(1, connections, assembly, new LoopSockets(16 << 20), figure -> {}),
                session,
                SettingValues.of(transport.settings(), given));
        for (BoundListener each : wait(transport.start(context))) {
            listeners.put(each.name(), each);
        }
    }

    /** What the stage's sessions would have. */
    private Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        for (Role role : Role.values()) {
            given.put(role.declared(true).portKey(), "0");
        }
        given.put("zmtp.requests.topic", ZmtpStage.REQUESTS);
        given.put("zmtp.pubsub.topic", ZmtpStage.PUBSUB);
        given.put("zmtp.pipeline.topic", ZmtpStage.PIPELINE);
        given.put("zmtp.pipeline.durability", "memory");
        given.put("zmtp.heartbeat", Long.toString(settings.heartbeatMs));
        given.put("zmtp.router.take-over", Boolean.toString(settings.takeOver));
        given.put("zmtp.dealer.credit", Integer.toString(settings.workerCredit));
        given.put("zmtp.push.credit", Integer.toString(settings.pullerCredit));
        given.put("zmtp.xpub.subscriptions-max", Integer.toString(settings.subscriptionsMax));
        return given;
    }

    @AfterEach
    void stop() throws Exception {
        for (BoundListener each : listeners.values()) {
            wait(each.stop(2_000));
        }
        assertThat(connections.open()).as("connections left").isZero();
        assertThat(assembly.usedBytes()).as("memory left").isZero();
        wait(vertx.close());
    }

    private static <T> T wait(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private BadClient client(Role role) throws Exception {
        if (listeners.isEmpty()) {
            start();
        }
        return new BadClient(listeners.get(role.listener()).port());
    }

    /** Greets as a socket of libzmq does and reads what the broker says to that. */
    private BadClient greeted(Role role, String type, String identity) throws Exception {
        BadClient client = client(role).send(Arrays.copyOf(Recorded.PUSH, 64));
        assertThat(client.bytes(64)).startsWith("\u00ff").contains("NULL");
        String id = identity.isEmpty() ? "" : "\\x08Identity\\x00\\x00\\x00" + hex(identity) + identity;
        client.send(Frame.wire("/READY \\x0bSocket-Type\\x00\\x00\\x00" + hex(type) + type + id));
        int length = client.bytes(2).charAt(1);
        assertThat(client.bytes(length)).contains("READY", "Socket-Type", role.name());
        return client;
    }

    private static String hex(String counted) {
        return String.format("\\x%02x", counted.length());
    }

    /** Another client is served as if nothing had happened. */
    private void assertServes() throws Exception {
        await().untilAsserted(() -> assertThat(connections.open()).isLessThan(CLIENTS_MAX));
        try (BadClient other = greeted(Role.PULL, "PUSH", "")) {
            other.send(Frame.wire("[work]")).send(Frame.wire("/PING \\x00\\x00ok"));
            assertThat(other.bytes(9)).isEqualTo("\u0004\u0007\u0004PONGok");
        }
        await().untilAsserted(() -> assertThat(assembly.usedBytes()).isZero());
    }

    @Test
    void shouldServeEveryRoleOnAFreePort() throws Exception {
        greeted(Role.ROUTER, "REQ", "").close();
        greeted(Role.DEALER, "REP", "").close();
        greeted(Role.XSUB, "PUB", "").close();
        greeted(Role.XPUB, "SUB", "").close();
        greeted(Role.PUSH, "PULL", "").close();
        assertServes();
        assertThat(listeners.values().stream().map(BoundListener::port).distinct())
                .hasSize(6);
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
    }

    @Test
    void shouldHangUpOnWrongGreetings() throws Exception {
        for (String bad : List.of(
                "GET / HTTP/1.1\r\n\r\n",
                "\u0001\u0000test",
                "\u00ff\0\0\0\0\0\0\0\u0001~",
                "\u00ff\0\0\0\0\0\0\0\u0001\u007f\0")) {
            try (BadClient client = client(Role.PULL)) {
                assertThat(client.send(bad).rest()).as(bad).hasSize(SERVER_START_BYTES);
            }
        }
        assertServes();
    }

    @Test
    void shouldTellWhyItHangsUp() throws Exception {
        Map<String, String> reasons = Map.of(
                "040908" + "4e4f4e53454e5345",
                "unknown command",
                "040100",
                "without a name",
                "0500",
                "MORE",
                "f800",
                "reserved bits",
                "02000000ffffffffff",
                "limit=",
                "02ffffffffffffffff",
                "limit=",
                "0101" + "61" + "040504504f4e47",
                "between the frames",
                "0406" + "0450494e47" + "00",
                "time to live");
        for (Map.Entry<String, String> bad : reasons.entrySet()) {
            try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
                client.send(Recorded.hex(bad.getKey()));
                assertThat(client.rest()).as(bad.getKey()).contains("ERROR").contains(bad.getValue());
            }
        }
        try (BadClient client = client(Role.PULL)) {
            client.send(Arrays.copyOf(Recorded.SUB, 64 + 27));
            assertThat(client.rest()).contains("this is zmtp-pull", "SUB connects to zmtp-xpub");
        }
        assertServes();
    }

    @Test
    void shouldEndEndlessMessages() throws Exception {
        byte[] empty = new byte[8_000];
        byte[] full = new byte[8_000];
        for (int i = 0; i < 8_000; i += 2) {
            empty[i] = 1;
        }
        for (int i = 0; i < 8_000; i += 200) {
            full[i] = 1;
            full[i + 1] = (byte) 198;
        }
        for (byte[] endless : List.of(empty, full)) {
            try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
                client.flood(endless, 64 << 20);
            }
        }
        assertServes();
    }

    @Test
    void shouldEndWhoSubscribesToTooMuch() throws Exception {
        try (BadClient client = greeted(Role.XPUB, "SUB", "")) {
            for (int i = 0; i <= settings.subscriptionsMax; i++) {
                client.send(Frame.wire("/SUBSCRIBE topic." + i));
            }
            assertThat(client.rest()).contains("too many subscriptions, limit=100");
        }
        assertServes();
    }

    @Test
    void shouldRefuseASecondClientWithAnIdentity() throws Exception {
        try (BadClient first = greeted(Role.ROUTER, "REQ", "alice");
                BadClient second = greeted(Role.ROUTER, "REQ", "alice")) {
            assertThat(second.rest()).contains("ERROR", "NAME_IN_USE");
            first.send(Frame.wire("/PING \\x00\\x00"));
            assertThat(first.bytes(7)).contains("PONG");
        }
        await().untilAsserted(() -> assertThat(connections.open()).isZero());
        greeted(Role.ROUTER, "REQ", "alice").close();
    }

    @Test
    void shouldEndTheFirstClientWithAnIdentityWhereThatIsAskedFor() throws Exception {
        settings.takeOver = true;
        try (BadClient first = greeted(Role.ROUTER, "REQ", "alice");
                BadClient second = greeted(Role.ROUTER, "REQ", "alice")) {
            assertThat(first.rest()).contains("ERROR");
            second.send(Frame.wire("/PING \\x00\\x00"));
            assertThat(second.bytes(7)).contains("PONG");
        }
    }

    @Test
    void shouldForgetPeersThatSayNothing() throws Exception {
        settings.heartbeatMs = 300;
        try (BadClient silent = client(Role.PULL);
                BadClient half = client(Role.PULL);
                BadClient idle = greeted(Role.PULL, "PUSH", "")) {
            half.send(Arrays.copyOf(Recorded.PUSH, 64 + 10));
            assertThat(idle.rest()).contains("PING", "ERROR", "silent for");
            assertThat(silent.rest()).hasSize(SERVER_START_BYTES);
            assertThat(half.rest())
                    .as("an ERROR would end libzmq for good")
                    .contains("NULL")
                    .doesNotContain("ERROR");
        }
        settings.heartbeatMs = 0;
    }

    @Test
    void shouldTakeWhatWasSentBeforeAPeerHungUpHalf() throws Exception {
        try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
            client.send(Frame.wire("[work]"))
                    .send(Frame.wire("/PING \\x00\\x00"))
                    .hangUpHalf();
            assertThat(client.rest()).isEqualTo("\u0004\u0005\u0004PONG");
        }
        assertServes();
    }

    @Test
    void shouldHoldLittleForWhoPingsAndDoesNotRead() throws Exception {
        byte[] pings = new byte[2_500];
        for (int i = 0; i < pings.length; i += 25) {
            System.arraycopy(Frame.wire("/PING \\x00\\x000123456789abcdef"), 0, pings, i, 25);
        }
        Thread flooding;
        try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
            flooding = new Thread(() -> client.flood(pings, 1L << 30));
            flooding.start();
            for (int i = 0; i < 5; i++) {
                assertServes();
            }
        }
        flooding.join(10_000);
        assertThat(flooding.isAlive()).isFalse();
    }

    @Test
    void shouldSurviveRubbish() throws Exception {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            byte[] rubbish = new byte[20_000];
            random.nextBytes(rubbish);
            ByteWriter stream = new ByteWriter(1_024);
            stream.put(seed % 2 == 0 ? Recorded.PUSH : rubbish).put(rubbish);
            try (BadClient client = client(List.of(Role.values()).get(seed % 6))) {
                client.flood(stream.toByteArray(), stream.size());
            }
        }
        assertServes();
    }

    @Test
    void shouldGiveBackAHalfSentMessage() throws Exception {
        try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
            client.send(Arrays.copyOf(Frame.wire("[" + "x".repeat(500_000) + "]"), 100_000));
            await().untilAsserted(() -> assertThat(assembly.usedBytes()).isPositive());
        }
        assertServes();
    }

    @Test
    void shouldCloseEveryConnectionWhenItStops() throws Exception {
        try (BadClient client = greeted(Role.PULL, "PUSH", "")) {
            Future<Void> stopped = listeners.get("zmtp-pull").stop(5_000);
            assertThat(client.rest()).isEmpty();
            wait(stopped);
        }
    }
}

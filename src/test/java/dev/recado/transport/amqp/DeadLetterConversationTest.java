package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.SimRig;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.FakeClock;
import dev.recado.transport.LoopAuthenticator;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.PeerLog;
import dev.recado.transport.PlainAuthenticator;
import dev.recado.transport.SessionSettings;
import dev.recado.transport.TopicCaches;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dead letters as AMQP clients see them, of a simulated node. Times in {@code x-death} are left out. */
@Timeout(60)
class DeadLetterConversationTest {

    private static final String EMPTY = "''";
    /** The first of a message, and one that was written again. */
    private static final String FIRST_DEATH = "{count=1,reason=%s,queue=%s,time=T,exchange=%s,routing-keys=[%s]}";

    private static final String DEATH = "{count=%s,exchange=%s,queue=%s,reason=%s,routing-keys=[%s],time=T}";

    private SimRig rig;
    private AmqpPeer peer;

    @BeforeEach
    void start() {
        rig = SimRig.start(2);
        peer = new AmqpPeer();
        ByteBudget budget = new ByteBudget(4 << 20);
        SessionSettings sessions =
                new SessionSettings(1 << 20, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
        AtomicLong uuids = new AtomicLong();
        AmqpEnvironment environment = new AmqpEnvironment(
                rig.sessions(),
                new LoopAuthenticator(new Everybody(), Runnable::run),
                new AmqpSettings(60, 2_047, 128 * 1024, "", sessions),
                new FakeClock(),
                budget.lender(),
                () -> new UUID(0, uuids.incrementAndGet()),
                new AmqpEnvironment.Memory(
                        new LoopScratch(),
                        new TopicCaches(),
                        bytes -> {},
                        new ByteBudget(1 << 20),
                        new PeerLog("amqp", "amqp"),
                        new StartFrame("test", false)));
        onLoop(() -> peer.open(new AmqpSession(environment, peer)));
        onLoop(() -> {
            peer.send(AmqpPeer.HEADER);
            peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"), "consumer_cancel_notify");
        });
        say("0 connection.tune-ok 2047 131072 60", "0 connection.open /", "1 channel.open", "1 confirm.select");
    }

    @AfterEach
    void stop() {
        onLoop(peer::close);
        rig.close();
    }

    private static final class Everybody extends PlainAuthenticator {
        @Override
        public @Nullable Identity anonymous(String listener) {
            return null;
        }

        @Override
        public Future<@Nullable Identity> authenticate(String address, String user, byte[] given) {
            return Future.succeededFuture(new Identity(user, Rights.ALL));
        }
    }

    private void onLoop(Runnable task) {
        rig.onLoop(0, () -> {
            task.run();
            return true;
        });
    }

    private boolean work() {
        return rig.onLoop(0, () -> peer.work());
    }

    private List<String> heard() {
        List<String> all = new ArrayList<>();
        for (String next = peer.next(); next != null; next = peer.next()) {
            all.add(next.replaceAll("time=[-0-9T:Z.]+", "time=T"));
        }
        return all;
    }

    /** Says these and answers what is heard within {@code ms}, but for confirmations. */
    private List<String> within(long ms, String... lines) {
        if (lines.length > 0) {
            onLoop(() -> peer.send(lines));
        }
        long left = ms;
        while (work() || left > 0) {
            rig.pass(10);
            left -= 10;
        }
        return heard().stream()
                .filter(line -> !line.matches("1 basic\\.ack .*"))
                .toList();
    }

    private List<String> say(String... lines) {
        return within(500, lines);
    }

    /** Arguments of a queue whose dead letters go to another. */
    private static String to(String queue) {
        return " x-dead-letter-exchange=" + EMPTY + " x-dead-letter-routing-key=" + queue;
    }

    private static String firstDeath(String exchange, String queue, String reason, String keys) {
        return FIRST_DEATH.formatted(reason, queue, exchange, keys);
    }

    private static String death(String count, String exchange, String queue, String reason, String keys) {
        return DEATH.formatted(count, exchange, queue, reason, keys);
    }

    private static String first(String exchange, String queue, String reason) {
        return "x-first-death-exchange=" + exchange + ",x-first-death-queue=" + queue + ",x-first-death-reason="
                + reason;
    }

    @Test
    void shouldTellWhereARejectedMessageWas() {
        // Given
        say("1 exchange.declare x direct", "1 queue.declare graves", "1 queue.bind graves x dead");
        say("1 queue.declare jobs durable x-dead-letter-exchange=x x-dead-letter-routing-key=dead");
        say("1 basic.publish '' jobs content-type=a/b h.n=5 h.CC=[copy] : hello", "1 basic.consume jobs t");

        // When
        say("1 basic.reject 1");

        // Then the copies' keys are gone
        assertThat(say("1 basic.get graves no-ack"))
                .containsExactly("1 basic.get-ok 2 x dead 0 content-type=a/b headers={n=5,x-death=["
                        + firstDeath("", "jobs", "rejected", "jobs,copy") + "]," + first("", "jobs", "rejected")
                        + "} : hello");
    }

    /** What a letter is compared by is what its publisher sent, and not how that reads as a text. */
    @Test
    void shouldCompareHeadersWithTheirKinds() {
        // Given
        say("1 exchange.declare hx headers", "1 queue.declare number", "1 queue.declare text", "1 queue.declare told");
        say("1 queue.bind number hx '' n=5 flag=~t1", "1 queue.bind text hx '' n=~S5");
        say("1 queue.bind told hx '' dead-reason=rejected");
        say("1 queue.declare jobs x-dead-letter-exchange=hx", "1 basic.consume jobs t");
        say("1 basic.publish '' jobs h.n=5 h.flag=~t1 : m");

        // When
        say("1 basic.reject 1");

        // Then
        assertThat(say("1 queue.declare number passive")).containsExactly("1 queue.declare-ok number 1 0");
        assertThat(say("1 queue.declare text passive")).containsExactly("1 queue.declare-ok text 0 0");
        assertThat(say("1 queue.declare told passive")).containsExactly("1 queue.declare-ok told 1 0");
    }

    @Test
    void shouldGoByItsOwnKeyAloneAndTellOfTheCopies() {
        // Given
        say("1 exchange.declare x direct", "1 queue.declare graves", "1 queue.declare copies");
        say("1 queue.bind graves x jobs", "1 queue.bind copies x copy");
        say("1 queue.declare jobs x-dead-letter-exchange=x", "1 basic.consume jobs t");
        say("1 basic.publish '' jobs h.CC=[copy] : m");

        // When
        say("1 basic.reject 1");

        // Then
        assertThat(say("1 basic.get graves no-ack"))
                .containsExactly("1 basic.get-ok 2 x jobs 0 headers={CC=[copy],x-death=["
                        + firstDeath("", "jobs", "rejected", "jobs,copy") + "]," + first("", "jobs", "rejected")
                        + "} : m");
        assertThat(say("1 basic.get copies")).containsExactly("1 basic.get-empty");
    }

    /** As clients do that try again after a while: a queue for each delay, which ends by itself. */
    @Test
    void shouldDelayByAQueueThatNobodyReads() {
        // Given
        say("1 exchange.declare messages fanout", "1 exchange.declare delays direct", "1 queue.declare work durable");
        say("1 queue.bind work messages ''", "1 basic.consume work t no-ack");
        say("1 queue.declare delay__2000 durable x-message-ttl=2000 x-expires=12000 x-dead-letter-exchange=messages"
                + " x-dead-letter-routing-key=" + EMPTY);
        say("1 queue.bind delay__2000 delays 2000");
        assertThat(within(1_400, "1 basic.publish delays 2000 delivery-mode=2 : later"))
                .isEmpty();

        // When, Then
        assertThat(within(1_700))
                .containsExactly("1 basic.deliver t 1 messages '' headers={x-death=["
                        + firstDeath("delays", "delay__2000", "expired", "2000") + "],"
                        + first("delays", "delay__2000", "expired") + "} delivery-mode=2 : later");
        within(12_000);
        assertThat(say("1 queue.declare delay__2000 passive").get(0)).contains("404 NOT_FOUND");
    }

    @Test
    void shouldTakeTheExpirationAwayAndCount() {
        // Given two that lead to each other, and a client that rejects
        say("1 queue.declare wait" + to("work"), "1 queue.declare work x-message-ttl=60000" + to("wait"));
        say("1 basic.consume work t");
        List<String> delivered = within(1_000, "1 basic.publish '' wait expiration=200 : again");

        // Then
        String told = firstDeath("", "wait", "expired", "wait").replace("}", ",original-expiration=200}");
        assertThat(delivered)
                .containsExactly("1 basic.deliver t 1 '' work headers={x-death=[" + told + "],"
                        + first("", "wait", "expired") + "} : again");

        // When it is rejected it stays in the other, since it has no expiration any more
        assertThat(within(2_000, "1 basic.reject 1")).isEmpty();
        assertThat(say("1 basic.get wait no-ack"))
                .containsExactly("1 basic.get-ok 2 '' wait 0 headers={x-death=["
                        + death("1", "", "work", "rejected", "work") + "," + told + "],"
                        + first("", "wait", "expired") + "} : again");
    }

    @Test
    void shouldRaiseTheCountOfARetryQueue() {
        // Given
        say("1 queue.declare work" + to("retry"), "1 queue.declare retry x-message-ttl=200" + to("work"));
        say("1 basic.consume work t", "1 basic.publish '' work : m");

        // When
        within(1_000, "1 basic.reject 1");
        List<String> third = within(1_000, "1 basic.nack 2");

        // Then
        assertThat(third)
                .containsExactly("1 basic.deliver t 3 '' work headers={x-death=["
                        + death("2", "", "retry", "expired", "retry") + ","
                        + death("2", "", "work", "rejected", "work") + "]," + first("", "work", "rejected") + "} : m");
    }

    @Test
    void shouldDropWhatGoesRoundByItself() {
        // Given
        say("1 queue.declare round x-message-ttl=200" + to("round"));

        // When
        say("1 basic.publish '' round : m");
        within(1_000);

        // Then
        assertThat(say("1 queue.declare round passive")).containsExactly("1 queue.declare-ok round 0 0");
        assertThat(say("1 basic.get round")).containsExactly("1 basic.get-empty");
    }

    @Test
    void shouldTellOfALimitAndOfTooManyDeliveries() {
        // Given
        say("1 queue.declare graves", "1 queue.declare short x-max-length=1" + to("graves"));
        say("1 queue.declare often x-delivery-limit=1" + to("graves"));

        // When
        say("1 basic.publish '' short : one", "1 basic.publish '' short : two");
        say("1 basic.publish '' often : three", "2 channel.open", "2 basic.consume often t");
        say("2 basic.nack 1 requeue");
        say("2 basic.nack 2 requeue");

        // Then
        assertThat(say("1 basic.get graves no-ack").get(0))
                .contains(firstDeath("", "short", "maxlen", "short"))
                .endsWith(": one");
        assertThat(say("1 basic.get graves no-ack").get(0))
                .contains(firstDeath("", "often", "delivery_limit", "often"))
                .endsWith(": three");
    }

    /** As quorum queues do, to whoever gets it in whatever way, and beside the headers that it has. */
    @Test
    void shouldTellHowOftenAMessageCameWhereThatIsLimited() {
        // Given
        say("1 queue.declare often x-delivery-limit=5", "1 basic.publish '' often h.a=b : m");

        // When / Then
        assertThat(say("1 basic.get often"))
                .containsExactly("1 basic.get-ok 1 '' often 0 headers={a=b,x-delivery-count=0} : m");
        say("1 basic.nack 1 requeue");
        assertThat(say("1 basic.get often"))
                .containsExactly("1 basic.get-ok 2 redelivered '' often 0 headers={a=b,x-delivery-count=1} : m");
        say("1 basic.nack 2 requeue");
        say("1 queue.declare new x-delivery-limit=5", "1 basic.publish '' new : n", "2 channel.open");
        assertThat(say("2 basic.consume new t2")).contains("2 basic.deliver t2 1 '' new : n");
        assertThat(say("2 basic.consume often t"))
                .contains("2 basic.deliver t 2 redelivered '' often headers={a=b,x-delivery-count=2} : m");
    }

    @Test
    void shouldDropAndCountWithoutAnExchange() {
        // Given
        say("1 queue.declare jobs", "1 basic.publish '' jobs : m", "1 basic.consume jobs t");

        // When
        say("1 basic.reject 1");

        // Then
        assertThat(say("1 queue.declare jobs passive")).containsExactly("1 queue.declare-ok jobs 0 1");
        assertThat(say("1 queue.declare jobs.dead passive").get(0)).contains("404 NOT_FOUND");
    }
}

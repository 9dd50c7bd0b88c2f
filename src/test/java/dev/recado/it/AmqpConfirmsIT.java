package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One channel publishes to a durable queue, to one in memory, to one that is soon full and through an exchange to two
 * of them, mixed: RabbitMQ's Java client hears of each publish once, and the truth.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpConfirmsIT {

    private static final int PUBLISHES = 30_000;
    private static final int ROOM = 5_000;
    private static final int LIMIT_S = 90;
    private static final String BOTH = "both";
    private static final List<String> TARGETS = List.of("durable", "memory", "small", "nobody", BOTH);

    /** What the client knows, in the way that its applications keep it. */
    private static final class Ledger {
        private final TreeSet<Long> open = new TreeSet<>();
        private final TreeSet<Long> acked = new TreeSet<>();
        private final TreeSet<Long> nacked = new TreeSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final CountDownLatch all = new CountDownLatch(PUBLISHES);

        synchronized void sent(long tag) {
            open.add(tag);
        }

        synchronized void heard(Set<Long> known, long tag, boolean multiple) {
            List<Long> tags = multiple ? List.copyOf(open.headSet(tag, true)) : List.of(tag);
            if (tags.isEmpty()) {
                wrong.add("nothing up to " + tag);
            }
            for (long each : tags) {
                if (!open.remove(each)) {
                    wrong.add("again or never sent " + each);
                }
                known.add(each);
                all.countDown();
            }
        }
    }

    @Test
    void shouldTellOfEachPublishOnceAndTheTruth(@WorkDir Path work) throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                Connection connection = connection(broker)) {
            // Given
            Channel channel = connection.createChannel();
            channel.queueDeclare("durable", true, false, false, null);
            channel.queueDeclare("memory", false, false, false, null);
            channel.queueDeclare(
                    "small", true, false, false, Map.of("x-max-length", ROOM, "x-overflow", "reject-publish"));
            channel.exchangeDeclare(BOTH, "fanout", true);
            channel.queueBind("durable", BOTH, "");
            channel.queueBind("small", BOTH, "");
            Ledger ledger = new Ledger();
            channel.addConfirmListener(
                    (tag, multiple) -> ledger.heard(ledger.acked, tag, multiple),
                    (tag, multiple) -> ledger.heard(ledger.nacked, tag, multiple));
            channel.confirmSelect();
            Random random = new Random(1);
            TreeSet<Long> refused = new TreeSet<>();
            int toSmall = 0;
            int toDurable = 0;

            // When
            for (int i = 0; i < PUBLISHES; i++) {
                String target = TARGETS.get(random.nextInt(TARGETS.size()));
                long tag = channel.getNextPublishSeqNo();
                ledger.sent(tag);
                boolean isBoth = target.equals(BOTH);
                toDurable += isBoth || target.equals("durable") ? 1 : 0;
                if ((isBoth || target.equals("small")) && ++toSmall > ROOM) {
                    refused.add(tag);
                }
                byte[] body = ("m" + i).getBytes(StandardCharsets.UTF_8);
                channel.basicPublish(
                        isBoth ? BOTH : "", isBoth ? "" : target, MessageProperties.PERSISTENT_BASIC, body);
            }

            // Then
            assertThat(ledger.all.await(LIMIT_S, TimeUnit.SECONDS)).isTrue();
            synchronized (ledger) {
                assertThat(ledger.wrong).isEmpty();
                assertThat(ledger.nacked).isEqualTo(refused);
                assertThat(ledger.acked).hasSize(PUBLISHES - refused.size()).doesNotContainAnyElementsOf(refused);
            }
            assertThat(refused).hasSizeGreaterThan(1_000);
            assertThat(channel.messageCount("small")).isEqualTo(ROOM);
            assertThat(channel.messageCount("durable")).isEqualTo(toDurable);
        }
    }

    private static Connection connection(BrokerProcess broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.port("amqp"));
        return factory.newConnection();
    }
}

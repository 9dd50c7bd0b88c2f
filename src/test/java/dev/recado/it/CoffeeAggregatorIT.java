package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An aggregator by itself: the queue it needs for itself, and the sessions of which nothing comes. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoffeeAggregatorIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String QUEUE = "coffee.q1.0";
    private static final String REFUSED = "lost the connection to the broker node=coffee aggregator q1.0";
    private static final int BATCHES = 20;

    /** Two of them took some batches each, and the session waited for ever. */
    @Test
    void shouldHaveAllBatchesOfItsShareThoughASecondOneIsStarted(@WorkDir Path work) throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                JarProcess first = aggregator(work, "state-1", broker.port("amqp"))) {
            // Given
            awaitSaid(first, "connected node=coffee aggregator q1.0");
            try (Connection connection = connect(broker)) {
                Channel channel = connection.createChannel();
                Waiting.until("it consumes", LIMIT, () -> consumers(channel) == 1);
                try (JarProcess second = aggregator(work, "state-2", broker.port("amqp"))) {
                    awaitSaid(second, REFUSED);
                    assertThat(second.err()).contains("403 ");

                    // When
                    UUID session = UUID.randomUUID();
                    publish(channel, session, 0, BATCHES);
                    publish(channel, Batch.eos(session, CoffeeTable.TRANSACTIONS, BATCHES, true));

                    // Then
                    awaitSaid(first, "session ended query=q1 session=" + session + " complete=true");
                    assertThat(second.err()).doesNotContain("session began");

                    // When
                    first.killNine();

                    // Then: it takes over
                    Waiting.until("the other consumes", LIMIT, () -> consumers(channel) == 1);
                }
            }
        }
    }

    /** What it needed was in the broker's queues all the time, and came as soon as it had given the session up. */
    @Test
    void shouldNotCountTheTimeWithoutABrokerAsIdle(@WorkDir Path work) throws Exception {
        BrokerProcess.Plan plan =
                BrokerProcess.in(work).amqpPort(Ports.freeBelowEphemeral(1).get(0));
        BrokerProcess broker = plan.start();
        try (JarProcess node = aggregator(work, "state", broker.port("amqp"), "--session-idle", "3s")) {
            // Given
            UUID session = UUID.randomUUID();
            awaitSaid(node, "connected node=coffee aggregator q1.0");
            try (Connection connection = connect(broker)) {
                Channel channel = connection.createChannel();
                Waiting.until("it consumes", LIMIT, () -> consumers(channel) == 1);
                publish(channel, session, 0, 1);
            }
            awaitSaid(node, "session began query=q1 session=" + session);

            // When: the broker is away for longer than a session may be idle
            broker.killNine();
            Waiting.until("6 waits, which are 3.1 s at least", LIMIT, () -> count(node, "no connection to") > 6);
            broker = plan.start();
            try (Connection connection = connect(broker)) {
                Channel channel = connection.createChannel();
                Waiting.until("it consumes", LIMIT, () -> consumers(channel) == 1);
                publish(channel, session, 1, 2);
                publish(channel, Batch.eos(session, CoffeeTable.TRANSACTIONS, 2, true));
            }

            // Then
            awaitSaid(node, "session ended query=q1 session=" + session + " complete=true");
        } finally {
            broker.close();
        }
    }

    /** The client waited for ever. */
    @Test
    void shouldAnswerASessionThatItGivesUp(@WorkDir Path work) throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                JarProcess node = aggregator(work, "state", broker.port("amqp"), "--session-idle", "500ms");
                Connection connection = connect(broker)) {
            // Given
            UUID session = UUID.randomUUID();
            Channel channel = connection.createChannel();
            awaitSaid(node, "connected node=coffee aggregator q1.0");
            Waiting.until("it consumes", LIMIT, () -> consumers(channel) == 1);

            // When
            publish(channel, session, 0, 1);

            // Then
            awaitSaid(node, "session given up: nothing came query=q1 session=" + session);
            GetResponse answer = channel.basicGet(Topology.RESULTS, true);
            assertThat(BatchCodec.decode(answer.getBody())).isEqualTo(Batch.eos(session, CoffeeTable.Q1, 0, false));
        }
    }

    private static JarProcess aggregator(Path work, String state, int port, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of("coffee", "aggregator", "q1"));
        line.addAll(List.of("--state", work.resolve(state).toString()));
        line.addAll(List.of("--amqp", "amqp://guest:guest@127.0.0.1:" + port));
        line.addAll(List.of(more));
        return JarProcess.command(work, line.toArray(String[]::new));
    }

    private static void awaitSaid(JarProcess node, String text) {
        Waiting.until(text, LIMIT, () -> node.err().contains(text));
    }

    private static int count(JarProcess node, String text) {
        return node.err().split(text, -1).length - 1;
    }

    private static Connection connect(BrokerProcess broker) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.port("amqp"));
        return factory.newConnection();
    }

    private static long consumers(Channel channel) {
        try {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            return channel.consumerCount(QUEUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void publish(Channel channel, UUID session, int from, int to) throws IOException {
        for (int number = from; number < to; number++) {
            Sale sale = new Sale("t" + number, 1, 1, 7_500, 20240101_120000L);
            publish(channel, Batch.ofRows(session, CoffeeTable.TRANSACTIONS, number, List.of(sale)));
        }
    }

    private static void publish(Channel channel, Batch batch) throws IOException {
        channel.basicPublish("", QUEUE, MessageProperties.PERSISTENT_BASIC, BatchCodec.encode(batch));
        // Answered behind what was published before.
        channel.queueDeclarePassive(QUEUE);
    }
}

package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.MessageProperties;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.gateway.ClientLink;
import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes of the coffee shop do with messages that they cannot read, and what they say of their connection. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoffeeTroubleIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long MOMENT = 20240101_120000L;

    @Test
    void shouldAnswerAClientAmongManyThatSayNothing(@WorkDir Path work) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1)) {
            // Given
            for (int i = 0; i < 100; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), scene.gatewayPort()));
            }

            // When
            Path input = scene.generate(1, 22);
            try (JarProcess client = scene.client(input)) {
                // Then
                scene.assertAnswered(client, input, Duration.ofSeconds(20));
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void shouldParkWhatIsNoBatch(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1)) {
            // Given
            declare(scene);
            List<String> queues = scene.queues().stream()
                    .filter(queue -> !queue.equals(CoffeeScene.UNREADABLE))
                    .toList();
            for (String queue : queues) {
                publish(scene, queue, new byte[] {1, 2, 3});
            }
            awaitParked(scene, queues.size());
            scene.awaitSaid("q1.0", "unreadable batch node=aggregator q1.0 count=1 wrong=malformed");

            // When
            Path input = scene.generate(1, 21);
            try (JarProcess client = scene.client(input)) {
                // Then
                scene.assertAnswered(client, input, LIMIT);
            }
            assertThat(scene.names()).allMatch(name -> scene.node(name).isAlive());
            scene.awaitSaid("q1.0", "session ended query=q1");
            emptyUnreadable(scene);
            scene.assertTidy();
        }
    }

    /** Sums that no batch can have ended the aggregator, and every one that was started in its place. */
    @Test
    void shouldGoOnWithoutRowsThatCannotBe(@WorkDir Path work) throws IOException {
        UUID session = UUID.randomUUID();
        CoffeeRow sum = new GroupSum(202401, 1, Long.MAX_VALUE, Long.MAX_VALUE);
        CoffeeRow sale = new Sale("t", 1, 1, Long.MAX_VALUE, MOMENT);
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1);
                ClientLink link = scene.link()) {
            // Given
            declare(scene);
            link.send(new Hello(session, false));
            link.receive();
            for (int number = 0; number < 2; number++) {
                publish(scene, "coffee.q2.0", batch(session, CoffeeTable.TRANSACTION_ITEMS, number, sum));
            }
            publish(scene, "coffee.group-semester-store", batch(session, CoffeeTable.TRANSACTIONS, 0, sale, sale));
            awaitParked(scene, 3);
            scene.killAndBeginAgain("q2.0");

            // When
            Map<CoffeeTable, CoffeeRow> rows = Map.of(
                    CoffeeTable.STORES, new Naming(1, "Harbour"),
                    CoffeeTable.MENU_ITEMS, new Naming(1, "Latte"),
                    CoffeeTable.USERS, new Naming(1, "1990-01-01"),
                    CoffeeTable.TRANSACTIONS, new Sale("t", 1, 1, 7_500, MOMENT),
                    CoffeeTable.TRANSACTION_ITEMS, new SaleItem("t", 1, 1, 7_500, MOMENT));
            for (CoffeeTable table : CoffeeTable.inputs()) {
                for (int number = 0; number < 2; number++) {
                    link.send(new Rows(Batch.ofRows(session, table, number, List.of(rows.get(table)))));
                }
                link.send(new Rows(Batch.ofRows(session, table, 2, List.of())));
            }

            // Then
            assertThat(CoffeeScene.answer(link))
                    .contains("\"complete\":false")
                    .contains("\"q1\":[[\"t\",\"75.00\"],[\"t\",\"75.00\"]]")
                    .contains("\"q2_profit\":[]")
                    .contains("\"q3\":[[\"2024-H1\",\"Harbour\",\"75.00\"]]")
                    .contains("\"q4\":[[\"Harbour\",\"1\",\"1990-01-01\",\"2\"]]");
            link.send(new Fetched());
            emptyUnreadable(scene);
            scene.assertTidy();
        }
    }

    @Test
    void shouldSayWhatBecomesOfItsConnection(@WorkDir Path work) throws IOException {
        BrokerProcess.Plan plan =
                BrokerProcess.in(work).amqpPort(Ports.freeBelowEphemeral(1).get(0));
        BrokerProcess broker = plan.start();
        try (CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1)) {
            // Given
            Map<String, String> nodes = Map.of(
                    "q1.0", "node=coffee aggregator q1.0",
                    "filter-year-0", "node=coffee worker filter-year",
                    "gateway", "node=coffee gateway-answers");
            nodes.forEach((name, node) -> scene.awaitSaid(name, "connected " + node));

            // When
            broker.killNine();

            // Then
            nodes.forEach((name, node) -> scene.awaitSaid(name, "lost the connection to the broker " + node));
            broker = plan.start();
            nodes.forEach((name, node) -> Waiting.until(
                    name + " is connected again",
                    LIMIT,
                    () -> scene.node(name).err().split("connected " + node, -1).length == 3));
        } finally {
            broker.close();
        }
    }

    private static byte[] batch(UUID session, CoffeeTable table, int number, CoffeeRow... rows) {
        return BatchCodec.encode(Batch.ofRows(session, table, number, List.of(rows)));
    }

    /** As each node does before it begins. */
    private static void declare(CoffeeScene scene) {
        scene.onChannel(channel -> {
            new Topology(1).declare(channel);
            return null;
        });
    }

    private static void publish(CoffeeScene scene, String queue, byte[] body) {
        scene.onChannel(channel -> {
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
            try {
                assertThat(channel.waitForConfirms()).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
            return null;
        });
    }

    private static void awaitParked(CoffeeScene scene, int count) {
        Waiting.until(
                count + " are parked",
                LIMIT,
                () -> scene.onChannel(channel -> channel.messageCount(CoffeeScene.UNREADABLE)) == count);
    }

    private static void emptyUnreadable(CoffeeScene scene) {
        scene.onChannel(channel -> channel.queuePurge(CoffeeScene.UNREADABLE));
    }
}

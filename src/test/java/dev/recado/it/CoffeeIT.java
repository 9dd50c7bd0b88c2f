package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.gateway.ClientLink;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The coffee shop as processes, on Recado and on RabbitMQ, against a computation in another language. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CoffeeIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Test
    void shouldAnswerAsTheOracleDoes(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 2)) {
            // Given
            Path input = scene.generate(5, 1);

            // When
            try (JarProcess client = scene.client(input)) {
                // Then
                scene.assertAnswered(client, input, LIMIT);
            }
            scene.assertTidy();
        }
    }

    @Test
    void shouldKeepFiveSessionsApart(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        try (BrokerProcess broker = BrokerProcess.in(work).start()) {
            assertFiveSessionsApart(work, broker.port("amqp"));
        }
    }

    @Test
    void shouldKeepFiveSessionsApartOnRabbit(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        Tool.RABBITMQ.require();
        try (RabbitProcess rabbit = RabbitProcess.start(work)) {
            assertFiveSessionsApart(work, rabbit.port());
        }
    }

    private static void assertFiveSessionsApart(Path work, int amqpPort) throws IOException {
        try (CoffeeScene scene = CoffeeScene.start(work, amqpPort, 2)) {
            // Given
            List<Path> inputs = new ArrayList<>();
            for (int seed = 1; seed <= 5; seed++) {
                inputs.add(scene.generate(2, seed));
            }

            // When
            List<JarProcess> clients = new ArrayList<>();
            for (Path input : inputs) {
                clients.add(scene.client(input));
            }

            // Then
            for (int i = 0; i < clients.size(); i++) {
                try (JarProcess client = clients.get(i)) {
                    scene.assertAnswered(client, inputs.get(i), LIMIT);
                }
            }
            scene.assertTidy();
        }
    }

    /** One process after the other dies by SIGKILL while a session is on its way, the broker too. */
    @Test
    void shouldAnswerTheSameWhileEverythingIsKilled(@WorkDir Path work) throws IOException {
        Tool.PYTHON.require();
        BrokerProcess.Plan plan =
                BrokerProcess.in(work).amqpPort(Ports.freeBelowEphemeral(1).get(0));
        BrokerProcess broker = plan.start();
        try (CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1)) {
            // Given
            Path input = scene.generate(40, 4);
            List<String> names = scene.names();
            Random random = new Random(16);

            // When
            try (JarProcess client = scene.client(input, "--batch-rows", "200")) {
                Waiting.until(
                        "the first rows are sent", LIMIT, () -> client.err().contains("sent"));
                for (int i = 0; i < 12 && client.isAlive(); i++) {
                    if (i % 4 == 1) {
                        broker.killNine();
                        broker = plan.start();
                    } else {
                        scene.killAndBeginAgain(i % 4 == 2 ? "gateway" : names.get(random.nextInt(names.size())));
                    }
                    client.endsWithin(Duration.ofMillis(500));
                }

                // Then
                scene.assertAnswered(client, input, LIMIT);
            }
            scene.assertTidy();
        } finally {
            broker.close();
        }
    }

    @Test
    void shouldEndASessionWhoseClientStaysAway(@WorkDir Path work) throws IOException {
        UUID session = UUID.randomUUID();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 1, "--reconnect-grace", "1s")) {
            // Given
            try (ClientLink link = scene.link()) {
                link.send(new Hello(session, false));
                link.receive();
                link.send(new Rows(Batch.ofRows(session, CoffeeTable.STORES, 0, List.of(new Naming(1, "a")))));
                assertThat(link.receive().get(0)).isInstanceOf(GatewayFrame.Taken.class);
            }
            Waiting.until("the gateway ends the session", LIMIT, () -> said(scene.node("gateway"))
                    .contains("the gateway ended its tables"));

            // When
            try (ClientLink link = scene.link()) {
                link.send(new Hello(session, true));

                // Then
                assertThat(CoffeeScene.answer(link))
                        .contains("\"complete\":false")
                        .contains("\"q3\":[]");
                link.send(new Fetched());
            }
            scene.assertTidy();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithABatch(@WorkDir Path work) throws IOException {
        UUID session = UUID.randomUUID();
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                CoffeeScene scene = CoffeeScene.start(work, broker.port("amqp"), 0);
                ClientLink link = scene.link()) {
            // Given
            link.send(new Hello(session, false));
            link.receive();

            // When
            link.send(new Rows(Batch.ofRows(
                    session, CoffeeTable.USERS, 0, List.of(new Naming(1, "1990-01-01"), new Naming(2, "born")))));

            // Then
            assertThat(link.receive())
                    .containsExactly(
                            new Refused(RefusalCode.INVALID, "users batch 0 row 1: birthdate is no date: born"));
        }
    }

    private static String said(JarProcess node) {
        return node.out() + node.err();
    }
}

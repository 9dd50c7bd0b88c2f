package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code node.io} asks for is used where the machine has it, and said; what it refuses is replaced, and said too.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketIoIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int RESETS = 200;
    private static final int LARGE = 4 * 1024 * 1024;

    private final Path work;

    SocketIoIT(@WorkDir Path work) {
        this.work = work;
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void shouldServeEveryKindOfClient(String io) throws Exception {
        Transport asked = transport(io);
        assumeThat(asked.available())
                .as("%s on this machine: %s", io, asked.unavailabilityCause())
                .isTrue();
        try (BrokerProcess broker = plan(io).start()) {
            // Given
            assertThat(broker.process().out()).contains(" ms on " + io + ": text ");
            try (TextConnection publisher = broker.connect();
                    TextConnection consumer = broker.connect()) {
                assertThat(publisher.ask("TOPIC:CREATE:t")).isEqualTo("OK:TOPIC:CREATE:t");
                assertThat(consumer.ask("SUB:t:g:2")).isEqualTo("OK:SUB:1");
                assertThat(Figures.broker(publisher, "loops_" + io)).isPositive();

                // When: small and large both ways, many at once
                publisher.pub("t", "x".repeat(LARGE));
                for (int i = 0; i < 1_000; i++) {
                    publisher.pub("t", "m" + i);
                }

                // Then
                TextConnection.Delivery large = consumer.deliveryWithin(LIMIT);
                assertThat(large.payload()).hasSize(LARGE);
                consumer.ack(large);
                for (int i = 0; i < 1_000; i++) {
                    TextConnection.Delivery next = consumer.deliveryWithin(LIMIT);
                    assertThat(next.payload()).isEqualTo("m" + i);
                    consumer.ack(next);
                }
            }

            // A client that ends its side with its last command has the answers all the same
            try (TextConnection half = broker.connect()) {
                half.write("PING\nPUBL:t:last\nPING\n").flush();
                half.finishWriting();
                List<String> answers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    answers.add(half.reply());
                }
                assertThat(answers).element(0).isEqualTo("PONG");
                assertThat(answers).element(1).asString().startsWith("OK:MSG_ID:");
                assertThat(answers).element(2).isEqualTo("PONG");
            }
            assertThat(broker.terminate()).isZero();
            assertThat(broker.process().err()).isEmpty();
        }
    }

    /** What was sent right before the reset is read with it, and is the last that the socket has to say. */
    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void shouldEndSessionsWhoseConnectionIsResetBehindTheirLastCommand(String io) throws Exception {
        assumeThat(transport(io).available()).isTrue();
        try (BrokerProcess broker = plan(io).start();
                TextConnection watcher = broker.connect()) {
            // Given
            assertThat(watcher.ask("PING")).isEqualTo("PONG");

            // When
            for (int i = 0; i < RESETS; i++) {
                try (TextConnection leaving = broker.connect()) {
                    assertThat(leaving.ask("PING")).isEqualTo("PONG");
                    leaving.write("ACK:1:1\n").flush();
                    leaving.reset();
                }
            }

            // Then
            Waiting.until("one session is left", LIMIT, () -> Figures.broker(watcher, "sessions") == 1);
        }
    }

    @Test
    void shouldGoOnWithEpollWhereIoUringIsRefused() throws Exception {
        // Given
        Tool.PYTHON.require();
        assumeThat(Transport.EPOLL.available()).isTrue();
        BrokerProcess.Plan plan = plan("io_uring").withoutIoUring();

        // When
        try (BrokerProcess broker = plan.start()) {
            // Then
            assertThat(broker.process().out()).contains(" ms on epoll: text ");
            assertThat(broker.process().err())
                    .contains("node.io=io_uring is not to be had here, sockets by epoll refused=[io_uring: ");
            assertThat(pingOf(broker)).isEqualTo("PONG");
        }
    }

    @Test
    void shouldTakeWhatThereIsWithoutAWordWhereNothingWasAskedFor() throws Exception {
        Tool.PYTHON.require();
        assumeThat(Transport.EPOLL.available()).isTrue();
        try (BrokerProcess broker = plan("auto").withoutIoUring().start()) {
            assertThat(broker.process().out()).contains(" ms on epoll: text ");
            assertThat(broker.process().err()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWithNioWhereNoLibraryLoads() throws Exception {
        try (BrokerProcess broker =
                plan("auto").jvmArgument("-Dio.netty.transport.noNative=true").start()) {
            assertThat(broker.process().out()).contains(" ms on nio: text ");
            assertThat(pingOf(broker)).isEqualTo("PONG");
        }
    }

    private BrokerProcess.Plan plan(String io) {
        return BrokerProcess.in(work).set("node.io", io);
    }

    private static String pingOf(BrokerProcess broker) throws IOException {
        try (TextConnection connection = broker.connect()) {
            return connection.ask("PING");
        }
    }

    private static Transport transport(String io) {
        return switch (io) {
            case "io_uring" -> Transport.IO_URING;
            case "epoll" -> Transport.EPOLL;
            default -> Transport.NIO;
        };
    }
}

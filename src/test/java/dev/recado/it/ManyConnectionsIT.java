package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More connections at once than the 1,024 of seed 1, and what happens above a limit. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyConnectionsIT {

    private static final int CONNECTIONS = 5_000;
    private static final int SPARE_FILES = 500;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    void shouldServeFiveThousandConnectionsAtOnce() throws Exception {
        requireOpenFiles(CONNECTIONS + SPARE_FILES);
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                ManyClients clients = new ManyClients(broker.textPort())) {
            // Given
            clients.open(CONNECTIONS);
            clients.publishOnEach("many");

            // When
            clients.publishOnEach("many");

            // Then
            assertThat(clients.openCount()).isEqualTo(CONNECTIONS);
            assertThat(clients.lastLines("OK:MSG_ID:")).isEqualTo(CONNECTIONS);
            assertThat(distinctMessages(broker)).isEqualTo(2 * CONNECTIONS);
            System.out.println("ManyConnectionsIT rssMiB=" + broker.process().residentMiB());
        }
    }

    @Test
    void shouldRefuseConnectionsAboveTheLimitAndServeTheOthers() throws Exception {
        try (BrokerProcess broker = BrokerProcess.in(work)
                        .set("sessions.connections-max", "200")
                        .start();
                ManyClients clients = new ManyClients(broker.textPort())) {
            // Given
            clients.open(300);

            // When
            clients.awaitClosed(100);
            clients.publishOnEach("limited");

            // Then
            assertThat(clients.lastLines("ERROR:")).isEqualTo(100);
            assertThat(clients.lastLines("OK:MSG_ID:")).isEqualTo(200);
            assertThat(clients.openCount()).isEqualTo(200);
        }
    }

    @Test
    void shouldKeepFilesForItselfWhereConnectionsTakeAllThatItMayOpen() throws Exception {
        int openFiles = 300;
        try (BrokerProcess broker = BrokerProcess.in(work).openFiles(openFiles).start();
                ManyClients clients = new ManyClients(broker.textPort())) {
            // Given
            clients.open(openFiles);
            clients.awaitClosed(1);

            // When
            clients.publishOnEach("files");

            // Then
            long served = clients.lastLines("OK:MSG_ID:");
            assertThat(served).isBetween(50L, openFiles - 1L);
            assertThat(clients.lastLines("ERROR:")).isEqualTo(openFiles - served);
            assertThat(broker.isAlive()).isTrue();
            String log = Files.readString(work.resolve("data").resolve("recado.log"));
            assertThat(log).contains("ulimit -n").contains("openFiles=" + openFiles);
        }
    }

    @Test
    void shouldAcceptAgainOnceAConnectionHasEnded() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.in(work).set("sessions.connections-max", "1").start()) {
            // Given
            try (TextConnection only = broker.connect()) {
                assertThat(only.ask("PING")).isEqualTo("PONG");
                try (TextConnection refused = broker.connect()) {
                    assertThat(refused.lastLineBeforeClose()).startsWith("ERROR:");
                }
                assertThat(only.ask("PING")).isEqualTo("PONG");
            }

            // When
            Waiting.until("a new connection is served", TextConnection.PATIENCE, () -> isServed(broker));
        }
    }

    private static boolean isServed(BrokerProcess broker) {
        try (TextConnection next = broker.connect()) {
            return next.ask("PING").equals("PONG");
        } catch (IOException refused) {
            return false;
        }
    }

    private static long distinctMessages(BrokerProcess broker) throws IOException {
        try (TextConnection reader = broker.connect()) {
            assertThat(reader.ask("SUB:many:g:auto:first")).isEqualTo("OK:SUB:1");
            return reader.deliveries(2 * CONNECTIONS).stream()
                    .map(TextConnection.Delivery::id)
                    .distinct()
                    .count();
        }
    }

    /** The broker inherits this limit; a JVM raises its soft limit to the hard one by itself. */
    private static void requireOpenFiles(int needed) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String hard = line.trim().split("\\s+")[4];
                assertThat(hard.equals("unlimited") || Long.parseLong(hard) >= needed)
                        .as(
                                "the system allows %s open files a process; this test needs %s: ulimit -n %s",
                                hard, needed, needed)
                        .isTrue();
                return;
            }
        }
    }
}

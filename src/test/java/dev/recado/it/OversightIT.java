package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is connected, and what a broker does at this moment, as its commands tell it. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OversightIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Path work;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker(@WorkDir Path directory) throws IOException {
        work = directory;
        broker = BrokerProcess.in(work).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private static String run(String... words) throws Exception {
        try (JarProcess command = JarProcess.command(work, words)) {
            assertThat(command.exitCode(LIMIT)).as(command::report).isZero();
            return command.out();
        }
    }

    @Test
    void shouldShowSessionsAndEndOne() throws Exception {
        try (TextConnection worker = broker.connect();
                RawZmtp peer = new RawZmtp(broker.port("zmtp-push"), "NULL")) {
            // Given
            assertThat(worker.ask("HELLO:slow%20worker")).startsWith("OK:HELLO:");
            assertThat(worker.ask("SUB:jobs:g:10:first")).isEqualTo("OK:SUB:1");
            assertThat(worker.pub("jobs", "hi")).isEqualTo("OK:MSG_ID:0");
            assertThat(worker.deliveries(1)).hasSize(1);
            peer.command("READY", RawZmtp.socketType("PULL"));
            assertThat(peer.nextCommand()).startsWith("READY ");

            // When
            String shown = run("session", "list", "-o", "json", "--broker", broker.address());
            String members = run("group", "members", "jobs", "g", "-o", "json", "--broker", broker.address());
            String top = run("top", "-o", "json", "-i", "300ms", "--broker", broker.address());
            String number = members.replaceAll("(?s).*\"session\":([0-9]+).*", "$1");
            run("session", "close", number, "--reason", "too slow", "--broker", broker.address());

            // Then
            assertThat(shown).contains("slow worker", "recado-cli", "zmtp-push", "anonymous", "127.0.0.1:");
            assertThat(members).contains("\"credit\":10,\"leased\":1,");
            assertThat(top)
                    .contains("\"published-rate\":", "\"shares\":{", "\"name\":\"jobs\"", "\"client\":\"slow worker\"");
            assertThat(worker.lastLineBeforeClose())
                    .isEqualTo("ERROR:Session closed: by an administrator, reason=too slow");
        }
    }
}

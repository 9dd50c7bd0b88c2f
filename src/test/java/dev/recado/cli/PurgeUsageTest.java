package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.FakeTextServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code recado topic purge} asks for; the server knows neither, and refuses it. */
@Timeout(30)
class PurgeUsageTest {

    private static void run(FakeTextServer server, String line) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, action -> {});
        String[] words = (line + " --broker " + server.address()).split(" ");
        assertThat(RecadoCli.commandLine(terminal).execute(words)).isNotZero();
    }

    @Test
    void shouldAskForAllOrForWhatNobodyHolds() throws IOException {
        try (FakeTextServer server = FakeTextServer.start()) {
            // When
            run(server, "topic purge orders");
            run(server, "topic purge orders --unheld");

            // Then
            assertThat(server.heard("TOPIC:PURGE:orders")).isTrue();
            assertThat(server.heard("TOPIC:PURGE:orders:unheld")).isTrue();
        }
    }
}

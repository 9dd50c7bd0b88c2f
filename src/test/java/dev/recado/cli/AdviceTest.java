package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.client.FakeTextServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands say that helps on. */
@Timeout(30)
class AdviceTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init") // started before each test
    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private int run(String line) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                new PrintStream(err, true, UTF_8),
                false,
                action -> {});
        return RecadoCli.commandLine(terminal).execute(line.split(" "));
    }

    @Test
    void shouldSayHowANamespaceWithTopicsIsRemoved() {
        // Given
        server.refuse("NAMESPACE:DELETE:shop", "ERROR:In use: namespace=shop topics=1");

        // When
        int code = run("vhost remove shop --broker " + server.address());

        // Then
        assertThat(code).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString(UTF_8))
                .isEqualTo("recado vhost remove: In use: namespace=shop topics=1; --with-topics deletes these too\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vhost destroy shop", "destroy"})
    void shouldSayThatACommandIsNotThere(String line) {
        // When
        int code = run(line);

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString(UTF_8)).contains(": no such command: destroy\n");
    }
}

package dev.recado.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.BrokerAddress;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void shouldSayAgainOnlyOfAConnectionThatWasThere() {
        // Given
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ProducerCommand.Report report = new ProducerCommand.Report(new Terminal(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(err, true, UTF_8),
                false,
                action -> {}));
        BrokerAddress broker = new BrokerAddress("127.0.0.1", 8080);

        // When
        report.onLost("127.0.0.1:8080 connection refused");
        report.onConnected(broker);
        report.onLost("127.0.0.1:8080 connection reset");
        report.onConnected(broker);

        // Then
        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "127.0.0.1:8080 connection refused; trying again",
                        "connected to 127.0.0.1:8080",
                        "127.0.0.1:8080 connection reset; trying again",
                        "connected to 127.0.0.1:8080 again");
    }
}

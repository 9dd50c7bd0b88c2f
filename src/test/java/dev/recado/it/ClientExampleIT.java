package dev.recado.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.ClientOptions;
import dev.recado.client.MessageId;
import dev.recado.client.RecadoClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the Java client: it runs, and stands in the README and in the client's Javadoc as it runs here. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientExampleIT {

    private static final String SELF = "src/test/java/dev/recado/it/ClientExampleIT.java";
    private static final String CLIENT = "src/main/java/dev/recado/client/RecadoClient.java";

    @Test
    void shouldDoWhatTheExampleSays(@WorkDir Path work) throws IOException {
        // Given
        try (BrokerProcess process = BrokerProcess.in(work).start()) {
            String broker = process.address();

            // When
            String text = example(broker);

            // Then
            assertThat(text).isEqualTo("42 coffees");
        }
    }

    private static String example(String broker) {
        // example
        byte[] order = "42 coffees".getBytes(UTF_8);
        CompletableFuture<String> billed = new CompletableFuture<>();
        try (RecadoClient client = RecadoClient.connect(ClientOptions.of(broker))) {
            client.subscribe("orders", "billing", delivery -> {
                billed.complete(delivery.text());
                delivery.ack();
            });
            MessageId id = client.publish("orders", order).join();
            System.out.println("message " + id + " is on disk; billed: " + billed.join());
        }
        // end of example
        return billed.join();
    }

    @Test
    void shouldStandInReadmeAndJavadoc() throws IOException {
        // When
        String runs = between(SELF, "// example\n", "        // end").indent(-8);
        String readme = between("README.md", "```java\n", "```");
        String javadoc = between(CLIENT, "<pre>{@code\n", " * }</pre>").replaceAll("(?m)^ \\* ?", "");

        // Then
        assertThat(readme).isEqualTo(runs);
        assertThat(javadoc).isEqualTo(runs);
    }

    private static String between(String file, String begin, String end) throws IOException {
        String text = Files.readString(Path.of(file));
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}

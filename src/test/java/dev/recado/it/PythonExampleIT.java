package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Python program on the page of the text protocol runs as it stands there. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PythonExampleIT {

    private static final Path PAGE = Path.of("src", "site", "markdown", "text-protocol.md");
    private static final String BEGIN = "```python\n";
    private static final long PROGRAM_SECONDS_MAX = 30;

    private static String example() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        return page.substring(from, page.indexOf("```", from));
    }

    @Test
    void shouldPublishAndConsumeInPython(@WorkDir Path work) throws Exception {
        // Given
        Tool.PYTHON.require();
        Path program = Files.writeString(work.resolve("orders.py"), example());
        Path said = work.resolve("said.txt");
        try (BrokerProcess broker = BrokerProcess.in(work).start();
                TextConnection client = broker.connect()) {
            // When
            ProcessBuilder command = new ProcessBuilder(
                            "python3", program.toString(), "127.0.0.1", Integer.toString(broker.port("text")))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            command.environment().put("PYTHONIOENCODING", "utf-8");
            Process python = command.start();
            boolean ended = python.waitFor(PROGRAM_SECONDS_MAX, TimeUnit.SECONDS);
            python.destroyForcibly();

            // Then
            String output = Files.readString(said);
            assertThat(ended).as(output).isTrue();
            assertThat(output).isEqualTo("on disk as 0\n42 coffees, 1 piñata\n");
            assertThat(python.exitValue()).isZero();
            assertThat(client.list("GROUP:LIST:orders").toString()).contains("\"name\":\"billing\"", "\"backlog\":0");
        }
    }
}

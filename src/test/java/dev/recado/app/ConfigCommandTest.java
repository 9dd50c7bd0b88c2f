package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ExitCode;
import dev.recado.cli.RecadoCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings listed, and what is wrong with them. */
class ConfigCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Commands.addTo(RecadoCli.commandLine())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void shouldListSettings() {
        assertThat(run("config", "--set", "text.port=1234")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("text.port: 1234", "groups.max-members: 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-o", "--output"})
    void shouldListSettingsAsJson(String option) {
        assertThat(run("config", option, "json")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines())
                .singleElement()
                .asString()
                .startsWith("{\"node.id\":\"n1\"")
                .contains("\"text.port\":\"8080\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "text"})
    void shouldListSettingsForPeople(String format) {
        assertThat(run("config", "--output", format)).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("\ntext.port: 8080\n");
    }

    @Test
    void shouldNameTheFormatsThatThereAre() {
        assertThat(run("config", "--output", "yaml")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .endsWith(
                        "recado config: Invalid value for option '--output': expected table or json but was 'yaml'\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "config"})
    void shouldTellOfEverythingThatIsWrongAtOnce(String command) {
        // When
        int code = run(
                command,
                "--set",
                "text.prot=1",
                "--set",
                "text.host=0.0.0.0",
                "--set",
                "zmtp.pull.host=10.0.0.1",
                "--set",
                "journal.file-bytes=64GiB",
                "--set",
                "journal.hard-bound-bytes=2MiB",
                "--set",
                "node.id=a b");

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        List<String> lines = err.toString().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.subList(0, 4))
                .containsExactly(
                        "unknown setting text.prot: did you mean text.port?",
                        "journal.file-bytes: 64GiB is not allowed: a size from 1MiB to 1GiB",
                        "journal.checkpoint-bytes: 256MiB is not allowed: at most journal.hard-bound-bytes,"
                                + " which is 2MiB",
                        "node.id: a b is not allowed: letters, digits, '.', '_' and '-' only");
        assertThat(lines.get(4)).startsWith("text.host: 0.0.0.0 is not a loopback address");
        assertThat(lines.get(5)).startsWith("zmtp.pull.host: 10.0.0.1 is not a loopback address");
    }

    @Test
    void shouldAnswerWrongSettingsAsWrongUsage() {
        assertThat(run("broker", "--set", "text.prot=1", "--set", "text.port=-1"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "unknown setting text.prot: did you mean text.port?",
                        "text.port: -1 is not allowed: an integer from 0 to 65535");
    }
}

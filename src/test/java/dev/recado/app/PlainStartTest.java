package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.cli.RecadoCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainStartTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker",
                "broker --data d",
                "broker --free-ports --ports-file p.json",
                "broker --set text.port=0 --set log.file= --config c.yaml",
            })
    void shouldReadWhatPicocliReads(String line) {
        // Given
        BrokerCommand expected = new BrokerCommand();
        String[] words = line.split(" ");
        CommandLine picocli = new CommandLine(new RecadoCommand());
        picocli.addSubcommand(expected).parseArgs(words);

        // When
        BrokerCommand read = PlainStart.read(words);

        // Then
        assertThat(read).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void shouldStartWithDefaultsWithoutArguments() {
        assertThat(PlainStart.read()).usingRecursiveComparison().isEqualTo(new BrokerCommand());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config",
                "broker --help",
                "broker --nonsense x",
                "broker messages.txt",
                "broker --data",
                "broker --data --free-ports",
                "broker --data=d",
                "broker --data d --data e",
                "broker --free-ports --free-ports",
                "broker --set @more",
                "broker @more",
            })
    void shouldLeaveEverythingElseToPicocli(String line) {
        assertThat(PlainStart.read(line.split(" "))).isNull();
    }
}

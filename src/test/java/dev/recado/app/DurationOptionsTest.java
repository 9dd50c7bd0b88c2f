package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.cli.option.DurationConverter;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A few bare milliseconds are refused by each option that takes a duration and does not say so in its name. */
@Timeout(30)
class DurationOptionsTest {

    @Test
    void shouldReadEachDurationAlike() {
        // Given
        List<String> durations = new ArrayList<>();
        List<String> others = new ArrayList<>();

        // When
        visit(Commands.commandLine(""), durations, others);

        // Then
        assertThat(others).isEmpty();
        assertThat(durations)
                .contains(
                        "recado consumer --idle-exit",
                        "recado bench --duration",
                        "recado top --interval",
                        "recado lag --watch",
                        "recado example sink --connect-timeout",
                        "recado ping --connect-wait");
    }

    private static void visit(CommandLine command, List<String> durations, List<String> others) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            boolean isTime = List.of("TIME", "MS").contains(option.paramLabel())
                    || option.userObject() instanceof Field field
                            && field.getName().endsWith("Ms");
            if (isTime && !option.longestName().endsWith("-ms")) {
                boolean alike = option.converters().length == 1 && option.converters()[0] instanceof DurationConverter;
                (alike ? durations : others).add(command.getCommandSpec().qualifiedName() + " " + option.longestName());
            }
        }
        command.getSubcommands().values().forEach(one -> visit(one, durations, others));
    }
}

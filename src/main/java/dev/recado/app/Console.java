package dev.recado.app;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Where a command answers (standard output) and tells of its progress (standard error); mixed into commands, though
 * picocli wants it to look like one.
 */
@Command
final class Console {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    PrintWriter out() {
        return commandLine().getOut();
    }

    PrintWriter err() {
        return commandLine().getErr();
    }

    CommandLine commandLine() {
        return Objects.requireNonNull(command, "picocli fills it before the command runs")
                .commandLine();
    }
}

package dev.recado.app;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where a command answers (standard output) and tells of its progress (standard error); mixed into commands. */
final class Console {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    PrintWriter out() {
        return command == null
                ? new PrintWriter(System.out, true)
                : command.commandLine().getOut();
    }

    PrintWriter err() {
        return command == null
                ? new PrintWriter(System.err, true)
                : command.commandLine().getErr();
    }
}

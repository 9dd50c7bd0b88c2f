package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code recado completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a script by which bash and zsh complete commands and options of `recado`.",
            "Try it with: source <(recado completion)"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandSpec own = spec;
        if (own == null) {
            throw new IllegalStateException("picocli fills the command before it runs");
        }
        terminal.println(AutoComplete.bash("recado", own.root().commandLine()));
        return ExitCode.DONE;
    }
}

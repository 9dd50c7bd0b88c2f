package dev.recado.apps.messaging;

import dev.recado.apps.messaging.link.Speaker;
import dev.recado.apps.messaging.wire.Names64;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all parts of the application have, mixed into their commands. */
@Command
final class MessagingOptions {

    private static final int TAIL_DIGITS = 12;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    PrintWriter out() {
        return commandLine().getOut();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command, "picocli fills it before the command runs")
                .commandLine();
    }

    Speaker speaker(String name) {
        return new Speaker(out(), name);
    }

    /** Twelve hexadecimal digits that no other start has. */
    static String tail() {
        return String.format("%0" + TAIL_DIGITS + "x", new Random().nextLong() >>> (64 - 4 * TAIL_DIGITS));
    }

    /** Refuses the call as wrong usage unless it is a name. */
    void checkName(String option, String name) {
        check(Names64.isName(name), option + " takes letters, digits, '.', '_' and '-', up to 64 bytes");
    }

    /** Refuses the call as wrong usage unless {@code condition} holds. */
    void check(boolean condition, String wrong) {
        if (!condition) {
            throw new ParameterException(commandLine(), wrong);
        }
    }
}

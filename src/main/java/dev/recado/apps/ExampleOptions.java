package dev.recado.apps;

import dev.recado.cli.option.DurationConverter;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all examples have: where they print, and how long they wait for the other side; mixed into their commands. */
@Command
public final class ExampleOptions {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long to wait for the first connection; 0 waits for ever"
                    + " (default: ${DEFAULT-VALUE}). One that breaks later is made again by itself.")
    long connectTimeoutMs;

    /** Standard output. */
    public PrintWriter out() {
        return commandLine().getOut();
    }

    /** Standard error. */
    public PrintWriter err() {
        return commandLine().getErr();
    }

    /** The sockets of one part of the example, for the thread that calls. */
    public ZmqLinks links(Stop stop) {
        return new ZmqLinks(stop, connectTimeoutMs, err()::println);
    }

    /** Refuses the call as wrong usage unless all numbers are 0 or more. */
    public void checkNotNegative(long... numbers) {
        for (long number : numbers) {
            check(number >= 0, "numbers of messages and of milliseconds start at 0, not at " + number);
        }
    }

    /** Refuses the call as wrong usage where an option that needs an endpoint was told to have none. */
    public void checkEndpoint(String option, String endpoint) {
        check(!endpoint.equals(EndpointConverter.NONE), option + " needs an endpoint");
    }

    /** Refuses the call as wrong usage unless {@code condition} holds. */
    public void check(boolean condition, String wrong) {
        if (!condition) {
            throw new ParameterException(commandLine(), wrong);
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(command, "picocli fills it before the command runs")
                .commandLine();
    }
}

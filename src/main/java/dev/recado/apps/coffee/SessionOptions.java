package dev.recado.apps.coffee;

import dev.recado.cli.option.DurationConverter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How a gateway keeps sessions; mixed into its command and that which starts one. */
@Command
public final class SessionOptions {

    private static final int SESSIONS_MAX = 1_000;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many sessions may be open at once (default: ${DEFAULT-VALUE}).")
    int sessions;

    @Option(
            names = "--reconnect-grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "30s",
            description = "How long a session waits for its client (default: ${DEFAULT-VALUE}).")
    long reconnectGraceMs;

    /** Refuses the call as wrong usage where they are not within their bounds. */
    void check(CoffeeOptions options) {
        options.check(sessions >= 1 && sessions <= SESSIONS_MAX, "--sessions takes 1 to " + SESSIONS_MAX);
    }

    /** As they were given or are by default, for the command line of a gateway. */
    List<String> arguments() {
        return List.of("--sessions", Integer.toString(sessions), "--reconnect-grace", reconnectGraceMs + "ms");
    }
}

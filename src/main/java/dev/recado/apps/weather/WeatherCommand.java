package dev.recado.apps.weather;

import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code recado example weather …}. */
@Command(
        name = "weather",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Weather updates by region, over publish and subscribe.")
public final class WeatherCommand {

    private WeatherCommand() {}

    /** The command with its subcommands; {@code onStop} takes what to do when the process is asked to end. */
    public static CommandLine commandLine(Consumer<Runnable> onStop) {
        return new CommandLine(new WeatherCommand())
                .addSubcommand(new WeatherPublishCommand(onStop))
                .addSubcommand(new WeatherWatchCommand(onStop));
    }
}

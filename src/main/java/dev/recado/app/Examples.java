package dev.recado.app;

import dev.recado.apps.ExampleCommand;
import dev.recado.apps.SinkCommand;
import dev.recado.apps.coffee.CoffeeCommand;
import dev.recado.apps.divide.DivideCommand;
import dev.recado.apps.messaging.MessagingCommand;
import dev.recado.apps.monitor.MonitorCommand;
import dev.recado.apps.weather.WeatherCommand;
import dev.recado.base.ExitCode;
import dev.recado.cli.Terminal;
import picocli.CommandLine;

/** The example applications as commands of this program. */
final class Examples {

    private Examples() {}

    /** {@code recado example …}. */
    static CommandLine commandLine() {
        return new CommandLine(new ExampleCommand())
                .addSubcommand(WeatherCommand.commandLine(Examples::onStop))
                .addSubcommand(DivideCommand.commandLine(Examples::onStop))
                .addSubcommand(new SinkCommand(Examples::onStop));
    }

    /** {@code recado monitor}. */
    static CommandLine monitor() {
        return new CommandLine(new MonitorCommand(Examples::onStop));
    }

    /** {@code recado coffee …}, an application of its own beside the examples. */
    static CommandLine coffee() {
        return CoffeeCommand.commandLine(
                Examples::onStop, () -> Terminal.system().interactive());
    }

    /** {@code recado messaging …}: a whole application, made of processes. */
    static CommandLine messaging() {
        return MessagingCommand.commandLine(Examples::onStop);
    }

    /** The first signal runs {@code action}, a second one ends the process at once. */
    private static void onStop(Runnable action) {
        StopSwitch stopSwitch = new StopSwitch(() -> Runtime.getRuntime().halt(ExitCode.FAILED));
        stopSwitch.requested().thenRun(action);
        Signals.handle(stopSwitch);
    }
}

package dev.recado.apps.coffee;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code recado coffee …}. */
@Command(
        name = "coffee",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Analytics of a chain of coffee shops: clients send files to a gateway, workers and aggregators"
                + " join over AMQP 0-9-1. Runs on Recado and on RabbitMQ alike.")
public final class CoffeeCommand {

    private CoffeeCommand() {}

    /**
     * The command with its subcommands.
     *
     * @param onStop takes what to do when the process is asked to end
     * @param isTerminal tells whether a person looks at standard output
     */
    public static CommandLine commandLine(Consumer<Runnable> onStop, BooleanSupplier isTerminal) {
        return new CommandLine(new CoffeeCommand())
                .addSubcommand(new CoffeeUpCommand(onStop, isTerminal))
                .addSubcommand(new CoffeeGenerateCommand())
                .addSubcommand(new CoffeeGatewayCommand(onStop))
                .addSubcommand(new CoffeeWorkerCommand(onStop))
                .addSubcommand(new CoffeeAggregatorCommand(onStop))
                .addSubcommand(new CoffeeClientCommand(onStop, isTerminal));
    }
}

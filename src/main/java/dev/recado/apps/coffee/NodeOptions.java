package dev.recado.apps.coffee;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.node.AmqpLoop;
import dev.recado.apps.monitor.HealthAnswer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a node of the coffee shop finds its broker, and monitors find it; mixed into the commands of nodes. */
@Command
public final class NodeOptions {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec command;

    @Option(
            names = "--amqp",
            paramLabel = "URI",
            defaultValue = "${env:COFFEE_AMQP:-amqp://guest:guest@127.0.0.1:5672}",
            description = "The broker; else the variable COFFEE_AMQP, which no list of processes shows, else"
                    + " amqp://guest:guest@127.0.0.1:5672.")
    String amqp = "";

    @Option(
            names = "--health",
            paramLabel = "[HOST:]PORT",
            description = "Answer OK to datagrams PING of monitors there (without HOST: 127.0.0.1).")
    @Nullable
    String health;

    AmqpLoop loop(String name, Stop stop) {
        try {
            return new AmqpLoop(amqp, "coffee " + name, stop);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--amqp: " + e.getMessage(), e);
        }
    }

    /** Answers monitors from now on until the process ends, where that is asked for. */
    void answerHealth() throws IOException {
        if (health == null) {
            return;
        }
        try {
            HealthAnswer.start(health);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--health: " + e.getMessage(), e);
        }
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(command, "picocli fills it before the command runs");
    }
}

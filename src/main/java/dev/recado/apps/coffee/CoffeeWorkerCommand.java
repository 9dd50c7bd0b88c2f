package dev.recado.apps.coffee;

import dev.recado.apps.Stop;
import dev.recado.apps.coffee.node.StageWorker;
import dev.recado.apps.coffee.query.Stage;
import dev.recado.base.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code recado coffee worker}. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "One of any number of workers of a stage. It keeps nothing and may be killed at any time.")
final class CoffeeWorkerCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    CoffeeOptions options = new CoffeeOptions();

    @Mixin
    NodeOptions nodeOptions = new NodeOptions();

    @Parameters(
            paramLabel = "STAGE",
            description = "filter-year, filter-hour, filter-amount, group-month-item, group-semester-store or"
                    + " group-store-user.")
    String stage = "";

    CoffeeWorkerCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        Stage chosen = Stream.of(Stage.values())
                .filter(one -> one.text().equals(stage))
                .findFirst()
                .orElse(null);
        options.check(
                chosen != null,
                "no such stage: " + stage + ", there are "
                        + Stream.of(Stage.values()).map(Stage::text).collect(Collectors.joining(", ")));
        if (chosen != null) {
            Stop stop = Stop.of(onStop);
            StageWorker worker = new StageWorker(
                    chosen, options.query(), options.topology(), nodeOptions.loop("worker " + stage, stop));
            nodeOptions.answerHealth();
            options.out().println("recado coffee worker " + stage + " started");
            options.out().println("worked on batches=" + worker.run());
        }
        return ExitCode.DONE;
    }
}

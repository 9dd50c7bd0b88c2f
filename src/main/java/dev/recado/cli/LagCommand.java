package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import dev.recado.client.RecadoClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado lag}. */
@Command(
        name = "lag",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what every group has yet to finish, the group first whose oldest message has waited longest.",
            "A topic without groups that holds something is a line without a group: its messages wait for nobody."
        })
final class LagCommand implements Callable<Integer> {

    /** What a picture begins with that takes the place of the one before. */
    static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    private static final long WATCH_MS_MIN = 100;

    private final Terminal terminal;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "2s",
            converter = DurationConverter.class,
            description = "Show it again and again, every TIME (default: ${FALLBACK-VALUE}), until Ctrl-C.")
    @Nullable
    Long watchMs;

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Only these topics (default: all).")
    List<String> topics = new ArrayList<>();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The same as TOPIC; may be repeated.")
    List<String> named = new ArrayList<>();

    LagCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        topics.addAll(named);
        Long every = watchMs;
        if (every == null) {
            print(broker.with(client -> Overview.of(client, topics)), "");
            return ExitCode.DONE;
        }
        CountDownLatch stopping = new CountDownLatch(1);
        terminal.onStop().accept(() -> {
            stopping.countDown();
            return ExitCode.DONE;
        });
        try (RecadoClient client = RecadoClient.connect(broker.client().failuresMax(1))) {
            do {
                print(Overview.of(client, topics), terminal.interactive() ? CLEAR_SCREEN : "");
            } while (!stopping.await(Math.max(WATCH_MS_MIN, every), TimeUnit.MILLISECONDS));
        }
        return ExitCode.DONE;
    }

    private void print(Overview overview, String before) {
        List<String> lags = overview.lags();
        if (output.isJson()) {
            lags.forEach(terminal::println);
            return;
        }
        long nowMs = System.currentTimeMillis();
        List<String> lines = new Table(lags, columns(nowMs)).lines();
        terminal.println(before + String.join("\n", lines.isEmpty() ? List.of("nothing waits") : lines));
    }

    /** What a person is shown of {@link Overview#lags}. */
    static Table.Column[] columns(long nowMs) {
        return new Table.Column[] {
            new Table.Column("topic"),
            new Table.Column("group", "GROUP", name -> name.isEmpty() ? "-" : name),
            new Table.Column("backlog"),
            new Table.Column("oldest", "OLDEST", since -> Shown.age(since, nowMs)),
            new Table.Column("ready"),
            new Table.Column("leased"),
            new Table.Column("waiting"),
            new Table.Column("members"),
            new Table.Column("rate", "RATE/S", rate -> rate)
        };
    }
}

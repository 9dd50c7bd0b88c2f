package dev.recado.apps;

import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.cli.option.CountConverter;
import dev.recado.cli.option.DurationConverter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.zeromq.SocketType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado example sink}: the simplest end of a pipeline. */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        description = "Prints what the pipeline brings, one message a line, with tabs between its frames. "
                + "Ends at an empty message, after --count messages, after --idle-exit, or with Ctrl-C.")
public final class SinkCommand implements Callable<Integer> {

    private final Consumer<Runnable> onStop;

    @Mixin
    ExampleOptions options = new ExampleOptions();

    @Option(
            names = "--from",
            paramLabel = "ENDPOINT",
            defaultValue = "tcp://127.0.0.1:5560",
            converter = EndpointConverter.class,
            description = "Where the broker gives out messages (default: ${DEFAULT-VALUE}).")
    String from = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after N messages, 1 or more (default: never).")
    long count;

    @Option(names = "--quiet", description = "Count messages without printing them.")
    boolean quiet;

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "0",
            description = "Stop when no message came for so long.")
    long idleExitMs;

    private long messages;
    private long bytes;

    /** The command; {@code onStop} takes what to do when the process is asked to end. */
    public SinkCommand(Consumer<Runnable> onStop) {
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException {
        options.checkNotNegative(idleExitMs);
        options.checkEndpoint("--from", from);
        Stop stop = Stop.of(onStop);
        try (ZmqLinks links = options.links(stop)) {
            double seconds = drain(links.connect(SocketType.PULL, from), stop) / 1e9;
            options.err()
                    .println("received " + Plural.of(messages, "message") + ", " + Plural.of(bytes, "byte")
                            + String.format(Locale.ROOT, " in %.1f s", seconds));
        }
        return ExitCode.DONE;
    }

    /** Answers the nanoseconds from the first message to the last. */
    private long drain(ZmqLink link, Stop stop) {
        long firstNanos = 0;
        long lastNanos = System.nanoTime();
        while ((count == 0 || messages < count) && !stop.isRequested()) {
            List<byte[]> frames = link.receive();
            if (frames == null) {
                if (idleExitMs > 0 && ZmqLink.isOver(lastNanos, idleExitMs)) {
                    break;
                }
                continue;
            }
            lastNanos = System.nanoTime();
            firstNanos = messages == 0 ? lastNanos : firstNanos;
            if (frames.size() == 1 && frames.get(0).length == 0) {
                break;
            }
            onMessage(frames);
        }
        return messages == 0 ? 0 : lastNanos - firstNanos;
    }

    private void onMessage(List<byte[]> frames) {
        messages++;
        bytes += frames.stream().mapToLong(frame -> frame.length).sum();
        if (!quiet) {
            options.out().println(frames.stream().map(Printable::of).collect(Collectors.joining("\t")));
        }
    }
}

package dev.recado.cli;

import dev.recado.cli.option.CountConverter;
import dev.recado.cli.option.DurationConverter;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import dev.recado.client.SubscribeOptions;
import dev.recado.client.Subscription;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado consumer}: prints what it consumes, one message a line. */
@Command(
        name = "consumer",
        mixinStandardHelpOptions = true,
        description = {
            "Prints messages of a topic (default: default), one a line, and acknowledges each after it is written out.",
            "With --group it shares the group's messages with its other members; with --id alone it uses a group of"
                    + " that name, and goes on where it left off; with neither it joins the topic's lowest-numbered"
                    + " automatic group that has room, and shares its messages.",
            "It ends once everything that it acknowledged is on the broker's disk."
        })
final class ConsumerCommand implements Callable<Integer> {

    private static final int FILE_BUFFER_BYTES = 64 << 10;

    /** When a message is acknowledged. */
    enum Ack {
        /** After it is written out. */
        each,
        /** When the broker has sent it. */
        auto,
        /** Never: it returns when the consumer ends. */
        none
    }

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(names = "--id", defaultValue = "", description = "The consumer's id.")
    String id = "";

    @Option(names = "--group", defaultValue = "", description = "The group to join; * sees everything from now on.")
    String group = "";

    @Mixin
    TopicArgument of = new TopicArgument();

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            converter = Positions.Converter.class,
            description = "Where a new group begins: " + Positions.ALLOWED + " (default: first).")
    @Nullable
    String from;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "A new group begins N messages before the end; the topic must have one partition.")
    @Nullable
    Long last;

    @Option(
            names = "--ack",
            defaultValue = "each",
            description =
                    "each: after it is written out; auto: when the broker has sent it, written out or not, and not with"
                            + " --count; none: never, it returns when the consumer ends (default: ${DEFAULT-VALUE}).")
    Ack ack = Ack.each;

    @Option(
            names = "--credit",
            defaultValue = "1000",
            description = "Messages that may be unacknowledged, 1 to 65535 (default: ${DEFAULT-VALUE}).")
    int credit = 1_000;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after N messages, 1 or more (default: never).")
    long count;

    @Option(
            names = "--idle-exit",
            paramLabel = "TIME",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Stop when no message came for so long, such as 500ms or 10s.")
    long idleExitMs;

    @Option(
            names = "--to-end",
            description =
                    "Stop once the group has finished everything that was in the topic at the start, other members'"
                            + " share included. Of a topic with several partitions: once nothing is left unfinished.")
    boolean toEnd;

    @Option(names = "--to-file", paramLabel = "FILE", description = "Append to a file instead of printing.")
    @Nullable
    Path toFile;

    @Option(
            names = "--max-failures",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Give up after N consecutive failures to connect again (default: never); how often it tries at"
                            + " first: see --connect-wait.")
    int maxFailures;

    ConsumerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        check();
        ClientOptions options = broker.client().failuresMax(maxFailures).listener(new ProducerCommand.Report(terminal));
        if (!id.isEmpty()) {
            options.name("recado-cli " + id);
        }
        try (Consuming consuming =
                new Consuming(openOutput(), Progress.ofMessages(terminal.err()::println, "consumed"), settings())) {
            terminal.onStop().accept(consuming::stop);
            int code = consume(options, consuming);
            terminal.err().println(consuming.summary());
            return code;
        }
    }

    private Consuming.Settings settings() {
        return new Consuming.Settings(output.isJson(), ack, count, idleExitMs);
    }

    /** Neither a tap nor a pattern. */
    private boolean isOneTopicsGroup(String topic) {
        return !group.equals("*") && !Beginning.isPattern(topic);
    }

    private int consume(ClientOptions options, Consuming consuming) throws Exception {
        String joined = group.isEmpty() ? id : group;
        String topic = of.topicOr("default");
        // What is held and never printed would return with an attempt on it, and be a dead letter in the end.
        int held = ack == Ack.auto ? 0 : credit;
        boolean bounded = held > 0 && isOneTopicsGroup(topic);
        try (RecadoClient client = RecadoClient.connect(options)) {
            Beginning beginning = new Beginning(client, terminal.err(), topic, joined, !output.isJson());
            String begins = beginning.of(from, last);
            SubscribeOptions wanted = new SubscribeOptions(topic, joined, held, begins, bounded ? count : 0);
            try (Subscription subscription = client.subscribe(wanted, consuming)) {
                consuming.run(subscription, toEnd ? beginning.watch()::isReached : () -> false);
            }
            RecadoException gaveUp = client.failure();
            if (gaveUp != null) {
                throw gaveUp;
            }
        }
        return consuming.exitCode(terminal);
    }

    private OutputStream openOutput() throws IOException {
        Path file = toFile;
        return file == null
                ? terminal.out()
                : new BufferedOutputStream(
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        FILE_BUFFER_BYTES);
    }

    private void check() {
        CommandSpec command = spec;
        if (command == null) {
            return;
        }
        if (ack == Ack.auto && count > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "--ack auto acknowledges more than --count messages, which would be lost: use --ack each");
        }
        if (credit < 1 || credit > 65_535) {
            throw new ParameterException(command.commandLine(), "--credit takes 1 to 65535, not " + credit);
        }
        if (last != null && last < 0) {
            throw new ParameterException(command.commandLine(), "--last takes a number from 0 on");
        }
        if (toEnd && ack != Ack.each) {
            throw new ParameterException(
                    command.commandLine(),
                    "--to-end waits for what is acknowledged once it is written out: --ack each");
        }
        String topic = of.topicOr("");
        if (toEnd && !isOneTopicsGroup(topic)) {
            throw new ParameterException(
                    command.commandLine(), "--to-end needs a group of one topic: a tap and a pattern have no end");
        }
        if (last != null && from != null) {
            throw new ParameterException(command.commandLine(), "give --from or --last, not both");
        }
    }
}

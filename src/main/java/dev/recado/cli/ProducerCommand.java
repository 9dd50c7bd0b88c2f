package dev.recado.cli;

import dev.recado.cli.option.DurationConverter;
import dev.recado.client.BrokerAddress;
import dev.recado.client.ClientListener;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code recado producer}: sends what is typed, piped, in a file, or made up. */
@Command(
        name = "producer",
        mixinStandardHelpOptions = true,
        description = {
            "Sends messages to a topic (default: default): typed ones (q quits), one a line; each line of a pipe"
                    + " or of a file; or -n made-up ones.",
            "What the broker has not confirmed is sent again after a lost connection, and stored once."
        })
final class ProducerCommand implements Callable<Integer> {

    private static final int LINE_BYTES_MAX = 16 << 20;
    private static final int PRIORITY_MAX = 255;

    private final Terminal terminal;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "Send N made-up messages and end.")
    @Nullable
    Long count;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Time between made-up messages, such as 200ms (default:"
                    + " ${DEFAULT-VALUE}); 0 for as fast as it goes.")
    long intervalMs = 1_000;

    @Option(names = "--file", paramLabel = "FILE", description = "Send each line of a file.")
    @Nullable
    Path file;

    @Mixin
    TopicArgument to = new TopicArgument();

    @Option(names = "--key", defaultValue = "", description = "The key of every message.")
    String key = "";

    @Option(names = "--headers", paramLabel = "KEY=VALUE", description = "A header of every message, may be repeated.")
    Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "The priority of every message, 0 to 255 (default: ${DEFAULT-VALUE}): counts in a queue with"
                    + " the setting priorities.")
    int priority;

    @Option(
            names = "--producer-id",
            paramLabel = "ID",
            description = "The id by which the broker knows what it has stored (default: a random one).")
    @Nullable
    String producerId;

    @Option(
            names = "--max-failures",
            paramLabel = "N",
            defaultValue = "60",
            description =
                    "Give up after N consecutive failures to connect again (default: ${DEFAULT-VALUE}), 0 never; how"
                            + " often it tries at first: see --connect-wait.")
    int maxFailures = 60;

    @Option(
            names = "--no-retry",
            description =
                    "Fail what the broker refuses because a topic or the disk is full, instead of trying again; the"
                            + " end tells which lines these were.\n"
                            + "Trying again may change the order of messages that were under way:"
                            + " where order matters, use this.")
    boolean noRetry;

    ProducerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        check();
        String topic = to.topicOr("default");
        ClientOptions options = broker.client()
                .producerId(producerId)
                .failuresMax(maxFailures)
                .retryRefused(!noRetry)
                .listener(new Report(terminal));
        Path lines = file;
        try (InputStream in = lines == null ? terminal.in() : Files.newInputStream(lines);
                RecadoClient client = RecadoClient.connect(options);
                Sending sending = new Sending(
                        client,
                        terminal,
                        output,
                        new Sending.Target(topic, key, headers, priority),
                        new Stuck(broker, topic)::reason)) {
            terminal.onStop().accept(sending::stop);
            try {
                send(sending, new LineReader(in, LINE_BYTES_MAX));
            } catch (RecadoException e) {
                sending.finish();
                throw e;
            }
            return sending.finish();
        }
    }

    private void send(Sending sending, LineReader in) throws IOException, InterruptedException {
        if (count != null) {
            sending.sendMadeUp(count, intervalMs);
        } else if (file == null && terminal.interactive()) {
            sending.converse(in);
        } else {
            sending.sendLines(in, file);
        }
    }

    private void check() {
        CommandSpec command = spec;
        if (command == null) {
            return;
        }
        if (count != null && (count < 0)) {
            throw new ParameterException(command.commandLine(), "--count takes a number from 0 on");
        }
        if (count != null && file != null) {
            throw new ParameterException(command.commandLine(), "--count makes up messages: leave it out with --file");
        }
        if (priority < 0 || priority > PRIORITY_MAX) {
            throw new ParameterException(command.commandLine(), "--priority takes a number from 0 to " + PRIORITY_MAX);
        }
        if (file != null && !Files.isReadable(file)) {
            throw new ParameterException(command.commandLine(), "cannot read the file " + file);
        }
    }

    /** Tells on standard error when the connection is lost and when it is back. */
    static final class Report implements ClientListener {
        private final Terminal terminal;
        private boolean lost;
        private boolean connected;

        Report(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void onConnected(BrokerAddress broker) {
            if (lost) {
                terminal.err().println("connected to " + broker + (connected ? " again" : ""));
            }
            lost = false;
            connected = true;
        }

        @Override
        public void onLost(String why) {
            if (!lost) {
                terminal.err().println(why + "; trying again");
            }
            lost = true;
        }
    }
}

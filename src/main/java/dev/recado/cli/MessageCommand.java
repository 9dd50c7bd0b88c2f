package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.cli.option.CountConverter;
import dev.recado.client.MessageId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado message …}. */
@Command(
        name = "message",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Looks at messages without consuming them, and publishes single ones.")
final class MessageCommand {

    /** Where a message goes and what it carries besides its payload. */
    static final class Envelope {
        @Option(names = "--key", defaultValue = "", description = "The message's key.")
        String key = "";

        @Option(names = "--headers", paramLabel = "KEY=VALUE", description = "A header, may be repeated.")
        Map<String, String> headers = new LinkedHashMap<>();

        @Option(names = "--exchange", description = "TOPIC is an exchange that finds the topics.")
        boolean exchange;

        @Option(
                names = "--also-key",
                paramLabel = "KEY",
                description = "With --exchange one more key to find topics by, may be repeated.")
        List<String> moreKeys = new ArrayList<>();

        List<String> keys() {
            List<String> keys = new ArrayList<>(List.of(key));
            keys.addAll(moreKeys);
            return keys;
        }
    }

    /** Which messages are shown. */
    static final class Range {
        private static final int COUNT_DEFAULT = 20;

        @Option(
                names = "--from",
                paramLabel = "POSITION",
                converter = Positions.Converter.class,
                description = Positions.ALLOWED + " (default: first).")
        @Nullable
        String from;

        @Option(
                names = "--last",
                paramLabel = "N",
                converter = CountConverter.class,
                description = "From N messages before the end on; the topic must have one partition.")
        @Nullable
        Long last;

        @Option(
                names = {"-n", "--count"},
                paramLabel = "N",
                converter = CountConverter.class,
                description = "How many at most, 1 to 1000 (default: " + COUNT_DEFAULT + ", or as many as --last).")
        @Nullable
        Long count;

        int count() {
            Long given = count == null ? last : count;
            return given == null ? COUNT_DEFAULT : (int) Math.min(given, Integer.MAX_VALUE);
        }
    }

    private static final int PAYLOAD_BYTES_MAX = 16 << 20;

    private final Terminal terminal;

    MessageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "browse",
            mixinStandardHelpOptions = true,
            description =
                    "Shows stored messages, one partition after the other, oldest first; browsing never" + " consumes.")
    int browse(
            @Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin Range range, @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        if (range.from != null && range.last != null) {
            throw argument.wrong("give --from or --last, not both");
        }
        Long last = range.last;
        String from = last == null
                ? range.from == null ? "first" : range.from
                : Beginning.beforeEnd(topic, broker.ask(client -> client.admin().describeTopic(topic)), last);
        int count = range.count();
        List<String> found = broker.ask(client -> client.admin().browse(topic, from, count));
        if (found.isEmpty() && !output.isJson()) {
            terminal.err().println("no messages in " + topic + (from.equals("first") ? "" : " from " + from + " on"));
        }
        output.print(terminal, found);
        return ExitCode.DONE;
    }

    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Publishes one message and prints its id once it is stored; with --exchange, in how many"
                    + " topics it is stored.")
    int publish(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Envelope envelope,
            @Mixin TopicArgument.AndText argument)
            throws Exception {
        String topic = argument.topic();
        String text = argument.text();
        // Buffered, because a FileInputStream asks a pipe for its position and fails.
        byte[] payload = text.equals("-")
                ? payloadOf(new BufferedInputStream(terminal.in()))
                : text.getBytes(StandardCharsets.UTF_8);
        if (!envelope.exchange && !envelope.moreKeys.isEmpty()) {
            throw argument.wrong("--also-key is for --exchange");
        }
        if (envelope.exchange) {
            int topics = broker.ask(client -> client.publishThrough(topic, envelope.keys(), envelope.headers, payload));
            output.done(terminal, Integer.toString(topics), out -> out.writeNumberField("topics", topics));
        } else {
            MessageId id = broker.ask(client -> client.publish(topic, envelope.key, envelope.headers, payload));
            output.done(terminal, id.toString(), out -> out.writeStringField("id", id.toString()));
        }
        return ExitCode.DONE;
    }

    /** A pipe may be endless: what no broker would take is not read. */
    private static byte[] payloadOf(InputStream in) throws IOException {
        byte[] payload = in.readNBytes(PAYLOAD_BYTES_MAX + 1);
        if (payload.length > PAYLOAD_BYTES_MAX) {
            throw new IOException("standard input is longer than a message may be, limit=" + PAYLOAD_BYTES_MAX);
        }
        return payload;
    }
}

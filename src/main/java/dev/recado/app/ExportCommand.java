package dev.recado.app;

import dev.recado.cli.BrokerOptions;
import dev.recado.client.RecadoClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code recado export}: a topic of a running broker as classic files; nothing is consumed. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write the stored messages of a topic as a classic file (MSG_ID:TIMESTAMP:SIZE:CONTENT).",
            "Reads from a running broker and consumes nothing. Keys, headers and milliseconds are left out: the format"
                    + " has no place for them."
        })
final class ExportCommand implements Callable<Integer> {

    @Option(names = "--topic", defaultValue = "default", description = "What to export (default: ${DEFAULT-VALUE}).")
    String topic = "default";

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "File to write; replaced if it exists.")
    @Nullable
    Path file;

    @Option(
            names = "--offsets",
            paramLabel = "FILE",
            description = "Write the groups' positions there (CONSUMER:ID:OFFSET).")
    @Nullable
    Path offsets;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws IOException {
        Path to = Objects.requireNonNull(file, "picocli requires --to");
        if (offsets != null && AtomicFile.real(offsets).equals(AtomicFile.real(to))) {
            throw new ParameterException(console.commandLine(), "--to and --offsets name the same file " + to);
        }
        try (RecadoClient client =
                RecadoClient.connect(broker.client().payloadBytesMax(ClassicExport.LINE_BYTES_MAX))) {
            ClassicExport export = new ClassicExport(client, topic, new Progress(console.err(), "exported"));
            long messages = export.writeMessages(to);
            String told = "exported " + messages + " messages of " + topic + " to " + to;
            Path positions = offsets;
            if (positions != null) {
                told += ", " + export.writePositions(positions) + " positions to " + positions;
            }
            console.out().println(told);
        }
        return ExitCode.DONE;
    }
}

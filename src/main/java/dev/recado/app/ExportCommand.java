package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import dev.recado.cli.BrokerOptions;
import dev.recado.cli.OutputOptions;
import dev.recado.cli.Progress;
import dev.recado.cli.TopicArgument;
import dev.recado.client.RecadoClient;
import dev.recado.file.WholeFiles;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
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
            "Write the stored messages of a topic (default: default) as a classic file"
                    + " (MSG_ID:TIMESTAMP:SIZE:CONTENT).",
            "Reads from a running broker and consumes nothing. Keys, headers and milliseconds are left out: the format"
                    + " has no place for them."
        })
final class ExportCommand implements Callable<Integer> {

    private static final Path STANDARD_OUTPUT = Path.of("-");

    @Mixin
    TopicArgument what = new TopicArgument();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FILE",
            description = "File to write; - is standard output. One that exists is replaced only with --replace.")
    @Nullable
    Path file;

    @Option(names = "--replace", description = "Replace files that exist.")
    boolean replace;

    @Option(
            names = "--offsets",
            paramLabel = "FILE",
            description = "Write the groups' positions there (CONSUMER:ID:OFFSET).")
    @Nullable
    Path offsets;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws UsageException, IOException {
        Path to = Objects.requireNonNull(file, "picocli requires --to");
        String topic = what.topicOr("default");
        Path positions = offsets;
        refuseUnwritable("--to", to);
        if (positions != null) {
            refuseUnwritable("--offsets", positions);
            if (WholeFiles.real(positions).equals(WholeFiles.real(to))) {
                throw new ParameterException(console.commandLine(), "--to and --offsets name the same file " + to);
            }
        }
        try (RecadoClient client =
                RecadoClient.connect(broker.client().payloadBytesMax(ClassicExport.LINE_BYTES_MAX))) {
            ClassicExport export =
                    new ClassicExport(client, topic, Progress.ofBytes(console.err()::println, "exported"));
            long messages = isStandardOutput(to) ? print(export) : export.writeMessages(to);
            int written = positions == null ? 0 : export.writePositions(positions);
            String told = "exported " + Plural.of(messages, "message") + " of " + topic + " to " + to
                    + (positions == null ? "" : ", " + Plural.of(written, "position") + " to " + positions);
            output.done(isStandardOutput(to) ? console.err() : console.out(), told, field -> {
                field.accept("topic", topic);
                field.accept("exported", messages);
                field.accept("file", to.toString());
                field.accept("positions", written);
            });
        }
        return ExitCode.DONE;
    }

    private static long print(ClassicExport export) throws IOException {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        long messages = export.writeMessages(out);
        out.flush();
        return messages;
    }

    private static boolean isStandardOutput(Path file) {
        return file.equals(STANDARD_OUTPUT);
    }

    private void refuseUnwritable(String option, Path target) throws UsageException {
        if (isStandardOutput(target)) {
            if (option.equals("--to")) {
                return;
            }
            throw new UsageException(option + " - is not possible: name a file");
        }
        String reason = FileFailure.unwritable(target);
        if (reason != null) {
            throw new UsageException("cannot write " + option + " " + target + ": " + reason + ". Name another file");
        }
        if (Files.exists(target) && !replace) {
            throw new UsageException(
                    option + " " + target + " exists and stays as it is: name another file, or add --replace");
        }
    }
}

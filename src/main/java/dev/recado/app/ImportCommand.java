package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.BrokerOptions;
import dev.recado.cli.OutputOptions;
import dev.recado.cli.Progress;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code recado import}: classic files into a topic of a running broker, once, however often it is interrupted. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Publish the messages of a classic file (MSG_ID:TIMESTAMP:SIZE:CONTENT) to a topic.",
            "Each gets a number, so that importing the same file again after an interruption goes on where it stopped"
                    + " and stores nothing twice. The broker gives new ids and its own time."
        })
final class ImportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "Classic file of messages.")
    @Nullable
    Path file;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "The topic, where it is not given by its place.")
    @Nullable
    String namedTopic;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TOPIC", description = "Where to (default: default).")
    @Nullable
    String placedTopic;

    @Option(
            names = "--offsets",
            paramLabel = "FILE",
            description = "Make a group for each position there (CONSUMER:ID:OFFSET); OFFSET is an id of the file.")
    @Nullable
    Path offsets;

    @Option(
            names = "--producer-id",
            paramLabel = "ID",
            description = "The id by which the broker knows what it has stored (default: made from topic and content).")
    @Nullable
    String producerId;

    @Option(
            names = "--again",
            description = "Import all of it anew, whatever an earlier run has stored. Without it, that is done where"
                    + " nothing of the earlier run is left in the topic (a log that was purged, say).")
    boolean again;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Mixin
    Console console = new Console();

    @Override
    public Integer call() throws IOException {
        Path from = Objects.requireNonNull(file, "picocli requires FILE");
        String topic = topic();
        ClassicScan scan = new ClassicScan(topic, console.err());
        List<Path> files = readable(from);
        for (Path each : files) {
            checkFormat(each, topic);
        }
        for (Path each : files) {
            scan.read(each, each.equals(from));
        }
        String given = producerId;
        String first = given == null ? scan.producerId() : given;
        TopicRange before;
        try (RecadoClient client = RecadoClient.connect(options(first))) {
            before = TopicRange.of(client, topic);
        }
        String id = new ImportRun(this::options, topic, from, before).find(first, again);
        if (!id.equals(first) && !again) {
            console.err().println("what an earlier run stored is no longer in " + topic + ": importing all of it anew");
        }
        try (RecadoClient client = RecadoClient.connect(options(id))) {
            Progress progress = Progress.ofBytes(console.err()::println, "imported");
            ClassicImport importing = new ClassicImport(client, topic, scan, before, console.err(), progress);
            importing.run(from);
            output.done(console.out(), importing.summary(from), importing::write);
            return importing.complete() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** A pipe can be read once only: its lines are judged one by one. */
    private void checkFormat(Path from, String topic) throws IOException {
        String why =
                Files.isRegularFile(from) ? ClassicFiles.notOfTheFormat(from, ClassicScan.CONTENT_BYTES_MAX) : null;
        if (why != null) {
            throw new ParameterException(
                    console.commandLine(),
                    from + " is not a classic file: " + why + ". Plain lines are sent with `recado producer --file "
                            + from + " --topic " + topic + "`.");
        }
    }

    private String topic() {
        if (namedTopic != null && placedTopic != null) {
            throw new ParameterException(console.commandLine(), "give the topic once, as TOPIC or --topic TOPIC");
        }
        String given = namedTopic == null ? placedTopic : namedTopic;
        return given == null ? "default" : given;
    }

    private ClientOptions options(String id) {
        return broker.client()
                .producerId(id)
                .inFlightMax(ClassicImport.IN_FLIGHT_MAX)
                .rewind(ClientOptions.IN_FLIGHT_MAX);
    }

    private List<Path> readable(Path from) {
        List<Path> files = new ArrayList<>(List.of(from));
        Path positions = offsets;
        if (positions != null && !positions.equals(from)) {
            files.add(positions);
        }
        for (Path each : files) {
            if (!Files.isReadable(each) || Files.isDirectory(each)) {
                throw new ParameterException(console.commandLine(), "cannot read the file " + each);
            }
        }
        return files;
    }
}

package dev.recado.apps.monitor;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.recado.apps.monitor.SupervisedNode.Health;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that tells monitors what to look after; all monitors of a machine read the same one. JSON:
 *
 * <pre>
 *   {"nodes": [
 *     {"name": "worker-1", "health": "127.0.0.1:8888",
 *      "command": ["java", "-jar", "worker.jar"],
 *      "directory": ".", "environment": {"LEVEL": "2"}, "log": "worker-1.log", "pid": "worker-1.pid"},
 *     {"name": "web", "health": "web:8888", "container": "web"}]}
 * </pre>
 *
 * <p>{@code health} is where the node answers {@code PING}, or {@code tcp://HOST:PORT} where it takes connections. It
 * has a {@code command} or a {@code container}. Paths are relative to the file; {@code directory} is where it lies,
 * {@code log} is {@code NAME.log} and {@code pid} is {@code NAME.pid} beside it, unless they say otherwise.
 */
public final class NodeFile {

    /** Nodes that one file may name. */
    static final int NODES_MAX = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private NodeFile() {}

    private record Content(@Nullable List<Entry> nodes) {}

    /**
     * A process to look after, for who writes the file.
     *
     * @param health {@code HOST:PORT} or {@code tcp://HOST:PORT}
     * @param command program and arguments
     * @param environment on top of the monitor's own
     */
    public record Written(String name, String health, List<String> command, Map<String, String> environment) {

        public Written {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        /** The process that monitors which read {@code file} start and look for. */
        public NodeProcess process(Path file) {
            return NodeFile.process(name, command, environment, file.toAbsolutePath());
        }
    }

    private record Nodes(List<Written> nodes) {}

    /** Writes it, by rename; environments may hold passwords. */
    public static void write(Path file, List<Written> nodes) throws IOException {
        WholeFiles.writeUnsynced(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(new Nodes(List.copyOf(nodes))) + "\n");
    }

    private static NodeProcess process(String name, List<String> command, Map<String, String> environment, Path file) {
        return new NodeProcess(
                name,
                command,
                beside(file, null, ""),
                environment,
                beside(file, null, name + ".log"),
                beside(file, null, name + ".pid"));
    }

    /** As Jackson fills it. */
    @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
    private static final class Entry {
        @Nullable
        String name;

        @Nullable
        String health;

        @Nullable
        List<String> command;

        @Nullable
        String directory;

        @Nullable
        Map<String, String> environment;

        @Nullable
        String log;

        @Nullable
        String pid;

        @Nullable
        String container;
    }

    /**
     * Reads it.
     *
     * @throws IOException where it cannot be read or says something that cannot be; the text says what and where
     */
    static List<SupervisedNode> read(Path file, Containers containers) throws IOException {
        Content content;
        try {
            content = JSON.readValue(Files.readAllBytes(file), Content.class);
        } catch (UnrecognizedPropertyException unknown) {
            throw new IOException(
                    file + ": " + where(unknown) + "unknown key '" + unknown.getPropertyName() + "', known are "
                            + unknown.getKnownPropertyIds(),
                    unknown);
        } catch (JsonProcessingException wrong) {
            boolean isNoJson = wrong instanceof StreamReadException || wrong.getCause() instanceof StreamReadException;
            throw new IOException(
                    file + ": " + where(wrong) + (isNoJson ? "this is no JSON" : wrong.getOriginalMessage()), wrong);
        }
        List<Entry> entries = content == null || content.nodes() == null ? List.of() : content.nodes();
        if (entries.size() > NODES_MAX) {
            throw new IOException(file + ": " + entries.size() + " nodes, at most " + NODES_MAX);
        }
        List<SupervisedNode> nodes = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            try {
                SupervisedNode node = node(entries.get(i), file.toAbsolutePath(), containers);
                check(names.add(node.name()), "a second node of this name");
                nodes.add(node);
            } catch (IllegalArgumentException wrong) {
                String name = entries.get(i).name;
                throw new IOException(
                        file + ": node " + (i + 1) + (name == null ? "" : " '" + name + "'") + ": "
                                + wrong.getMessage(),
                        wrong);
            }
        }
        return nodes;
    }

    private static String where(JsonProcessingException wrong) {
        JsonLocation at = wrong.getLocation();
        return at == null ? "" : "line " + at.getLineNr() + " column " + at.getColumnNr() + ": ";
    }

    private static SupervisedNode node(Entry entry, Path file, Containers containers) {
        String name = entry.name == null ? "" : entry.name;
        check(name.matches("[A-Za-z0-9._-]{1,100}"), "a name has 1 to 100 letters, digits, '.', '_' and '-'");
        check(entry.health != null, "health is missing: HOST:PORT, or tcp://HOST:PORT");
        Health health = Health.parse(String.valueOf(entry.health));
        String container = entry.container;
        List<String> command = entry.command;
        check((container == null) != (command == null || command.isEmpty()), "it has a command or a container");
        return new SupervisedNode(
                name, health, container != null ? containers.starter(container) : process(entry, name, file));
    }

    private static NodeProcess process(Entry entry, String name, Path file) {
        return new NodeProcess(
                name,
                entry.command == null ? List.of() : entry.command,
                beside(file, entry.directory, ""),
                entry.environment == null ? Map.of() : entry.environment,
                beside(file, entry.log, name + ".log"),
                beside(file, entry.pid, name + ".pid"));
    }

    private static Path beside(Path file, @Nullable String path, String otherwise) {
        return file.resolveSibling(path == null ? otherwise : path).normalize();
    }

    private static void check(boolean condition, String wrong) {
        if (!condition) {
            throw new IllegalArgumentException(wrong);
        }
    }
}

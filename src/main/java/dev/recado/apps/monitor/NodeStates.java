package dev.recado.apps.monitor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the monitor that acts knows of the nodes, as a file that others may read:
 *
 * <pre>
 *   {"monitor": 3, "nodes": {
 *     "broker":   {"state": "UP", "failures": 0, "attempts": 0, "attemptsMax": 5},
 *     "worker-1": {"state": "DOWN", "failures": 3, "attempts": 2, "attemptsMax": 5, "again": "2026-11-30T21:03:32Z"}}}
 * </pre>
 *
 * @param monitor its id
 * @param nodes by name
 */
public record NodeStates(int monitor, Map<String, NodeState> nodes) {

    /** What a node does. */
    public enum State {
        /** Not known yet, or just started. */
        STARTING,
        UP,
        /** It has not answered, but not yet so often that it is down. */
        FAILING,
        DOWN,
        GIVEN_UP
    }

    /**
     * One node.
     *
     * @param failures checks without an answer, one behind the other
     * @param attempts how often it was started since it was last up for long
     * @param again not before this time it is started again, where it is down and that is to come; UTC
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NodeState(
            State state,
            int failures,
            int attempts,
            int attemptsMax,
            @Nullable String again) {}

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public NodeStates {
        nodes = Map.copyOf(nodes);
    }

    /** Those of the file, or null where there is none. */
    public static @Nullable NodeStates read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), NodeStates.class);
        } catch (NoSuchFileException none) {
            return null;
        } catch (JsonProcessingException wrong) {
            throw new IOException(file + ": " + wrong.getOriginalMessage(), wrong);
        }
    }

    /** By rename. */
    void write(Path file) throws IOException {
        WholeFiles.writeUnsynced(file, JSON.writeValueAsString(this) + "\n");
    }
}

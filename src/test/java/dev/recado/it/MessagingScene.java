package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code recado messaging up} as a process, its parts found by their command lines, and what they left in files. */
final class MessagingScene implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SAID = Pattern.compile("(bot-\\d) says (\\d+)");
    private static final List<String> SERVERS = List.of("server-1", "server-2", "server-3");

    private final Path data;
    private final JarProcess up;
    private final JsonNode ports;

    private MessagingScene(Path data, JarProcess up, JsonNode ports) {
        this.data = data;
        this.up = up;
        this.ports = ports;
    }

    /** Starts it and waits until all servers have a rank. */
    static MessagingScene start(Path work, String... more) throws IOException {
        Path data = work.resolve("messaging");
        Path portsFile = work.resolve("ports.json");
        List<String> arguments = new ArrayList<>(List.of(
                "messaging", "up", "--data", data.toString(), "--free-ports", "--ports-file", portsFile.toString()));
        arguments.addAll(List.of(more));
        JarProcess up = JarProcess.command(work, arguments.toArray(String[]::new));
        try {
            Waiting.until("all parts are ready", LIMIT, () -> Files.exists(portsFile) || !up.isAlive());
            assertThat(up.isAlive()).as(up::report).isTrue();
            return new MessagingScene(data, up, JSON.readTree(portsFile.toFile()));
        } catch (IOException | RuntimeException | Error e) {
            up.close();
            throw e;
        }
    }

    int port(String key) {
        return ports.get(key).asInt();
    }

    /** How often the bots were told that what they said is kept. */
    long acknowledged() {
        return up.out()
                .lines()
                .filter(line -> line.contains(": publish done") || line.contains(": message done"))
                .count();
    }

    /** Waits until the bots were told so more often by {@code count}: traffic goes on. */
    void awaitTraffic(int count) {
        long before = acknowledged();
        Waiting.until("traffic goes on: " + up.report(), LIMIT, () -> acknowledged() >= before + count);
    }

    /** SIGKILL for one part, by what its command line has; waits until another process has taken its place. */
    void killNine(String words) {
        ProcessHandle part = find(words);
        assertThat(part).as("no process of %s", words).isNotNull();
        part.destroyForcibly();
        Waiting.until(words + " is started again: " + up.report(), LIMIT, () -> {
            ProcessHandle next = find(words);
            return next != null && next.pid() != part.pid();
        });
    }

    private ProcessHandle find(String words) {
        ProcessHandle self = ProcessHandle.of(up.pid()).orElseThrow();
        return self.children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> String.join(" ", child.info().arguments().orElse(new String[0]))
                        .contains(words))
                .findFirst()
                .orElse(null);
    }

    /** SIGTERM, and waits for the end of all parts. */
    void stop() {
        up.terminate();
        assertThat(up.exitCode(LIMIT)).as(up::report).isZero();
        assertThat(up.out()).contains("up: all parts have ended");
    }

    /** SIGKILL for {@code up} alone; waits until none of its parts is left. */
    void killUp() {
        String mark = data.resolve("up.lock").toString();
        up.killNine();
        Waiting.until("nothing is left", LIMIT, () -> ProcessHandle.allProcesses()
                .noneMatch(process -> Stream.of(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.endsWith(mark))));
    }

    String out() {
        return up.out();
    }

    /** The files are equal byte for byte, and every word of the bots that was acknowledged is there once, in order. */
    void checkHistories() throws IOException {
        for (String file : List.of("publications.jsonl", "messages.jsonl", "registry.json")) {
            byte[] first = Files.readAllBytes(data.resolve("server-1").resolve(file));
            for (String server : SERVERS) {
                assertThat(Files.readAllBytes(data.resolve(server).resolve(file)))
                        .as("%s of %s: %s", file, server, up.report())
                        .isEqualTo(first);
            }
        }
        checkWords();
    }

    /** Each bot says one thing after the other, each in answer to the last: their Lamport clocks only grow. */
    private void checkWords() throws IOException {
        Map<String, TreeMap<Long, Long>> clocks = new TreeMap<>();
        long count = 0;
        for (String file : List.of("publications.jsonl", "messages.jsonl")) {
            JsonNode last = null;
            for (String line : Files.readAllLines(data.resolve("server-1").resolve(file))) {
                JsonNode entry = JSON.readTree(line);
                if (last != null) {
                    assertThat(entry.get("lamport").asLong())
                            .isGreaterThanOrEqualTo(last.get("lamport").asLong());
                }
                last = entry;
                Matcher said = SAID.matcher(entry.get("text").asText());
                if (said.matches()) {
                    Long twice = clocks.computeIfAbsent(said.group(1), unused -> new TreeMap<>())
                            .put(
                                    Long.parseLong(said.group(2)),
                                    entry.get("lamport").asLong());
                    assertThat(twice).as(line).isNull();
                    count++;
                }
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(acknowledged());
        clocks.forEach((bot, byNumber) -> {
            assertThat(byNumber.lastKey()).as(bot).isEqualTo(byNumber.size());
            assertThat(new ArrayList<>(byNumber.values()))
                    .as("%s: %s", bot, up.report())
                    .isSorted()
                    .doesNotHaveDuplicates();
        });
        assertThat(clocks).hasSize(2);
    }

    @Override
    public void close() {
        if (up.isAlive()) {
            up.terminate();
            up.endsWithin(Duration.ofSeconds(30));
        }
        up.close();
    }
}

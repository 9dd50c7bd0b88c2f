package dev.recado.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The programs of {@code src/test/resources/zmq}, made ready to run below {@code target/zmq}. */
final class ZmqPrograms {

    private static final Path SOURCES = Path.of("src", "test", "resources", "zmq");
    private static final Path HOME = Path.of("target", "zmq").toAbsolutePath();
    private static final long TOOL_SECONDS_MAX = 180;
    private static final Map<String, Path> COMPILED = new HashMap<>();

    private ZmqPrograms() {}

    static Path source(String file) {
        return SOURCES.resolve(file).toAbsolutePath();
    }

    /** Where programs run; the modules of npm are below it. */
    static Path home() {
        try {
            Files.createDirectories(HOME);
            Files.copy(source("package.json"), HOME.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
            return HOME;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program of {@code name.c}, compiled once a run. */
    static synchronized Path compiled(String name) {
        Tool.LIBZMQ.require();
        return COMPILED.computeIfAbsent(name, unused -> {
            Path program = home().resolve(name);
            String problem = problem(List.of(
                    "gcc",
                    "-O1",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-o",
                    program.toString(),
                    source(name + ".c").toString(),
                    "-lzmq"));
            if (!problem.isEmpty()) {
                throw new AssertionError("gcc on " + name + ".c: " + problem);
            }
            return program;
        });
    }

    /** Runs a command to its end; answers an empty text, or where it failed the last line that it said. */
    static String problem(List<String> command) {
        try {
            Path log = Files.createTempFile(home(), "tool-", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(home().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                boolean ended = process.waitFor(TOOL_SECONDS_MAX, TimeUnit.SECONDS);
                process.destroyForcibly();
                String said = Files.readString(log, StandardCharsets.UTF_8).strip();
                return ended && process.exitValue() == 0 ? "" : "failed: " + said.substring(said.lastIndexOf('\n') + 1);
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }
}

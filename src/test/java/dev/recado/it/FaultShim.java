package dev.recado.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Makes file calls of a broker fail at the system's door: {@code faultshim.c}, loaded before the C library. What is
 * struck is a line of its control file, and may be changed while the broker runs.
 */
final class FaultShim {

    private static final Path SOURCE =
            Path.of("src", "test", "resources", "c", "faultshim.c").toAbsolutePath();

    private static boolean compiled;

    private final Path control;

    private FaultShim(Path control) {
        this.control = control;
    }

    /** Puts the shim into what {@code plan} starts from now on; needs gcc. */
    static FaultShim into(BrokerProcess.Plan plan, Path work) throws IOException {
        Tool.GCC.require();
        FaultShim shim = new FaultShim(work.resolve("fault"));
        shim.calm();
        // The shim sees paths as the kernel does.
        Files.createDirectories(plan.data());
        plan.environment("LD_PRELOAD", library().toString())
                .environment("FAULT_DIR", plan.data().toRealPath().toString())
                .environment("FAULT_FILE", shim.control.toString());
        return shim;
    }

    /** What {@code plan} starts from now on is without it. */
    static void outOf(BrokerProcess.Plan plan) {
        plan.environment("LD_PRELOAD", "").environment("FAULT_DIR", "").environment("FAULT_FILE", "");
    }

    private static synchronized Path library() {
        Path library = ZmqPrograms.home().resolve("faultshim.so");
        if (!compiled) {
            List<String> command = List.of(
                    "gcc",
                    "-O1",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-shared",
                    "-fPIC",
                    "-o",
                    library.toString(),
                    SOURCE.toString(),
                    "-ldl");
            String problem = ZmqPrograms.problem(command);
            if (!problem.isEmpty()) {
                throw new AssertionError("gcc on faultshim.c: " + problem);
            }
            compiled = true;
        }
        return library;
    }

    /** From now on strikes as {@code line} says; see the source for its grammar. Strikes are counted anew. */
    void strike(String line) {
        try {
            Files.deleteIfExists(log());
            Path next = control.resolveSibling("fault.next");
            Files.writeString(next, line + "\n");
            Files.move(next, control, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on strikes nothing. The strikes of before stay counted. */
    void calm() {
        try {
            Files.deleteIfExists(control);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return control.resolveSibling(control.getFileName() + ".log");
    }

    /** What was struck since the last {@link #strike}, one line each: call, error, path. */
    List<String> strikes() {
        try {
            return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

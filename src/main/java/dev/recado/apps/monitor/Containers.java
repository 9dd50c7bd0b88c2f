package dev.recado.apps.monitor;

import dev.recado.apps.monitor.SupervisedNode.Address;
import dev.recado.apps.monitor.SupervisedNode.Health;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Containers as nodes, by the program {@code docker} in PATH. Its {@code start} does nothing to a container that runs,
 * so that two monitors of two machines may both call it.
 */
final class Containers {

    private static final long LIMIT_S = 30;
    private static final int SHOWN_CHARS_MAX = 300;

    private final String program;

    /** {@code program} is {@code docker}, or what takes its place. */
    Containers(String program) {
        this.program = program;
    }

    /** All containers with a label, running or not; each answers at its own name. */
    List<SupervisedNode> labelled(String label, int healthPort) throws IOException {
        String told = run("ps", "-a", "--filter", "label=" + label, "--format", "{{.Names}}");
        List<SupervisedNode> nodes = new ArrayList<>();
        for (String line : told.lines().limit(NodeFile.NODES_MAX).toList()) {
            String name = line.strip();
            if (!name.isEmpty()) {
                nodes.add(new SupervisedNode(name, new Health(false, new Address(name, healthPort)), starter(name)));
            }
        }
        return nodes;
    }

    SupervisedNode.Starter starter(String container) {
        return new Start(this, container);
    }

    /** Two of the same container are the same. */
    private record Start(Containers containers, String container) implements SupervisedNode.Starter {
        @Override
        public String revive() throws IOException {
            containers.run("start", container);
            return "started container " + container;
        }
    }

    /** Its output; fails with what it said where it fails, or takes longer than 30 s. */
    private String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        CompletableFuture.delayedExecutor(LIMIT_S, TimeUnit.SECONDS).execute(() -> {
            if (process.isAlive()) {
                process.destroyForcibly();
            }
        });
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor(LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return told;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        String shown = told.strip();
        throw new IOException(String.join(" ", command) + " failed: "
                + shown.substring(0, Math.min(SHOWN_CHARS_MAX, shown.length())));
    }
}

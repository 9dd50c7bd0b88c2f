package dev.recado.apps.coffee.up;

import dev.recado.apps.Stop;
import dev.recado.apps.monitor.HealthCheck;
import dev.recado.apps.monitor.NodeFile;
import dev.recado.apps.monitor.NodeProcess;
import dev.recado.apps.monitor.NodeStates;
import dev.recado.apps.monitor.NodeStates.NodeState;
import dev.recado.apps.monitor.NodeStates.State;
import dev.recado.apps.process.FreePorts;
import dev.recado.apps.process.JarCommand;
import dev.recado.apps.process.ParentLock;
import dev.recado.apps.process.Part;
import dev.recado.apps.process.PortsJson;
import dev.recado.apps.process.Revivals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts everything, the broker first; then the monitors look after the nodes, and this after the monitors. Shows how
 * all are until a stop is requested, and stops them: the monitors first, so that nothing is started again, the broker
 * last. Owned by the thread that runs it.
 */
public final class ShopRun {

    private static final int TURN_MS = 250;
    private static final int CHECK_MS = 500;
    private static final int TURNS = 3;
    /** For all nodes to answer, on a machine that is busy with starting them. */
    private static final long START_MS = 180_000;

    private static final long STOP_MS = 15_000;
    /** How long parts of an earlier run may take to end: a broker's stop may take 10 s. */
    private static final long EARLIER_MS = 20_000;

    private static final Revivals.Limits MONITORS = new Revivals.Limits(10, 500, 30_000);

    /** A node, its process, and how it is asked. */
    private record Running(ShopPlan.Node node, NodeProcess process) {}

    private final ShopPlan plan;
    private final @Nullable Path portsFile;
    private final Stop stop;
    private final Board board;
    private final Path folder;
    private final Path nodesFile;
    private final Path statesFile;
    private final List<Running> nodes = new ArrayList<>();
    private final List<Part> monitors = new ArrayList<>();
    /** The process of each node that answered last. */
    private final Map<String, Long> answered = new HashMap<>();

    private final Set<String> toldOnce = new HashSet<>();

    public ShopRun(ShopPlan plan, @Nullable Path portsFile, Stop stop, Board board) {
        this.plan = plan;
        this.portsFile = portsFile;
        this.stop = stop;
        this.board = board;
        folder = plan.data().toAbsolutePath().normalize().resolve("run");
        nodesFile = folder.resolve("nodes.json");
        statesFile = folder.resolve("states.json");
    }

    /**
     * Runs until it is stopped.
     *
     * @throws IOException where something cannot be started, or another run has the folder
     */
    public void run() throws IOException {
        try (ParentLock parent = ParentLock.take(folder.resolve("up.lock"), EARLIER_MS)) {
            try {
                Files.deleteIfExists(statesFile);
                FreePorts.check(plan.ports());
                prepare(parent);
                if (startNodes()) {
                    startMonitors(parent);
                    tellReady();
                    watch();
                }
            } finally {
                stopAll();
                board.tell(parent.endParts(EARLIER_MS) ? "all have ended" : "something has not ended in time");
            }
        }
    }

    private void prepare(ParentLock parent) throws IOException {
        // What stands there may hold the broker's password.
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        List<NodeFile.Written> written = new ArrayList<>();
        for (ShopPlan.Node node : plan.nodes()) {
            List<String> command = JarCommand.small(parent, node.heapMiB(), node.arguments());
            NodeFile.Written one = new NodeFile.Written(node.name(), node.health(), command, node.environment());
            written.add(one);
            nodes.add(new Running(node, one.process(nodesFile)));
        }
        NodeFile.write(nodesFile, written);
    }

    /** Answers whether all answer; not where a stop is requested before. */
    private boolean startNodes() throws IOException {
        board.tell("starts " + nodes.size() + " nodes and " + plan.counts().monitors() + " monitors");
        for (Running one : nodes) {
            one.process().start();
            if (one.node().name().equals(ShopPlan.BROKER) && !awaitAnswer(one)) {
                return false;
            }
        }
        for (Running one : nodes) {
            if (!awaitAnswer(one)) {
                return false;
            }
        }
        return true;
    }

    private boolean awaitAnswer(Running one) throws IOException {
        long endMs = nowMs() + START_MS;
        while (!stop.isRequested()) {
            if (one.process().running().isEmpty()) {
                throw new IOException(one.node().name() + " does not start: "
                        + lastLine(one.process().log()));
            }
            if (answers(one.node())) {
                return true;
            }
            if (nowMs() - endMs >= 0) {
                throw new IOException(one.node().name() + " does not answer, see "
                        + one.process().log());
            }
            stop.within(TURN_MS);
        }
        return false;
    }

    private boolean answers(ShopPlan.Node node) {
        return HealthCheck.answers(node.health(), CHECK_MS)
                && (!node.name().equals(ShopPlan.GATEWAY)
                        || HealthCheck.answers("tcp://127.0.0.1:" + plan.gatewayPort(), CHECK_MS));
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readString(log, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return (lines.isEmpty() ? "" : lines.get(lines.size() - 1) + ", ") + "see " + log;
    }

    private void startMonitors(ParentLock parent) throws IOException {
        for (Map.Entry<String, List<String>> monitor :
                plan.monitors(nodesFile, statesFile).entrySet()) {
            String name = monitor.getKey();
            List<String> command = JarCommand.small(parent, ShopPlan.MONITOR_HEAP_MIB, monitor.getValue());
            Part part = Part.logged(name, command, MONITORS, folder.resolve(name + ".log"));
            monitors.add(part);
            part.start();
        }
    }

    private void tellReady() throws IOException {
        if (portsFile != null) {
            PortsJson.write(portsFile, plan.toldPorts());
        }
        board.tell("ready, gateway 127.0.0.1:" + plan.gatewayPort() + ", broker " + plan.shownAmqp() + ", logs in "
                + folder);
    }

    private void watch() {
        do {
            for (Part monitor : monitors) {
                String line = monitor.onTick(nowMs());
                if (line != null) {
                    board.tell(line);
                }
            }
            show();
        } while (!stop.within(TURN_MS));
    }

    private void show() {
        NodeStates states = states();
        List<NodeView> views = new ArrayList<>();
        for (Running one : nodes) {
            views.add(view(one, states));
        }
        for (Part monitor : monitors) {
            views.add(view(monitor));
        }
        board.show(states == null ? "no monitor acts yet" : "monitor " + states.monitor() + " acts", views);
    }

    /** What cannot be read is told once, and shown as not there; the monitor that acts writes it anew. */
    private @Nullable NodeStates states() {
        try {
            return NodeStates.read(statesFile);
        } catch (IOException e) {
            tellOnce(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private NodeView view(Running one, @Nullable NodeStates states) {
        String name = one.node().name();
        String kind = one.node().kind();
        long pid;
        try {
            pid = one.process().running().map(ProcessHandle::pid).orElse(0L);
        } catch (IOException e) {
            tellOnce(String.valueOf(e.getMessage()));
            return new NodeView(name, kind, false, "is not known to run: its pid file cannot be read");
        }
        NodeState state = states == null ? null : states.nodes().get(name);
        if (state != null && state.state() == State.UP) {
            answered.put(name, pid);
        }
        // A monitor that has just begun to act has asked nobody yet.
        boolean hasAnswered = Objects.equals(answered.get(name), pid);
        boolean isUnasked = state != null && state.state() == State.STARTING;
        return NodeView.of(name, kind, pid, hasAnswered && isUnasked ? null : state);
    }

    private void tellOnce(String line) {
        if (toldOnce.add(line)) {
            board.tell(line);
        }
    }

    private static NodeView view(Part monitor) {
        String kind = "monitor";
        if (monitor.pid() != 0) {
            return NodeView.running(monitor.name(), kind, monitor.pid());
        }
        String next = monitor.isGivenUp() ? "is down and given up" : "is down, started again after " + monitor.again();
        return new NodeView(monitor.name(), kind, false, next);
    }

    /** In groups, each at once. */
    private void stopAll() throws IOException {
        board.clear();
        board.tell("stops all");
        monitors.forEach(Part::askToEnd);
        monitors.forEach(Part::stop);
        for (int turn = 0; turn < TURNS; turn++) {
            int now = turn;
            List<Running> group =
                    nodes.stream().filter(one -> stopTurn(one) == now).toList();
            for (Running one : group) {
                one.process().running().ifPresent(ProcessHandle::destroy);
            }
            for (Running one : group) {
                one.process().stop(STOP_MS);
            }
        }
    }

    /** From 0: who takes work first, who carries it last. */
    private static int stopTurn(Running one) {
        return switch (one.node().name()) {
            case ShopPlan.GATEWAY -> 0;
            case ShopPlan.BROKER -> TURNS - 1;
            default -> 1;
        };
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}

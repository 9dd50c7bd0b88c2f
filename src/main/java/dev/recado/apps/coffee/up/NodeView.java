package dev.recado.apps.coffee.up;

import dev.recado.apps.monitor.NodeStates.NodeState;
import dev.recado.apps.monitor.NodeStates.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one process is, in words. Pure.
 *
 * @param kind what it has in common with others
 * @param runs whether all is well
 * @param text how it is
 */
record NodeView(String name, String kind, boolean runs, String text) {

    /**
     * A node that monitors look after.
     *
     * @param pid 0 where it does not run
     * @param known what the monitor that acts knows, null where none has said anything
     */
    static NodeView of(String name, String kind, long pid, @Nullable NodeState known) {
        if (pid != 0 && (known == null || known.state() == State.UP)) {
            return running(name, kind, pid);
        }
        if (known == null) {
            return new NodeView(name, kind, false, "is down");
        }
        return new NodeView(name, kind, false, pid == 0 ? down(known) : silent(known, pid));
    }

    static NodeView running(String name, String kind, long pid) {
        return new NodeView(name, kind, true, "runs pid=" + pid);
    }

    private static String down(NodeState known) {
        return switch (known.state()) {
            case UP -> "is down, no check has failed yet";
            case STARTING -> "is down, not checked yet";
            case FAILING -> "is down, failed checks: " + known.failures();
            case DOWN -> "is down, " + next(known);
            case GIVEN_UP -> "is down and given up after " + known.attempts() + " attempts, start it by hand";
        };
    }

    private static String silent(NodeState known, long pid) {
        String who = " pid=" + pid;
        return switch (known.state()) {
            case UP -> "runs" + who;
            case STARTING -> "starts" + who;
            case FAILING -> "does not answer, failed checks: " + known.failures() + who;
            case DOWN -> "does not answer, " + next(known) + who;
            case GIVEN_UP -> "does not answer and is given up after " + known.attempts() + " attempts" + who;
        };
    }

    private static String next(NodeState known) {
        String again = known.again();
        int attempt = Math.min(known.attempts() + 1, known.attemptsMax());
        return "attempt " + attempt + " of " + known.attemptsMax() + " comes "
                + (again == null ? "now" : "after " + again);
    }

    /** A line for each that is not as it was. */
    static List<String> changes(List<NodeView> before, List<NodeView> now) {
        Map<String, NodeView> known = new LinkedHashMap<>();
        before.forEach(view -> known.put(view.name(), view));
        return now.stream()
                .filter(view -> !view.equals(known.get(view.name())))
                .map(NodeView::line)
                .toList();
    }

    String line() {
        return name + " " + text;
    }

    /** A line for each kind, and one below it for each of its processes that does not run. */
    static List<String> table(List<NodeView> views) {
        Map<String, List<NodeView>> kinds = new LinkedHashMap<>();
        views.forEach(view ->
                kinds.computeIfAbsent(view.kind(), kind -> new ArrayList<>()).add(view));
        List<String> lines = new ArrayList<>();
        kinds.forEach((kind, of) -> {
            long running = of.stream().filter(NodeView::runs).count();
            lines.add(String.format("  %-22s%d of %d", kind, running, of.size()));
            of.stream().filter(view -> !view.runs()).forEach(view -> lines.add("    " + view.line()));
        });
        return lines;
    }
}

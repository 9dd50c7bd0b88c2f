package dev.recado.apps.messaging.up;

import dev.recado.apps.Stop;
import dev.recado.apps.process.FreePorts;
import dev.recado.apps.process.JarCommand;
import dev.recado.apps.process.ParentLock;
import dev.recado.apps.process.Part;
import dev.recado.apps.process.PortsJson;
import dev.recado.apps.process.Revivals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts all parts, watches them until a stop is requested, and stops them, the bots first and the broker last. */
public final class UpRun {

    private static final int TURN_MS = 100;
    /** Longer than servers take to tell each other what they have, to ask for the rest and to write it. */
    private static final long SETTLE_MS = 2_500;
    /** How long parts of an earlier run may take to end: a broker's stop may take 10 s. */
    private static final long EARLIER_MS = 20_000;

    private static final int HEAP_MIB = 512;
    private static final Revivals.Limits LIMITS = new Revivals.Limits(10, 500, 30_000);

    private final UpPlan plan;
    private final @Nullable Path portsFile;
    private final Stop stop;
    private final Consumer<String> told;
    private final List<Part> parts = new ArrayList<>();
    /** Servers that said that they have a rank; told by the threads that read their outputs. */
    private final Set<String> registered = Collections.synchronizedSet(new HashSet<>());

    /** {@code told} takes whole lines from any thread. */
    public UpRun(UpPlan plan, @Nullable Path portsFile, Stop stop, Consumer<String> told) {
        this.plan = plan;
        this.portsFile = portsFile;
        this.stop = stop;
        this.told = told;
    }

    /**
     * Runs until it is stopped; answers whether no part had to be given up.
     *
     * @throws IOException where a part cannot be started, or another run has the folder
     */
    public boolean run() throws IOException {
        try (ParentLock parent = ParentLock.take(plan.data().resolve("up.lock"), EARLIER_MS)) {
            FreePorts.check(plan.ports());
            try {
                for (Map.Entry<String, List<String>> part : plan.parts().entrySet()) {
                    String name = part.getKey();
                    List<String> command = JarCommand.small(parent, HEAP_MIB, part.getValue());
                    Part one = Part.heard(name, command, LIMITS, line -> onLine(name, line));
                    parts.add(one);
                    one.start();
                    told.accept("up: " + name + " pid=" + one.pid());
                }
                watch();
            } finally {
                stopAll();
                told.accept(
                        parent.endParts(EARLIER_MS) ? "up: all parts have ended" : "up: a part has not ended in time");
            }
        }
        return parts.stream().noneMatch(Part::isGivenUp);
    }

    private void onLine(String name, String line) {
        if (line.contains(" registered rank=")) {
            registered.add(name);
        }
        told.accept(name.equals(UpPlan.BROKER) ? "broker: " + line : line);
    }

    private void watch() throws IOException {
        boolean ready = false;
        while (!stop.within(TURN_MS)) {
            if (!ready && registered.size() >= plan.servers()) {
                ready = true;
                tellPorts();
                told.accept("up: ready, " + plan.servers() + " servers have their ranks; join them with"
                        + " recado messaging client --user NAME " + String.join(" ", plan.join()));
            }
            for (Part part : parts) {
                String line = part.onTick(nowMs());
                if (line != null) {
                    told.accept("up: " + line);
                }
            }
        }
    }

    /** What the bots said last reaches every server, unless one is down. */
    private void stopAll() {
        Collections.reverse(parts);
        parts.stream().filter(part -> part.name().startsWith(UpPlan.BOT)).forEach(Part::stop);
        new Stop().within(SETTLE_MS);
        parts.forEach(Part::stop);
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    private void tellPorts() throws IOException {
        if (portsFile != null) {
            PortsJson.write(portsFile, plan.ports());
        }
    }
}

package dev.recado.apps.messaging.up;

import dev.recado.apps.Stop;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts all parts, watches them until a stop is requested, and stops them, the bots first and the broker last. */
public final class UpRun {

    private static final int TURN_MS = 100;
    /** Longer than servers take to tell each other what they have, to ask for the rest and to write it. */
    private static final long SETTLE_MS = 2_500;

    private final UpPlan plan;
    private final @Nullable Path portsFile;
    private final Stop stop;
    private final Consumer<String> told;
    private final List<UpPart> parts = new ArrayList<>();
    /** Servers that said that they have a rank; told by the threads that read their outputs. */
    private final Set<String> registered = Collections.synchronizedSet(new HashSet<>());

    /** {@code told} takes whole lines from any thread. */
    public UpRun(UpPlan plan, @Nullable Path portsFile, Stop stop, Consumer<String> told) {
        this.plan = plan;
        this.portsFile = portsFile;
        this.stop = stop;
        this.told = told;
    }

    /** Runs until it is stopped; answers whether no part had to be given up. */
    public boolean run() throws IOException {
        Files.createDirectories(plan.data());
        try {
            for (Map.Entry<String, List<String>> part : plan.parts().entrySet()) {
                String name = part.getKey();
                UpPart one = new UpPart(name, part.getValue(), line -> onLine(name, line));
                parts.add(one);
                one.start(nowMs());
                told.accept("up: " + name + " pid=" + one.pid());
            }
            watch();
        } finally {
            stopAll();
            told.accept("up: all parts have ended");
        }
        return parts.stream().noneMatch(UpPart::isGivenUp);
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
                told.accept("up: ready, " + plan.servers() + " servers have their ranks");
            }
            for (UpPart part : parts) {
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
        parts.stream().filter(part -> part.name().startsWith(UpPlan.BOT)).forEach(UpPart::stop);
        new Stop().within(SETTLE_MS);
        parts.forEach(UpPart::stop);
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    private void tellPorts() throws IOException {
        if (portsFile != null) {
            String ports = new TreeMap<>(plan.ports())
                    .entrySet().stream()
                            .map(port -> "\"" + port.getKey() + "\": " + port.getValue())
                            .collect(Collectors.joining(", ", "{", "}\n"));
            WholeFiles.writeUnsynced(portsFile, ports);
        }
    }
}

package dev.recado.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two sessions that work beside others without pause: one says PING, one publishes 128 bytes durably. Both remember how
 * long each answer took, and what was refused.
 */
final class Probe implements AutoCloseable {

    private static final String SMALL = "s".repeat(128);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final LoadCrew crew = new LoadCrew();
    private final List<Long> pingMs = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> publishMs = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> refusedAtNanos = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopping;

    Probe(int port) {
        crew.run(() -> {
            try (TextConnection connection = TextConnection.open(port)) {
                while (!stopping) {
                    long began = System.nanoTime();
                    String reply = connection.ask("PING");
                    if (!reply.equals("PONG")) {
                        throw new AssertionError("PING answered " + reply);
                    }
                    pingMs.add((System.nanoTime() - began) / 1_000_000);
                    Waiting.within(PAUSE, () -> stopping);
                }
            }
        });
        crew.run(() -> {
            try (TextConnection connection = TextConnection.open(port)) {
                while (!stopping) {
                    long began = System.nanoTime();
                    String reply = connection.pub("probe", SMALL);
                    publishMs.add((System.nanoTime() - began) / 1_000_000);
                    if (!reply.startsWith("OK:MSG_ID:")) {
                        refusedAtNanos.add(System.nanoTime());
                    }
                    Waiting.within(PAUSE, () -> stopping);
                }
            }
        });
        awaitMore(1);
    }

    /** Waits until each of the two has had {@code count} more answers. */
    void awaitMore(int count) {
        int pings = pingMs.size() + count;
        int publishes = publishMs.size() + count;
        Waiting.until(count + " more answers to the probes", TextConnection.PATIENCE, () -> {
            crew.check();
            return pingMs.size() >= pings && publishMs.size() >= publishes;
        });
    }

    long pingP99Ms() {
        return percentile(pingMs);
    }

    long publishP99Ms() {
        return percentile(publishMs);
    }

    /** Refusals after {@code nanos}. */
    long refusedSince(long nanos) {
        synchronized (refusedAtNanos) {
            return refusedAtNanos.stream().filter(at -> at - nanos > 0).count();
        }
    }

    private static long percentile(List<Long> all) {
        List<Long> sorted;
        synchronized (all) {
            sorted = new ArrayList<>(all);
        }
        Collections.sort(sorted);
        return sorted.get((int) (sorted.size() * 0.99));
    }

    @Override
    public void close() {
        stopping = true;
        crew.join();
    }

    @Override
    public String toString() {
        return "pings=" + pingMs.size() + " pingP99Ms=" + pingP99Ms() + " publishes=" + publishMs.size()
                + " publishP99Ms=" + publishP99Ms() + " refused=" + refusedAtNanos.size();
    }
}

package dev.recado.it;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A well-behaved client beside a badly behaved one: it publishes, receives, acknowledges and pings without pause, and
 * remembers its slowest round. One round is done when the published message has come back and the ping is answered.
 */
final class HealthyTraffic implements AutoCloseable {

    private static final Duration ROUND_LIMIT = Duration.ofSeconds(20);

    private final LoadCrew crew = new LoadCrew();
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong worstMs = new AtomicLong();
    private volatile boolean stopping;

    /** Starts on a topic of its own. */
    HealthyTraffic(int port, String topic) {
        crew.run(() -> {
            try (TextConnection connection = TextConnection.open(port)) {
                String reply = connection.ask("SUB:" + topic + ":healthy:10:first");
                if (!reply.equals("OK:SUB:1")) {
                    throw new AssertionError("SUB answered " + reply);
                }
                while (!stopping) {
                    long begin = System.nanoTime();
                    round(connection, topic);
                    long ms = (System.nanoTime() - begin) / 1_000_000;
                    worstMs.accumulateAndGet(ms, Math::max);
                    rounds.incrementAndGet();
                }
            }
        });
        awaitRounds(1);
    }

    /** Waits for {@code count} more rounds, each of which shows that others are served now. */
    void awaitRounds(int count) {
        long target = rounds.get() + count;
        Waiting.until(count + " rounds of healthy traffic", ROUND_LIMIT, () -> {
            crew.check();
            return rounds.get() >= target;
        });
    }

    long rounds() {
        return rounds.get();
    }

    long worstMs() {
        return worstMs.get();
    }

    /** Ends the traffic; throws what went wrong in it. */
    @Override
    public void close() {
        stopping = true;
        crew.join();
    }

    private void round(TextConnection connection, String topic) throws Exception {
        String payload = "healthy " + rounds.get();
        String reply = connection.pub(topic, payload);
        TextConnection.Delivery delivery = connection.delivery();
        connection.ack(delivery);
        String pong = connection.ask("PING");
        if (!reply.startsWith("OK:MSG_ID:")
                || !pong.equals("PONG")
                || !delivery.payload().equals(payload)) {
            throw new AssertionError("healthy traffic got " + reply + ", " + delivery + ", " + pong);
        }
    }
}

package dev.recado.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A publisher that keeps a window of unanswered messages in flight and reports to a {@link HistoryChecker}. It outlives
 * its connections: a numbered one sends again what was not answered, under the same numbers and before anything new;
 * the others never repeat. One thread at a time.
 */
final class LoadPublisher {

    private static final int WINDOW = 256;
    private static final Duration PACE = Duration.ofMillis(100);

    /** How the answers come, and whether the messages have numbers. */
    enum Style {
        EACH,
        RANGE,
        NUMBERED
    }

    private final String name;
    private final String topic;
    private final Style style;
    private final HistoryChecker history;
    private final long perSecondMax;
    private final Deque<Long> unanswered = new ArrayDeque<>();
    private long nextSequence = 1;
    private int connections;
    private volatile boolean stopping;

    /** As fast as the broker answers: for runs with a count. */
    LoadPublisher(String name, String topic, Style style, HistoryChecker history) {
        this(name, topic, style, history, Integer.MAX_VALUE);
    }

    /**
     * For runs with an end in time only: the history keeps every message, those that were refused too, so a fast
     * machine must not publish (or be refused) without a bound.
     */
    LoadPublisher(String name, String topic, Style style, HistoryChecker history, int perSecondMax) {
        this.name = name;
        this.topic = topic;
        this.style = style;
        this.history = history;
        this.perSecondMax = perSecondMax;
    }

    /** Asks a running {@link #run} to wait for its answers and end. */
    void stop() {
        stopping = true;
    }

    /** Whether everything sent was answered. */
    boolean isSettled() {
        return unanswered.isEmpty();
    }

    /** Publishes until {@code count} more messages are answered, {@link #stop} was called, or the connection breaks. */
    void run(int port, long count) {
        stopping = false;
        connections++;
        try (TextConnection connection = TextConnection.open(port)) {
            hello(connection);
            resend(connection);
            long first = nextSequence;
            long beganNanos = System.nanoTime();
            while (true) {
                boolean more = !stopping && nextSequence < first + count;
                if (more && unanswered.size() < WINDOW && nextSequence - first < allowed(beganNanos)) {
                    send(connection, nextSequence++, true);
                } else if (unanswered.isEmpty()) {
                    if (!more) {
                        return;
                    }
                    Waiting.within(PACE, () -> stopping || nextSequence - first < allowed(beganNanos));
                } else {
                    connection.flush();
                    awaitSome(connection, more ? WINDOW / 2 : 0);
                }
            }
        } catch (IOException broken) {
            if (style != Style.NUMBERED) {
                unanswered.clear();
            }
        }
    }

    /** Messages that a run that began then may have sent by now: a window at once, the rest at its pace. */
    private long allowed(long beganNanos) {
        return WINDOW + (System.nanoTime() - beganNanos) / 1_000_000 * perSecondMax / 1_000;
    }

    private void hello(TextConnection connection) throws IOException {
        expect(connection.ask("CONFIRM:" + (style == Style.EACH ? "EACH" : "RANGE")), "OK:CONFIRM");
        if (style == Style.NUMBERED) {
            long first = unanswered.isEmpty() ? nextSequence : unanswered.getFirst();
            expect(connection.ask("PRODUCER:" + name + ":" + first), "OK:PRODUCER:" + name + ":");
        }
    }

    private void resend(TextConnection connection) throws IOException {
        for (long sequence : unanswered) {
            send(connection, sequence, false);
        }
        connection.flush();
    }

    private void send(TextConnection connection, long sequence, boolean fresh) {
        String payload = payload(sequence);
        history.sent(payload, style == Style.NUMBERED);
        connection.writePub(topic, payload);
        if (fresh) {
            unanswered.add(sequence);
        }
    }

    private void awaitSome(TextConnection connection, int remaining) throws IOException {
        while (unanswered.size() > remaining) {
            String reply = connection.reply();
            String[] field = reply.split(":", -1);
            if (reply.startsWith("OK:MSG_ID:")) {
                confirm(field[2]);
            } else if (reply.startsWith("OK:MSG_IDS:")) {
                confirmRange(field[2], field[3]);
            } else {
                history.refused(payload(unanswered.remove()), reply);
            }
        }
    }

    private void confirmRange(String first, String last) {
        int dash = first.indexOf('-') + 1;
        long from = Long.parseLong(first.substring(dash));
        long to = Long.parseLong(last.substring(dash));
        for (long offset = from; offset <= to; offset++) {
            confirm(first.substring(0, dash) + offset);
        }
    }

    private void confirm(String id) {
        // What is resent keeps its place in the order, so a numbered publisher is one stream over all its connections.
        String stream = style == Style.NUMBERED ? name : name + "/" + connections;
        history.confirmed(stream, payload(unanswered.remove()), id);
    }

    private String payload(long sequence) {
        return name + "#" + sequence + " " + "x".repeat((int) (sequence % 97));
    }

    private static void expect(String reply, String start) {
        if (!reply.startsWith(start)) {
            throw new AssertionError("expected " + start + " but got " + reply);
        }
    }
}

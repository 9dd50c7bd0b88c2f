package dev.recado.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A group member that reports each delivery to a {@link HistoryChecker} and acknowledges it. One thread at a time. */
final class LoadMember {

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final String name;
    private final String subscription;
    private final HistoryChecker history;
    private int connections;
    private volatile boolean stopping;

    /** @param subscription the {@code SUB} line's fields, as in {@code orders:workers:100:first} */
    LoadMember(String name, String subscription, HistoryChecker history) {
        this.name = name;
        this.subscription = subscription;
        this.history = history;
    }

    /** Asks a running {@link #run} to end. */
    void stop() {
        stopping = true;
    }

    /** Consumes until {@link #stop} or the connection breaks; {@code life} numbers the broker's process. */
    void run(int port, int life) {
        stopping = false;
        connections++;
        String session = name + "/" + life + "/" + connections;
        try (TextConnection connection = TextConnection.open(port)) {
            String reply = connection.ask("SUB:" + subscription);
            if (!reply.equals("OK:SUB:1")) {
                throw new AssertionError("SUB answered " + reply);
            }
            while (!stopping) {
                TextConnection.Delivery delivery = connection.deliveryWithin(GLANCE);
                if (delivery != null) {
                    history.delivered(life, session, delivery);
                    acknowledge(connection, delivery);
                }
            }
            leave(connection, life, session);
        } catch (IOException broken) {
            return;
        }
    }

    private static void acknowledge(TextConnection connection, TextConnection.Delivery delivery) throws IOException {
        connection.write("ACK:" + delivery.sid() + ":" + delivery.id() + "\n");
        if (!connection.hasInput()) {
            connection.flush();
        }
    }

    /** Hands nothing back silently: what arrived before the subscription ended counts as delivered, without an ack. */
    private void leave(TextConnection connection, int life, String session) throws IOException {
        connection.flush();
        connection.ask("UNSUB:1");
        List<TextConnection.Delivery> late = new ArrayList<>();
        for (var delivery = connection.deliveryWithin(Duration.ZERO);
                delivery != null;
                delivery = connection.deliveryWithin(Duration.ZERO)) {
            late.add(delivery);
        }
        late.forEach(delivery -> history.delivered(life, session, delivery));
    }
}

package dev.recado.load.amqp;

import dev.recado.load.amqp.Inbox.Arrival;
import dev.recado.load.run.Ledger;
import dev.recado.load.step.StepAction;
import dev.recado.load.step.Turn;
import io.gatling.javaapi.core.ActionBuilder;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A request by the name that the report shows; its methods say what it does.
 *
 * <p>A user connects first, or publishes through connections that are {@linkplain AmqpProtocol#shareConnections
 * shared}. Consumers must connect: what is received belongs to a connection.
 */
public final class AmqpRequest {

    private static final String MESSAGE = "recado.amqp.message";

    private final String name;

    AmqpRequest(String name) {
        this.name = name;
    }

    private ActionBuilder step(Consumer<Turn<AmqpConnection>> step) {
        return StepAction.builder(name, AmqpComponents.KEY, (turn, connections) -> step.accept(turn));
    }

    /** Opens a connection with a channel for this user alone. It is closed when the user ends. */
    public ActionBuilder connect() {
        return StepAction.builder(name, AmqpComponents.KEY, (turn, connections) -> {
            if (turn.mayConnect()) {
                turn.connect(connections.connect(turn.session().eventLoop()));
            }
        });
    }

    /**
     * Publishes a persistent message of the run's ledger to a queue; done once the broker confirmed it.
     *
     * @param payloadBytes at least {@link Ledger#STAMP_BYTES}
     */
    public ActionBuilder publish(String queue, int payloadBytes) {
        return step(turn -> {
            byte[] payload = turn.ledger().issue(payloadBytes, turn.startMs());
            turn.withConnection(connection -> connection.publish(queue, payload, problem -> {
                if (problem == null) {
                    turn.ledger().onConfirmed(payload);
                }
                turn.end(problem, turn.nowMs());
            }));
        });
    }

    /** Makes a durable queue. */
    public ActionBuilder declare(String queue) {
        return ask((connection, asker) -> connection.declare(queue, asker));
    }

    /** Ends a queue. */
    public ActionBuilder delete(String queue) {
        return ask((connection, asker) -> connection.delete(queue, asker));
    }

    /**
     * Consumes a queue.
     *
     * @param prefetchCount how many messages may be on their way or unacknowledged, 1 to 65,535
     */
    public ActionBuilder consume(String queue, int prefetchCount) {
        return ask((connection, asker) -> connection.consume(queue, prefetchCount, asker));
    }

    private ActionBuilder ask(BiConsumer<AmqpConnection, Consumer<@Nullable String>> question) {
        return step(turn -> turn.withConnection(
                connection -> question.accept(connection, problem -> turn.end(problem, turn.nowMs()))));
    }

    /**
     * Waits for the next message, which the user then holds; where none comes within that time it holds none and
     * nothing is reported.
     *
     * <p>The response time of a message of the ledger is the time since it was published, of another one the time that
     * the user waited. What was delivered before is reported under the name with " again" behind it.
     */
    public ActionBuilder receiveWithin(Duration wait) {
        return step(turn -> {
            turn.update(session -> session.remove(MESSAGE));
            turn.withConnection(connection -> connection.receive(wait.toMillis(), new Inbox.Receiver() {
                @Override
                public void onArrival(Arrival arrival) {
                    turn.update(session -> session.set(MESSAGE, arrival));
                    byte[] payload = arrival.payload();
                    Ledger ledger = turn.ledger();
                    long beganMs = ledger.knows(payload) ? ledger.publishedMs(payload) : turn.startMs();
                    turn.succeed(arrival.redelivered() ? " again" : "", beganMs, arrival.arrivedMs());
                }

                @Override
                public void onNothing(@Nullable String problem) {
                    if (problem == null) {
                        turn.passOn();
                    } else {
                        turn.fail(problem, turn.nowMs());
                    }
                }
            }));
        });
    }

    /** Acknowledges what the user holds. The broker does not answer that, so nothing is reported. */
    public ActionBuilder acknowledge() {
        return step(turn -> {
            Option<Object> held = turn.session().attributes().get(MESSAGE);
            turn.update(session -> session.remove(MESSAGE));
            if (held.isEmpty()) {
                turn.passOn();
                return;
            }
            Arrival arrival = (Arrival) held.get();
            turn.withConnection(connection -> {
                connection.acknowledge(arrival.tag());
                turn.ledger().onFinished(arrival.payload());
                turn.passOn();
            });
        });
    }

    /**
     * Waits until consumers have finished every message that was confirmed, and closes the ledger; fails where that
     * takes longer. For one user, after all publishers.
     */
    public ActionBuilder settle(Duration wait) {
        return step(turn -> turn.settle(wait));
    }
}

package dev.recado.load.text;

import dev.recado.load.run.Ledger;
import dev.recado.load.step.StepAction;
import dev.recado.load.step.Turn;
import dev.recado.load.text.Frame.Message;
import dev.recado.load.text.TextConnection.Arrival;
import io.gatling.core.session.Session;
import io.gatling.javaapi.core.ActionBuilder;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A request by the name that the report shows; its methods say what it does.
 *
 * <p>A user connects first, or sends through connections that are {@linkplain TextProtocol#shareConnections shared}.
 * Consumers must connect: what is received belongs to a connection.
 */
public final class TextRequest {

    private static final String MESSAGE = "recado.message";

    private final String name;

    TextRequest(String name) {
        this.name = name;
    }

    private ActionBuilder step(Consumer<Turn<TextConnection>> step) {
        return StepAction.builder(name, TextComponents.KEY, (turn, connections) -> step.accept(turn));
    }

    /** Opens a connection for this user alone and says hello. It is closed when the user ends. */
    public ActionBuilder connect() {
        return StepAction.builder(name, TextComponents.KEY, (turn, connections) -> {
            if (turn.mayConnect()) {
                turn.connect(connections.connect(turn.session().eventLoop()));
            }
        });
    }

    /**
     * Publishes a message of the run's ledger; done once the broker confirmed it.
     *
     * @param payloadBytes at least {@link Ledger#STAMP_BYTES}
     */
    public ActionBuilder publish(String topic, int payloadBytes) {
        return step(turn -> publish(turn, topic, turn.ledger().issue(payloadBytes, turn.startMs())));
    }

    /** Publishes this payload, of which the ledger knows nothing. */
    public ActionBuilder publish(String topic, byte[] payload) {
        byte[] copy = payload.clone();
        return step(turn -> publish(turn, topic, copy));
    }

    private static void publish(Turn<TextConnection> turn, String topic, byte[] payload) {
        turn.withConnection(connection -> connection.ask(Commands.publish(topic, payload), outcome -> {
            if (outcome.problem() == null) {
                turn.ledger().onConfirmed(payload);
            }
            turn.end(outcome.problem(), outcome.endMs());
        }));
    }

    /**
     * Joins a group, which begins at the first message of the topic if it is new.
     *
     * @param creditCount how many messages may be on their way or unacknowledged, 1 to 65,535
     */
    public ActionBuilder subscribe(String topic, String group, int creditCount) {
        return ask(() -> Commands.subscribe(topic, group, creditCount));
    }

    /** Sends a command of one line that is answered by one line, as those that manage topics and groups are. */
    public ActionBuilder command(String line) {
        return ask(() -> Commands.line(line));
    }

    private ActionBuilder ask(Supplier<ByteBuf> command) {
        return step(turn -> turn.withConnection(
                connection -> connection.ask(command.get(), outcome -> turn.end(outcome.problem(), outcome.endMs()))));
    }

    /**
     * Waits for the next message, which the user then holds; fails where none comes within the protocol's time-out.
     *
     * <p>The response time of a message of the ledger is the time since it was published, of another one the time that
     * the user waited. What was delivered before is reported under the name with " again" behind it.
     */
    public ActionBuilder receive() {
        return step(turn -> receive(turn, turn.timeoutMs(), true));
    }

    /** The same, but where no message comes within that time, the user holds none and nothing is reported. */
    public ActionBuilder receiveWithin(Duration wait) {
        return step(turn -> receive(turn, wait.toMillis(), false));
    }

    private static void receive(Turn<TextConnection> turn, long waitMs, boolean required) {
        turn.update(session -> session.remove(MESSAGE));
        turn.withConnection(connection -> connection.receive(waitMs, new TextConnection.Receiver() {
            @Override
            public void onArrival(Arrival arrival) {
                turn.update(session -> session.set(MESSAGE, arrival.message()));
                byte[] payload = arrival.message().payload();
                Ledger ledger = turn.ledger();
                long beganMs = ledger.knows(payload) ? ledger.publishedMs(payload) : turn.startMs();
                String suffix = arrival.message().attempt() > 1 ? " again" : "";
                turn.succeed(suffix, beganMs, arrival.arrivedMs());
            }

            @Override
            public void onNothing(@Nullable String problem) {
                if (problem != null || required) {
                    turn.fail(problem == null ? "no message within " + waitMs + " ms" : problem, turn.nowMs());
                } else {
                    turn.passOn();
                }
            }
        }));
    }

    /** How often the message that the user holds was delivered, this time included; 0 where it holds none. */
    public static int attempt(io.gatling.javaapi.core.Session session) {
        Message message = held(session.asScala());
        return message == null ? 0 : message.attempt();
    }

    /** Acknowledges what the user holds. The broker does not answer that, so nothing is reported. */
    public ActionBuilder acknowledge() {
        return tell(true, (turn, message) -> Commands.acknowledge(message.sid(), message.id()));
    }

    /** Acknowledges what the user holds; done once that is on the broker's disk. */
    public ActionBuilder acknowledgeDurably() {
        return step(turn -> {
            Message message = release(turn);
            if (message == null) {
                turn.passOn();
                return;
            }
            ByteBuf command = Commands.acknowledgeDurably(message.sid(), message.id());
            turn.withConnection(connection -> connection.ask(command, outcome -> {
                if (outcome.problem() == null) {
                    turn.ledger().onFinished(message.payload());
                }
                turn.end(outcome.problem(), outcome.endMs());
            }));
        });
    }

    /** Gives back what the user holds, to be delivered again after the delay. Nothing is reported. */
    public ActionBuilder refuse(Duration delay) {
        return tell(false, (turn, message) -> Commands.refuse(message.sid(), message.id(), delay.toMillis()));
    }

    private ActionBuilder tell(boolean finishes, BiFunction<Turn<TextConnection>, Message, ByteBuf> command) {
        return step(turn -> {
            Message message = release(turn);
            if (message == null) {
                turn.passOn();
                return;
            }
            turn.withConnection(connection -> {
                connection.tell(command.apply(turn, message));
                if (finishes) {
                    turn.ledger().onFinished(message.payload());
                }
                turn.passOn();
            });
        });
    }

    private static @Nullable Message release(Turn<TextConnection> turn) {
        Message message = held(turn.session());
        turn.update(session -> session.remove(MESSAGE));
        return message;
    }

    private static @Nullable Message held(Session session) {
        Option<Object> message = session.attributes().get(MESSAGE);
        return message.isDefined() ? (Message) message.get() : null;
    }

    /**
     * Waits until consumers have finished every message that was confirmed, and closes the ledger; fails where that
     * takes longer. For one user, after all publishers.
     */
    public ActionBuilder settle(Duration wait) {
        return step(turn -> turn.settle(wait));
    }
}

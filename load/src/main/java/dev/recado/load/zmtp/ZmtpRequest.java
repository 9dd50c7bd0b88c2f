package dev.recado.load.zmtp;

import dev.recado.load.run.Ledger;
import dev.recado.load.step.StepAction;
import dev.recado.load.step.Turn;
import dev.recado.load.zmtp.Frame.Message;
import dev.recado.load.zmtp.ZmtpConnection.Arrival;
import dev.recado.load.zmtp.ZmtpConnection.Receiver;
import io.gatling.javaapi.core.ActionBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * A request by the name that the report shows; its methods say what it does.
 *
 * <p>A user connects first, or pushes through sockets that are {@linkplain ZmtpProtocol#sharePushSockets shared}.
 */
public final class ZmtpRequest {

    private static final String MESSAGE = "recado.zmtp.message";
    private static final byte[] DELIMITER = {};

    private final String name;

    ZmtpRequest(String name) {
        this.name = name;
    }

    private ActionBuilder step(Consumer<Turn<ZmtpConnection>> step) {
        return StepAction.builder(name, ZmtpComponents.KEY, (turn, connections) -> step.accept(turn));
    }

    /** Opens a socket for this user alone; done once its peer is ready. It is closed when the user ends. */
    public ActionBuilder connect(SocketType type) {
        return StepAction.builder(name, ZmtpComponents.KEY, (turn, connections) -> {
            if (turn.mayConnect()) {
                turn.connect(connections.connect(turn.session().eventLoop(), type));
            }
        });
    }

    /**
     * Pushes a message of the run's ledger, of one part; done once the operating system has taken it.
     *
     * @param payloadBytes at least {@link Ledger#STAMP_BYTES}
     */
    public ActionBuilder push(int payloadBytes) {
        return step(turn -> {
            byte[] payload = turn.ledger().issue(payloadBytes, turn.startMs());
            turn.withConnection(connection -> connection.send(List.of(payload), problem -> {
                if (problem == null) {
                    turn.ledger().onSent(payload);
                }
                turn.end(problem, turn.nowMs());
            }));
        });
    }

    /**
     * Asks with a message of the run's ledger and waits for the answer, which has to be the same; for a socket of type
     * REQ. Fails where none comes within the protocol's time-out: the socket is of no more use then, as it may ask
     * nothing else before it was answered.
     */
    public ActionBuilder request(int payloadBytes) {
        return step(turn -> {
            byte[] payload = turn.ledger().issue(payloadBytes, turn.startMs());
            turn.withConnection(connection -> connection.send(List.of(DELIMITER, payload), problem -> {
                if (problem == null) {
                    turn.ledger().onSent(payload);
                    connection.receive(turn.timeoutMs(), new Answer(turn, connection, payload));
                } else {
                    turn.fail(problem, turn.nowMs());
                }
            }));
        });
    }

    private record Answer(Turn<ZmtpConnection> turn, ZmtpConnection connection, byte[] payload)
            implements Receiver<Arrival> {
        @Override
        public void onArrival(Arrival arrival) {
            List<byte[]> parts = arrival.message().parts();
            if (parts.size() == 2 && parts.get(0).length == 0 && Arrays.equals(parts.get(1), payload)) {
                turn.ledger().onFinished(payload);
                turn.succeed(arrival.arrivedMs());
            } else {
                turn.fail("not the answer to what was asked", arrival.arrivedMs());
            }
        }

        @Override
        public void onNothing(@Nullable String problem) {
            connection.close();
            turn.fail(problem == null ? "no answer within " + turn.timeoutMs() + " ms" : problem, turn.nowMs());
        }
    }

    /**
     * Waits for the next message, which the user then holds; where none comes within that time it holds none and
     * nothing is reported.
     *
     * <p>The response time of a message of the ledger is the time since it was sent, of another one the time that the
     * user waited.
     */
    public ActionBuilder receiveWithin(Duration wait) {
        return step(turn -> {
            turn.update(session -> session.remove(MESSAGE));
            turn.withConnection(connection -> connection.receive(wait.toMillis(), new Receiver<>() {
                @Override
                public void onArrival(Arrival arrival) {
                    turn.update(session -> session.set(MESSAGE, arrival.message()));
                    byte[] payload = arrival.message().payload();
                    Ledger ledger = turn.ledger();
                    long beganMs = ledger.knows(payload) ? ledger.publishedMs(payload) : turn.startMs();
                    turn.succeed("", beganMs, arrival.arrivedMs());
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

    /** Notes in the ledger that what the user holds has arrived. Nothing is reported: ZMTP acknowledges nothing. */
    public ActionBuilder finish() {
        return step(turn -> {
            Message message = release(turn);
            if (message != null) {
                turn.ledger().onFinished(message.payload());
            }
            turn.passOn();
        });
    }

    /** Answers what the user holds with the same; for a socket of type REP. Reported where it fails only. */
    public ActionBuilder reply() {
        return step(turn -> {
            Message message = release(turn);
            if (message == null) {
                turn.passOn();
                return;
            }
            turn.withConnection(connection -> connection.send(message.parts(), problem -> {
                if (problem == null) {
                    turn.passOn();
                } else {
                    turn.fail(problem, turn.nowMs());
                }
            }));
        });
    }

    private static @Nullable Message release(Turn<ZmtpConnection> turn) {
        Option<Object> held = turn.session().attributes().get(MESSAGE);
        turn.update(session -> session.remove(MESSAGE));
        return held.isDefined() ? (Message) held.get() : null;
    }

    /**
     * Waits until consumers have finished every message that was sent, and closes the ledger; fails where that takes
     * longer. For one user, after all publishers.
     */
    public ActionBuilder settle(Duration wait) {
        return step(turn -> turn.settle(wait));
    }
}

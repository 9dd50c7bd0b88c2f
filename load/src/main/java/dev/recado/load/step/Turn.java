package dev.recado.load.step;

import dev.recado.load.run.Ledger;
import io.gatling.commons.stats.Status;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * One user at one step: knows when it began, and ends by telling Gatling's statistics and passing the user on.
 *
 * <p>The user goes on by a new task of its event loop, so that a loop of steps that never wait does not grow the stack.
 *
 * @param <C> connections of the protocol
 */
public final class Turn<C extends Connection> {

    private static final Status OK = Status.apply("OK");
    private static final Status KO = Status.apply("KO");
    private static final long SETTLE_POLL_MS = 50;

    private final String name;
    private final Connections<C> components;
    private final StatsEngine stats;
    private final Action next;
    private final long startMs;
    private Session session;

    Turn(String name, Session session, Connections<C> components, StatsEngine stats, Action next) {
        this.name = name;
        this.session = session;
        this.components = components;
        this.stats = stats;
        this.next = next;
        this.startMs = components.nowMs();
    }

    /** When the user came to the step, by the clock of the run. */
    public long startMs() {
        return startMs;
    }

    public long nowMs() {
        return components.nowMs();
    }

    public long timeoutMs() {
        return components.timeoutMs();
    }

    public Ledger ledger() {
        return components.ledger();
    }

    public Session session() {
        return session;
    }

    /** Changes what the user takes along. */
    public void update(UnaryOperator<Session> change) {
        session = change.apply(session);
    }

    /** Whether the user has no connection of its own yet; where it has one the turn fails. */
    public boolean mayConnect() {
        boolean connected = components.own(session) != null;
        if (connected) {
            fail("connected already", nowMs());
        }
        return !connected;
    }

    /** Ends the turn with a connection for this user alone. */
    public void connect(Future<C> opening) {
        opening.addListener((Future<C> done) -> {
            if (done.isSuccess()) {
                session = components.withOwn(session, done.getNow());
                succeed(nowMs());
            } else {
                fail(problemOf(done.cause()), nowMs());
            }
        });
    }

    /** Goes on with the connection of this user on the event loop of that connection, or fails the turn. */
    public void withConnection(Consumer<C> use) {
        C own = components.own(session);
        if (own != null) {
            use.accept(own);
            return;
        }
        Future<C> shared = components.shared(session.userId());
        if (shared == null) {
            fail("not connected", nowMs());
            return;
        }
        shared.addListener((Future<C> done) -> {
            if (done.isSuccess()) {
                use.accept(done.getNow());
            } else {
                fail(problemOf(done.cause()), nowMs());
            }
        });
    }

    /** Short, because the report cuts long messages off and counts equal ones together. */
    private static String problemOf(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof ConnectException ? "cannot connect" : message == null ? cause.toString() : message;
    }

    /** Runs something on the event loop of the user after a while. */
    public void later(long waitMs, Runnable task) {
        session.eventLoop().schedule(task, waitMs, TimeUnit.MILLISECONDS);
    }

    /** Fails where there is a problem, and succeeds otherwise. */
    public void end(@Nullable String problem, long endMs) {
        if (problem == null) {
            succeed(endMs);
        } else {
            fail(problem, endMs);
        }
    }

    public void succeed(long endMs) {
        succeed("", startMs, endMs);
    }

    /** For requests that began elsewhere, as a delivery did when it was published; the suffix goes behind the name. */
    public void succeed(String suffix, long beganMs, long endMs) {
        log(name + suffix, OK, beganMs, endMs, null);
        passOn();
    }

    public void fail(String problem, long endMs) {
        session = session.markAsFailed();
        log(name, KO, startMs, endMs, problem);
        passOn();
    }

    /** Ends the turn once consumers have finished every message that is owed, or fails it, and closes the ledger. */
    public void settle(Duration wait) {
        Ledger.Figures figures = ledger().figures();
        long nowMs = nowMs();
        if (figures.missing() > 0 && nowMs < startMs + wait.toMillis()) {
            later(SETTLE_POLL_MS, () -> settle(wait));
            return;
        }
        ledger().close();
        end(figures.missing() > 0 ? figures.toString() : null, nowMs);
    }

    /** Ends the turn without a trace in the statistics. */
    public void passOn() {
        Session passed = session;
        if (!passed.eventLoop().isShuttingDown()) {
            passed.eventLoop().execute(() -> next.$bang(passed));
        }
    }

    private void log(String request, Status status, long beganMs, long endMs, @Nullable String problem) {
        session = session.logGroupRequestTimings(beganMs, endMs);
        stats.logResponse(
                session.scenario(),
                session.groups(),
                request,
                beganMs,
                endMs,
                status,
                Option.<String>empty(),
                Option.apply(problem));
    }
}

package dev.recado.load.text;

import dev.recado.load.run.Ledger;
import io.gatling.commons.stats.Status;
import io.gatling.core.action.Action;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * One user at one step: knows when it began, and ends by telling Gatling's statistics and passing the user on.
 *
 * <p>The user goes on by a new task of its event loop, so that a loop of steps that never wait does not grow the stack.
 */
final class Turn {

    private static final Status OK = Status.apply("OK");
    private static final Status KO = Status.apply("KO");

    private final String name;
    private final TextComponents components;
    private final StatsEngine stats;
    private final Action next;
    private final long startMs;
    private Session session;

    Turn(String name, Session session, TextComponents components, StatsEngine stats, Action next) {
        this.name = name;
        this.session = session;
        this.components = components;
        this.stats = stats;
        this.next = next;
        this.startMs = components.nowMs();
    }

    long startMs() {
        return startMs;
    }

    long nowMs() {
        return components.nowMs();
    }

    long timeoutMs() {
        return components.protocol().timeoutMs();
    }

    Ledger ledger() {
        return components.protocol().ledger();
    }

    Session session() {
        return session;
    }

    /** Changes what the user takes along. */
    void update(UnaryOperator<Session> change) {
        session = change.apply(session);
    }

    /** Opens a connection for this user alone. */
    void connect() {
        if (TextComponents.own(session) != null) {
            fail("connected already", nowMs());
            return;
        }
        components.connect(session.eventLoop()).addListener((Future<TextConnection> done) -> {
            if (done.isSuccess()) {
                session = TextComponents.withOwn(session, done.getNow());
                succeed(nowMs());
            } else {
                fail(problemOf(done.cause()), nowMs());
            }
        });
    }

    /** Goes on with the connection of this user on the event loop of that connection, or fails the turn. */
    void withConnection(Consumer<TextConnection> use) {
        TextConnection own = TextComponents.own(session);
        if (own != null) {
            use.accept(own);
            return;
        }
        Future<TextConnection> shared = components.shared(session.userId());
        if (shared == null) {
            fail("not connected", nowMs());
            return;
        }
        shared.addListener((Future<TextConnection> done) -> {
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
    void later(long waitMs, Runnable task) {
        session.eventLoop().schedule(task, waitMs, TimeUnit.MILLISECONDS);
    }

    void end(@Nullable String problem, long endMs) {
        if (problem == null) {
            succeed(endMs);
        } else {
            fail(problem, endMs);
        }
    }

    void succeed(long endMs) {
        succeed("", startMs, endMs);
    }

    /** For requests that began elsewhere, as a delivery did when it was published; the suffix goes behind the name. */
    void succeed(String suffix, long beganMs, long endMs) {
        log(name + suffix, OK, beganMs, endMs, null);
        passOn();
    }

    void fail(String problem, long endMs) {
        session = session.markAsFailed();
        log(name, KO, startMs, endMs, problem);
        passOn();
    }

    /** Ends the turn without a trace in the statistics. */
    void passOn() {
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

package dev.recado.apps.coffee.gateway;

import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that are open, with or without their client. Times are of a clock that goes while the gateway works
 * ({@link dev.recado.apps.coffee.node.HeardTime}), from 0 at its start. Safe for use by any thread.
 */
final class GatewaySessions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewaySessions.class);
    private static final String LOG_ENDING = ".data";

    /** One session; its fields belong to this class, its positions to whoever is attached. */
    static final class Open {
        private final SessionPositions positions;
        private boolean isAttached;
        private boolean isEndPublished;
        private boolean isLeft;
        private long detachedMs;

        private Open(SessionPositions positions) {
            this.positions = positions;
        }

        /** Counts as one of those that may be: somebody sends, or may come back to send. */
        private boolean isBusy() {
            return isAttached || !positions.isEnded();
        }

        SessionPositions positions() {
            return positions;
        }
    }

    /**
     * A session whose client stayed away.
     *
     * @param isLeft whether it said so
     * @param tables the ones that the gateway ends, as they were when nobody was attached
     */
    record Ended(Open open, boolean isLeft, List<Position> tables) {}

    private final Path directory;
    private final GatewayOptions options;
    private final GatewayAnswers answers;
    private final Map<UUID, Open> sessions = new HashMap<>();

    GatewaySessions(Path directory, GatewayOptions options, GatewayAnswers answers) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.options = options;
        this.answers = answers;
        List<UUID> found;
        try (Stream<Path> listed = Files.list(directory)) {
            found = listed.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(LOG_ENDING))
                    .map(name -> UUID.fromString(name.substring(0, name.length() - LOG_ENDING.length())))
                    .toList();
        }
        for (UUID session : found) {
            SessionPositions positions = SessionPositions.open(directory, session);
            if (answers.isFinished(session)) {
                positions.remove();
            } else {
                sessions.put(session, new Open(positions));
            }
        }
    }

    /** What a client's first frame gets it: a session, to be given back by {@link #detach}, or null and a refusal. */
    synchronized @Nullable Open attach(Hello hello) throws IOException {
        Open open = sessions.get(hello.session());
        if (open == null && refusal(hello) == null) {
            open = new Open(SessionPositions.open(directory, hello.session()));
            sessions.put(hello.session(), open);
            LOG.info("session began session={}", hello.session());
        } else if (open == null || open.isAttached) {
            return null;
        }
        open.isAttached = true;
        return open;
    }

    /** Why a client is refused; null where it is not. */
    synchronized @Nullable Refused refusal(Hello hello) {
        Open open = sessions.get(hello.session());
        if (open != null) {
            return open.isAttached
                    ? new Refused(RefusalCode.IN_USE, "session=" + hello.session() + " has a client already")
                    : null;
        }
        if (hello.isResumed() || answers.isFinished(hello.session())) {
            return new Refused(
                    RefusalCode.UNKNOWN_SESSION,
                    "session=" + hello.session()
                            + " is not open: its answer was fetched, or kept for long enough, or it never began here;"
                            + " send the files without --session");
        }
        long busy = sessions.values().stream().filter(Open::isBusy).count();
        return busy < options.sessionsMax() ? null : new Refused(RefusalCode.FULL, full(busy));
    }

    private static String full(long busy) {
        return "the gateway is full: sessions=" + busy
                + " are open, as many as may be; try again when one has ended, or"
                + " start the gateway with more --sessions";
    }

    /** {@code isLeft}: its client said that it will not come back. */
    synchronized void detach(Open open, boolean isLeft, long nowMs) {
        open.isAttached = false;
        open.isLeft = isLeft;
        open.detachedMs = nowMs;
    }

    synchronized boolean isOpen(UUID session) {
        return sessions.containsKey(session);
    }

    /**
     * Sessions whose ends the gateway has to publish: their client stayed away for too long, which is written down
     * here, or it was before the gateway started.
     */
    synchronized List<Ended> toEnd(long nowMs) throws IOException {
        List<Ended> found = new ArrayList<>();
        for (Open open : sessions.values()) {
            boolean isLate = !open.isAttached && (open.isLeft || nowMs - open.detachedMs >= options.reconnectGraceMs());
            if (isLate && !open.positions.isEnded()) {
                open.positions.endAll();
            }
            if (!open.isAttached && !open.isEndPublished) {
                List<Position> tables = open.positions.endedByGateway();
                if (!tables.isEmpty()) {
                    found.add(new Ended(open, open.isLeft, tables));
                }
            }
        }
        return found;
    }

    synchronized void onEndPublished(Open open) {
        open.isEndPublished = true;
    }

    /** Ends the sessions whose answer nobody has fetched for too long, and answers which those were. */
    synchronized List<UUID> forget(long nowMs) throws IOException {
        List<Open> late = sessions.values().stream()
                .filter(open -> !open.isAttached
                        && open.positions.isEnded()
                        && nowMs - open.detachedMs >= options.resultsKeepMs())
                .toList();
        for (Open open : late) {
            finish(open);
        }
        return late.stream().map(open -> open.positions.session()).toList();
    }

    /** Ends a session; nothing of it is left but a line that it was there. */
    synchronized void finish(Open open) throws IOException {
        answers.finish(open.positions.session(), System.currentTimeMillis());
        sessions.remove(open.positions.session());
        open.positions.remove();
    }

    /** Their files stay. */
    @Override
    public synchronized void close() throws IOException {
        for (Open open : sessions.values()) {
            open.positions.close();
        }
    }
}

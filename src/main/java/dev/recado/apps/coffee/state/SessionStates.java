package dev.recado.apps.coffee.state;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one node, each in a directory of its own below the node's. One process at a time holds it. A session
 * that is over goes as a whole and leaves a line in a file, so that what comes of it twice is still known. Not
 * thread-safe: one owner.
 */
public final class SessionStates<S extends BatchSink> implements AutoCloseable {

    private static final String GONE = ".gone";

    private final Path root;
    private final Collection<CoffeeTable> tables;
    private final Function<UUID, S> sinks;
    private final FileChannel lock;
    private final FinishedSessions finished;
    private final Map<UUID, SessionState<S>> states = new HashMap<>();
    private final Set<SessionState<S>> dirty = new HashSet<>();

    private SessionStates(
            Path root,
            Collection<CoffeeTable> tables,
            Function<UUID, S> sinks,
            FileChannel lock,
            FinishedSessions finished) {
        this.root = root;
        this.tables = tables;
        this.sinks = sinks;
        this.lock = lock;
        this.finished = finished;
    }

    /**
     * Opens what is in {@code root}, or makes it.
     *
     * @param tables of which batches are taken
     * @param keepMs how long a session that is over is remembered
     * @param sinks what becomes of the batches of a session
     */
    public static <S extends BatchSink> SessionStates<S> open(
            Path root, Collection<CoffeeTable> tables, long keepMs, Function<UUID, S> sinks, long nowMs)
            throws IOException {
        Files.createDirectories(root);
        FileChannel lock = lock(root);
        try {
            FinishedSessions finished = new FinishedSessions(root.resolve("finished"), keepMs);
            SessionStates<S> states = new SessionStates<>(root, tables, sinks, lock, finished);
            states.recover(nowMs);
            return states;
        } catch (Throwable failure) {
            lock.close();
            throw failure;
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        Path file = root.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldHere) {
            // Told as if another process held it.
        } catch (Throwable failure) {
            channel.close();
            throw failure;
        }
        channel.close();
        throw new FileSystemException(file.toString(), null, "another process uses this state");
    }

    private void recover(long nowMs) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(root)) {
            entries = listed.filter(Files::isDirectory).toList();
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            UUID session = session(name);
            if (name.endsWith(GONE) || session != null && finished.contains(session)) {
                delete(entry);
            } else if (session != null) {
                states.put(session, SessionState.open(entry, session, tables, sinks.apply(session), nowMs));
            }
        }
    }

    private static @Nullable UUID session(String name) {
        try {
            return UUID.fromString(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Takes a batch, which counts after {@link #commit}; one of a session that is over is a repeat. */
    public Verdict take(Batch batch, byte[] body, long nowMs) throws IOException {
        UUID session = batch.session();
        if (!tables.contains(batch.table())) {
            return Verdict.STRANGE;
        }
        if (finished.contains(session)) {
            return Verdict.REPEATED;
        }
        SessionState<S> state = begin(session, nowMs);
        Verdict verdict = state.take(batch, body, nowMs);
        if (verdict == Verdict.NEW) {
            dirty.add(state);
        }
        return verdict;
    }

    /** The state of a session, made where there is none. */
    public SessionState<S> begin(UUID session, long nowMs) throws IOException {
        SessionState<S> state = states.get(session);
        if (state == null) {
            Path directory = root.resolve(session.toString());
            state = SessionState.open(directory, session, tables, sinks.apply(session), nowMs);
            states.put(session, state);
        }
        return state;
    }

    /** Makes all that was taken count; durable on return, so that its messages may be acknowledged. */
    public void commit() throws IOException {
        if (dirty.isEmpty()) {
            return;
        }
        for (SessionState<S> state : dirty) {
            state.commit();
        }
        dirty.clear();
        WholeFiles.sync(root);
    }

    /** Sessions of which nothing is waited for any more; what is not committed yet counts too. */
    public List<SessionState<S>> whole() {
        return states.values().stream()
                .filter(state -> state.tracker().isWhole())
                .toList();
    }

    /** Null where the session is not there. */
    public @Nullable SessionState<S> state(UUID session) {
        return states.get(session);
    }

    public Set<UUID> sessions() {
        return Set.copyOf(states.keySet());
    }

    /** Whether the session is over and still remembered. */
    public boolean isFinished(UUID session) {
        return finished.contains(session);
    }

    /** Ends a session: its files go, whatever is in them. Durable on return. */
    public void finish(UUID session, long nowMs) throws IOException {
        finished.add(session, nowMs);
        SessionState<S> state = states.remove(session);
        if (state != null) {
            dirty.remove(state);
            state.close();
            Path directory = root.resolve(session.toString());
            Path gone = root.resolve(session + GONE);
            Files.move(directory, gone, StandardCopyOption.ATOMIC_MOVE);
            delete(gone);
        }
    }

    /** The sessions of which nothing has come for {@code idleMs}, on the clock that {@link #take} is told. */
    public List<UUID> idle(long idleMs, long nowMs) {
        List<UUID> idle = new ArrayList<>();
        states.forEach((session, state) -> {
            if (nowMs - state.touchedMs() >= idleMs) {
                idle.add(session);
            }
        });
        return idle;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> found = Files.walk(directory)) {
            deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            for (SessionState<S> state : states.values()) {
                state.close();
            }
        }
    }
}

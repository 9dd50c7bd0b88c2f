package dev.recado.apps.coffee.gateway;

import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.state.ChunkLog;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How far each table of one session is, as a log: a chunk for each step, table (1 byte) · batches · rows (varints) ·
 * flags (1 byte: 1 ended, 2 by the gateway). What the client was told stands in it, synced before. One owner at a time:
 * the thread of the session's client, or who ends what it left.
 */
final class SessionPositions implements AutoCloseable {

    private static final int ENDED = 1;
    private static final int BY_GATEWAY = 2;

    private record Step(long batches, long rows, int flags) {}

    private static final Step FIRST = new Step(0, 0, 0);

    private final UUID session;
    private final Map<CoffeeTable, Step> steps;
    /** As they are on disk. */
    private final Map<CoffeeTable, Step> committed = new EnumMap<>(CoffeeTable.class);

    private final ChunkLog log;

    private SessionPositions(UUID session, Map<CoffeeTable, Step> steps, ChunkLog log) {
        this.session = session;
        this.steps = steps;
        this.log = log;
        committed.putAll(steps);
    }

    static SessionPositions open(Path directory, UUID session) throws IOException {
        Map<CoffeeTable, Step> steps = new EnumMap<>(CoffeeTable.class);
        ChunkLog log = ChunkLog.open(directory, session.toString(), chunk -> {
            ByteReader in = new ByteReader(chunk);
            CoffeeTable table = CoffeeTable.ofCode(in.readByte());
            Step step = new Step(in.readVarLong(), in.readVarLong(), in.readByte());
            if (table == null || !in.consumed()) {
                throw new IOException("not a position of session " + session);
            }
            steps.put(table, step);
        });
        return new SessionPositions(session, steps, log);
    }

    UUID session() {
        return session;
    }

    private Step step(CoffeeTable table) {
        return steps.getOrDefault(table, FIRST);
    }

    Position position(CoffeeTable table) {
        Step step = step(table);
        return new Position(table, step.batches(), step.rows(), step.flags() != 0);
    }

    List<Position> positions() {
        return CoffeeTable.inputs().stream().map(this::position).toList();
    }

    /** Of all tables. */
    long rows() {
        return steps.values().stream().mapToLong(Step::rows).sum();
    }

    /** Whether no table waits for its end. */
    boolean isEnded() {
        return CoffeeTable.inputs().stream().allMatch(table -> step(table).flags() != 0);
    }

    /** The tables that the gateway ended. */
    List<Position> endedByGateway() {
        List<Position> ended = new ArrayList<>();
        for (CoffeeTable table : CoffeeTable.inputs()) {
            if ((step(table).flags() & BY_GATEWAY) != 0) {
                ended.add(position(table));
            }
        }
        return ended;
    }

    void onBatch(CoffeeTable table, int rows) {
        Step step = step(table);
        put(table, new Step(step.batches() + 1, step.rows() + rows, step.flags()));
    }

    void onEnd(CoffeeTable table) {
        put(table, new Step(step(table).batches(), step(table).rows(), ENDED));
    }

    /** Decides the end of all that have none. */
    void endAll() throws IOException {
        for (CoffeeTable table : CoffeeTable.inputs()) {
            Step step = step(table);
            if (step.flags() == 0) {
                put(table, new Step(step.batches(), step.rows(), ENDED | BY_GATEWAY));
            }
        }
        commit();
    }

    private void put(CoffeeTable table, Step step) {
        steps.put(table, step);
    }

    /** Forgets what came since the last commit: of what was published then, the broker may have anything or nothing. */
    void rollBack() {
        steps.clear();
        steps.putAll(committed);
    }

    /** Durable on return. */
    void commit() throws IOException {
        for (Map.Entry<CoffeeTable, Step> entry : steps.entrySet()) {
            Step step = entry.getValue();
            if (!step.equals(committed.get(entry.getKey()))) {
                ByteWriter out = new ByteWriter(16);
                out.put(entry.getKey().code())
                        .putVarLong(step.batches())
                        .putVarLong(step.rows())
                        .put(step.flags());
                log.append(out.toByteArray());
            }
        }
        log.commit();
        committed.putAll(steps);
    }

    /** Its file stays. */
    @Override
    public void close() throws IOException {
        log.close();
    }

    void remove() throws IOException {
        log.remove();
    }
}

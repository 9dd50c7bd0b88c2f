package dev.recado.apps.coffee.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.node.BatchIntake;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.state.BatchSink;
import dev.recado.apps.coffee.state.CommittedBatches;
import dev.recado.apps.coffee.state.SessionState;
import dev.recado.apps.coffee.state.SessionStates;
import dev.recado.apps.coffee.wire.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers of all sessions as they come, on disk. Safe for use by any thread. */
final class GatewayAnswers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayAnswers.class);

    /** So long something of a session that is over may come twice. */
    private static final long KEEP_MS = 3_600_000;

    private static final BatchSink NONE = batch -> {};

    private final SessionStates<BatchSink> states;
    private final JsonFactory json = new JsonFactory();

    GatewayAnswers(Path directory, long nowMs) throws IOException {
        states = SessionStates.open(directory, CoffeeTable.results(), KEEP_MS, session -> NONE, nowMs);
    }

    synchronized boolean isFinished(UUID session) {
        return states.isFinished(session);
    }

    /**
     * Takes what came and makes it count, as one step for all other threads: a table that is whole is whole on disk.
     * Durable on return.
     */
    synchronized void keep(List<BatchIntake.Came> came, long nowMs) throws IOException {
        for (BatchIntake.Came one : came) {
            if (states.take(one.batch(), one.body(), nowMs) == Verdict.STRANGE) {
                LOG.error(
                        "strange answer dropped session={} table={} number={}",
                        one.batch().session(),
                        one.batch().table().text(),
                        one.batch().number());
            }
        }
        states.commit();
    }

    /** How many tables of a session's answer are there whole. */
    synchronized int tablesDone(UUID session) {
        SessionState<BatchSink> state = states.state(session);
        return state == null ? 0 : state.tracker().tablesWhole();
    }

    synchronized void finish(UUID session, long nowMs) throws IOException {
        states.finish(session, nowMs);
    }

    /** The tables of an answer as they are on disk, none of which changes any more. */
    private record Whole(boolean isComplete, Map<CoffeeTable, CommittedBatches> tables) {}

    private synchronized Whole whole(UUID session) throws IOException {
        SessionState<BatchSink> state = states.state(session);
        if (state == null) {
            throw new IOException("no answer of session " + session);
        }
        Map<CoffeeTable, CommittedBatches> tables = new EnumMap<>(CoffeeTable.class);
        for (CoffeeTable table : CoffeeTable.results()) {
            CommittedBatches batches = state.committed(table);
            if (batches != null) {
                tables.put(table, batches);
            }
        }
        return new Whole(state.tracker().isComplete(), tables);
    }

    /**
     * Writes the answer as one JSON document: {@code {"session": …, "complete": …, "tables": {"q1": [[…], …], …}}}. Of
     * a session all of whose tables are there, and that does not end meanwhile. It takes as long as {@code out} takes,
     * and holds nobody up.
     */
    void write(UUID session, OutputStream out) throws IOException {
        Whole whole = whole(session);
        try (JsonGenerator to = json.createGenerator(out)) {
            to.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            to.writeStartObject();
            to.writeStringField("session", session.toString());
            to.writeBooleanField("complete", whole.isComplete());
            to.writeObjectFieldStart("tables");
            for (CoffeeTable table : CoffeeTable.results()) {
                to.writeArrayFieldStart(table.text());
                CommittedBatches batches = whole.tables().get(table);
                if (batches != null) {
                    batches.read(batch -> write(batch, to));
                }
                to.writeEndArray();
            }
            to.writeEndObject();
            to.writeEndObject();
        }
    }

    private static void write(Batch batch, JsonGenerator to) throws IOException {
        for (CoffeeRow row : batch.rows()) {
            if (row instanceof Answer answer) {
                to.writeStartArray();
                for (String field : answer.fields()) {
                    to.writeString(field);
                }
                to.writeEndArray();
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        states.close();
    }
}

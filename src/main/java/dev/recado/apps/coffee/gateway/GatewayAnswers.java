package dev.recado.apps.coffee.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.state.BatchSink;
import dev.recado.apps.coffee.state.SessionState;
import dev.recado.apps.coffee.state.SessionStates;
import dev.recado.apps.coffee.wire.Batch;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /** A batch and its bytes as they came. */
    record Came(Batch batch, byte[] body) {}

    /**
     * Takes what came and makes it count, as one step for all other threads: a table that is whole is whole on disk.
     * Durable on return.
     */
    synchronized void keep(List<Came> came, long nowMs) throws IOException {
        for (Came one : came) {
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

    /**
     * Writes the answer as one JSON document: {@code {"session": …, "complete": …, "tables": {"q1": [[…], …], …}}}. Of
     * a session all of whose tables are there.
     */
    synchronized void write(UUID session, OutputStream out) throws IOException {
        SessionState<BatchSink> state = states.state(session);
        if (state == null) {
            throw new IOException("no answer of session " + session);
        }
        try (JsonGenerator to = json.createGenerator(out)) {
            to.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            to.writeStartObject();
            to.writeStringField("session", session.toString());
            to.writeBooleanField("complete", state.tracker().isComplete());
            to.writeObjectFieldStart("tables");
            for (CoffeeTable table : CoffeeTable.results()) {
                to.writeArrayFieldStart(table.text());
                write(state, table, to);
                to.writeEndArray();
            }
            to.writeEndObject();
            to.writeEndObject();
        }
    }

    private static void write(SessionState<BatchSink> state, CoffeeTable table, JsonGenerator to) throws IOException {
        // A repeat may have put them in another order than that in which they were published.
        List<Batch> batches = new ArrayList<>();
        state.read(table, batches::add);
        batches.sort(Comparator.comparingLong(Batch::number));
        for (Batch batch : batches) {
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
    }

    @Override
    public synchronized void close() throws IOException {
        states.close();
    }
}

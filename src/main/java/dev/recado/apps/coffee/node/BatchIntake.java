package dev.recado.apps.coffee.node;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the batches that come from a queue. One that cannot be read would come again for ever, to one node after the
 * other: it goes to {@link Topology#UNREADABLE} instead, and its session goes on without its rows, as not complete. Not
 * thread-safe: one owner.
 */
public final class BatchIntake {

    /** What a node wants of the rows that it computes with. */
    public interface Rule {
        /** What is wrong with a row that comes from {@code table}, or null. */
        @Nullable
        String wrong(CoffeeTable table, CoffeeRow row);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

    private final String node;
    private final Rule rule;
    private long unreadable;

    /** {@code node} is named beside what is unreadable. */
    public BatchIntake(String node, Rule rule) {
        this.node = node;
        this.rule = rule;
    }

    /**
     * The batch. Where its rows cannot be read, it is without them and not complete; null where not even its session
     * and number can. What is unreadable goes to {@code outlet}, whose confirm must come before the acknowledgement.
     */
    public @Nullable Batch read(byte[] body, Outlet outlet) throws IOException, TimeoutException, InterruptedException {
        Batch batch = BatchCodec.decode(body);
        String wrong = batch == null ? "malformed" : wrong(batch);
        if (wrong == null) {
            return batch;
        }
        Batch head = batch == null ? BatchCodec.decodeHead(body) : batch.withoutRows();
        tell(wrong, body, head);
        outlet.park(body, node, wrong);
        return head;
    }

    private @Nullable String wrong(Batch batch) {
        for (CoffeeRow row : batch.rows()) {
            String wrong = rule.wrong(batch.table(), row);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /** The first, the second, the fourth and so on: who publishes nonsense may do so quickly. */
    private void tell(String wrong, byte[] body, @Nullable Batch head) {
        unreadable++;
        if (Long.bitCount(unreadable) == 1) {
            LOG.error(
                    "unreadable batch node={} count={} wrong={} bytes={} session={} table={} number={} parked={}",
                    node,
                    unreadable,
                    wrong,
                    body.length,
                    head == null ? "?" : head.session(),
                    head == null ? "?" : head.table().text(),
                    head == null ? "?" : head.number(),
                    Topology.UNREADABLE);
        }
    }

    /** How many could not be read. */
    public long unreadable() {
        return unreadable;
    }
}

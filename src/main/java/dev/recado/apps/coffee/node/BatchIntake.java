package dev.recado.apps.coffee.node;

import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    /** A batch and the bytes that it is kept as: those that came, unless they could not be read. */
    public record Came(Batch batch, byte[] body) {}

    private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

    private final String node;
    private final Rule rule;
    private long unreadable;

    /** {@code node} is named beside what is unreadable. */
    public BatchIntake(String node, Rule rule) {
        this.node = node;
        this.rule = rule;
    }

    /** All that were delivered and whose session is known; what is unreadable is parked on return. */
    public List<Came> readAll(List<Inlet.Delivery> taken, Outlet outlet)
            throws IOException, TimeoutException, InterruptedException {
        List<Came> came = new ArrayList<>();
        for (Inlet.Delivery delivery : taken) {
            long before = unreadable;
            Batch batch = read(delivery.body(), outlet);
            if (batch != null) {
                came.add(new Came(batch, unreadable == before ? delivery.body() : BatchCodec.encode(batch)));
            }
        }
        outlet.confirm();
        return came;
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

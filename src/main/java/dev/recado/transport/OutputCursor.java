package dev.recado.transport;

import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscriptionLink;
import java.util.ArrayDeque;

/**
 * What the broker has handed over for a subscription and is not encoded to its end, in order. What the broker hands
 * over before it hears that the socket took it bounds the queue: 1 MiB, or one message, of each partition. One owner.
 *
 * @param <B> a batch as the broker hands it over
 */
public abstract class OutputCursor<B> {

    private final ArrayDeque<B> batches = new ArrayDeque<>(2);
    protected final WrittenMarks marks;
    protected final LargeOutput large;
    protected final LoopScratch scratch;

    OutputCursor(WrittenMarks marks, LargeOutput large, LoopScratch scratch) {
        this.marks = marks;
        this.large = large;
        this.scratch = scratch;
    }

    /** The broker handed {@code batch} over. */
    public final void add(B batch) {
        batches.add(batch);
    }

    /** Whether anything waits to be encoded. */
    public final boolean isEmpty() {
        return batches.isEmpty();
    }

    /** Forgets what waits; something large that is under way goes on. */
    public final void clear() {
        batches.clear();
        restart();
    }

    /**
     * Encodes messages until {@code out} holds {@code bytesMax}, nothing waits or a large one has begun: whole ones,
     * and the head of that. Notes in the marks what {@code from} is to be told once the socket took them.
     */
    public final void encode(SubscriptionLink from, ByteWriter out, int bytesMax) {
        B batch = batches.peek();
        while (batch != null && out.size() < bytesMax && encode(batch, from, out, bytesMax)) {
            batches.remove();
            restart();
            batch = batches.peek();
        }
    }

    /** Encodes on in {@code batch}, the first; answers whether to its end, which is noted then. */
    abstract boolean encode(B batch, SubscriptionLink from, ByteWriter out, int bytesMax);

    /** The next batch is encoded from its beginning. */
    abstract void restart();
}

package dev.recado.transport.amqp;

import dev.recado.base.Check;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a channel has delivered and its client has not settled, by delivery tags from 1 without gaps.
 *
 * <p>A ring holds the latest; where few of many tags are left in it, those move to a tree, so that memory follows what
 * is unsettled and not how far apart it lies. What members may hold bounds it. One owner.
 *
 * @param <C> whom a message was delivered to
 */
final class Unsettled<C> {

    /** Told of settled messages of one consumer and partition, with offsets that follow each other. */
    @FunctionalInterface
    interface Settling<C> {
        void onSettled(C consumer, int partition, long firstOffset, long lastOffset);
    }

    /** Tags that the smallest ring holds; a power of two, as all are. */
    private static final int RING_LEAST = 16;

    private static final Object[] NOBODY = {};
    private static final int[] NO_PARTITIONS = {};
    private static final long[] NO_OFFSETS = {};

    /** A message whose tag the ring has left behind. */
    private record Old<C>(C consumer, int partition, long offset) {}

    private final TreeMap<Long, Old<C>> old = new TreeMap<>();
    private @Nullable Object[] consumers = NOBODY;
    private int[] partitions = NO_PARTITIONS;
    private long[] offsets = NO_OFFSETS;
    /** The ring holds tags from here. */
    private long first = 1;

    private long next = 1;
    private int inRing;

    /** How many are unsettled. */
    int count() {
        return inRing + old.size();
    }

    /** Tags that the ring has room for. */
    int ringSize() {
        return consumers.length;
    }

    /** The tag that the next delivery gets, one more than the last. */
    long nextTag() {
        return next;
    }

    /** A message is delivered; answers its tag. */
    long add(C consumer, int partition, long offset) {
        if (next - first == consumers.length) {
            makeRoom();
        }
        int at = slot(next);
        consumers[at] = consumer;
        partitions[at] = partition;
        offsets[at] = offset;
        inRing++;
        return next++;
    }

    /** A message is delivered to who settles nothing; answers its tag, which is never unsettled. */
    long skip() {
        if (next == first) {
            first++;
        } else if (next - first == consumers.length) {
            makeRoom();
        }
        return next++;
    }

    private int slot(long tag) {
        return (int) tag & consumers.length - 1;
    }

    private void makeRoom() {
        pass();
        if (next - first < consumers.length) {
            return;
        }
        if (inRing <= consumers.length / 4) {
            for (long tag = first; tag < next && inRing > 0; tag++) {
                int at = slot(tag);
                C consumer = consumer(at);
                if (consumer != null) {
                    old.put(tag, new Old<>(consumer, partitions[at], offsets[at]));
                    forget(at);
                }
            }
            first = next;
        }
        if (next - first == consumers.length) {
            grow();
        }
    }

    private void grow() {
        int size = Math.max(RING_LEAST, consumers.length * 2);
        @Nullable Object[] wider = new Object[size];
        int[] widerPartitions = new int[size];
        long[] widerOffsets = new long[size];
        for (long tag = first; tag < next; tag++) {
            int from = slot(tag);
            int to = (int) tag & size - 1;
            wider[to] = consumers[from];
            widerPartitions[to] = partitions[from];
            widerOffsets[to] = offsets[from];
        }
        consumers = wider;
        partitions = widerPartitions;
        offsets = widerOffsets;
    }

    /** Tags at the beginning of the ring that are settled are of no use. */
    private void pass() {
        while (first < next && consumers[slot(first)] == null) {
            first++;
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable C consumer(int at) {
        return (C) consumers[at];
    }

    private void forget(int at) {
        consumers[at] = null;
        inRing--;
    }

    /** Whether {@code tag} is unsettled. */
    boolean has(long tag) {
        return tag >= first && tag < next ? consumers[slot(tag)] != null : old.containsKey(tag);
    }

    /** Settles the message of {@code tag}; answers false where none is unsettled under it. */
    boolean settle(long tag, Settling<? super C> settling) {
        if (tag >= first && tag < next) {
            int at = slot(tag);
            C consumer = consumer(at);
            if (consumer == null) {
                return false;
            }
            forget(at);
            pass();
            settling.onSettled(consumer, partitions[at], offsets[at], offsets[at]);
            return true;
        }
        Old<C> one = old.remove(tag);
        if (one != null) {
            settling.onSettled(one.consumer, one.partition, one.offset, one.offset);
        }
        return one != null;
    }

    /**
     * Settles all up to {@code tag}, in the order of tags, neighbours with offsets that follow each other together;
     * answers how many.
     */
    int settleUpTo(long tag, Settling<? super C> settling) {
        int before = count();
        Neighbours<C> together = new Neighbours<>(settling);
        while (!old.isEmpty() && old.firstKey() <= tag) {
            Old<C> one = old.pollFirstEntry().getValue();
            together.add(one.consumer, one.partition, one.offset);
        }
        long end = Math.min(tag + 1, next);
        for (long each = first; each < end; each++) {
            int at = slot(each);
            C consumer = consumer(at);
            if (consumer != null) {
                forget(at);
                together.add(consumer, partitions[at], offsets[at]);
            }
        }
        first = Math.max(first, end);
        together.tell();
        return before - count();
    }

    /** Told of messages that stay unsettled. */
    @FunctionalInterface
    interface Visitor<C> {
        void visit(long tag, C consumer, int partition, long offset);
    }

    /** Shows the unsettled messages of tags from {@code from} to {@code to}, both included, in their order. */
    void visit(long from, long to, Visitor<? super C> visitor) {
        old.subMap(from, true, Math.max(from, to), true)
                .forEach((tag, one) -> visitor.visit(tag, one.consumer, one.partition, one.offset));
        long end = Math.min(to + 1, next);
        for (long tag = Math.max(first, from); tag < end; tag++) {
            int at = slot(tag);
            C consumer = consumer(at);
            if (consumer != null) {
                visitor.visit(tag, consumer, partitions[at], offsets[at]);
            }
        }
    }

    /** All of it is over: forgotten, and nobody told. */
    void clear() {
        old.clear();
        Arrays.fill(consumers, null);
        inRing = 0;
        first = next;
    }

    /** Gathers offsets that follow each other. */
    private static final class Neighbours<C> {
        private final Settling<? super C> settling;
        private @Nullable C consumer;
        private int partition;
        private long from;
        private long to;

        Neighbours(Settling<? super C> settling) {
            this.settling = settling;
        }

        void add(C whose, int ofPartition, long offset) {
            if (whose == consumer && ofPartition == partition && offset == to + 1) {
                to = offset;
                return;
            }
            tell();
            consumer = whose;
            partition = ofPartition;
            from = offset;
            to = offset;
        }

        void tell() {
            C whose = consumer;
            if (whose != null) {
                Check.that(from <= to, "offsets out of order", from, to);
                consumer = null;
                settling.onSettled(whose, partition, from, to);
            }
        }
    }
}

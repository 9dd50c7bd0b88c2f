package dev.recado.broker;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.topic.Partition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages for one partition that one event loop gathered in one turn, with slices that say whose publishes they are.
 * It belongs to the loop that fills it, then, from its sealing on, to the owner of its target.
 */
final class PendingRun {

    private final Loop origin;
    private final RunTarget target;
    private final Partition partition;
    private final ByteWriter messages = new ByteWriter(1024);
    private @Nullable String producer;
    private long firstSequence;
    private int stride = 1;
    private long lastSequence;
    private int count;
    private Receipts[] receipts = new Receipts[2];
    private long[] tickets = new long[2];
    private int[] counts = new int[2];
    private int[] sizes = new int[2];
    private int slices;

    PendingRun(Loop origin, RunTarget target, Partition partition) {
        this.origin = origin;
        this.target = target;
        this.partition = partition;
    }

    /** The loop of all publishers in it. */
    Loop origin() {
        return origin;
    }

    RunTarget target() {
        return target;
    }

    Partition partition() {
        return partition;
    }

    ByteWriter messages() {
        return messages;
    }

    int count() {
        return count;
    }

    int bytes() {
        return messages.size();
    }

    @Nullable
    String producer() {
        return producer;
    }

    long firstSequence() {
        return firstSequence;
    }

    int stride() {
        return stride;
    }

    int slices() {
        return slices;
    }

    Receipts receipts(int slice) {
        return receipts[slice];
    }

    long firstTicket(int slice) {
        return tickets[slice];
    }

    int count(int slice) {
        return counts[slice];
    }

    int bytes(int slice) {
        return sizes[slice];
    }

    /** Whether a message of that producer and number can join: one producer a run, numbers at equal distances. */
    boolean takes(@Nullable String otherProducer, long sequence) {
        if (count == 0) {
            return true;
        }
        if (otherProducer == null || producer == null) {
            return otherProducer == null && producer == null;
        }
        if (!otherProducer.equals(producer)) {
            return false;
        }
        long step = sequence - lastSequence;
        return count == 1 ? step >= 1 && step <= Integer.MAX_VALUE : step == stride;
    }

    /** Copies the message in; the caller has asked {@link #takes}. */
    int add(Draft draft, Receipts owner, long ticket, @Nullable String itsProducer, long sequence) {
        if (count == 0) {
            producer = itsProducer;
            firstSequence = sequence;
        } else if (count == 1 && itsProducer != null) {
            stride = (int) (sequence - lastSequence);
        }
        lastSequence = sequence;
        int length = MessageLayout.write(messages, draft);
        count++;
        addSlice(owner, ticket, length);
        return length;
    }

    /** Copies a stored message in as it is. */
    void addStored(byte[] bytes, int from, int length, Receipts owner, long ticket) {
        messages.put(bytes, from, length);
        count++;
        addSlice(owner, ticket, length);
    }

    private void addSlice(Receipts owner, long ticket, int length) {
        int last = slices - 1;
        if (last >= 0 && receipts[last] == owner && tickets[last] + counts[last] == ticket) {
            counts[last]++;
            sizes[last] += length;
            return;
        }
        if (slices == receipts.length) {
            receipts = Arrays.copyOf(receipts, slices * 2);
            tickets = Arrays.copyOf(tickets, slices * 2);
            counts = Arrays.copyOf(counts, slices * 2);
            sizes = Arrays.copyOf(sizes, slices * 2);
        }
        receipts[slices] = owner;
        tickets[slices] = ticket;
        counts[slices] = 1;
        sizes[slices] = length;
        slices++;
    }

    /** A new run that holds message number {@code from} to {@code to} (exclusive) of this one, with their slices. */
    PendingRun part(int from, int to) {
        PendingRun part = new PendingRun(origin, target, partition);
        int at = 0;
        int message = 0;
        for (int slice = 0; slice < slices; slice++) {
            for (int i = 0; i < counts[slice]; i++, message++) {
                int length = MessageLayout.length(messages.array(), at);
                if (message >= from && message < to) {
                    part.addStored(messages.array(), at, length, receipts[slice], tickets[slice] + i);
                }
                at += length;
            }
        }
        part.producer = producer;
        part.firstSequence = firstSequence + (long) from * stride;
        part.stride = stride;
        part.lastSequence = part.firstSequence + (long) (part.count - 1) * stride;
        return part;
    }

    /**
     * Tells every publisher in it that its messages are stored from {@code baseOffset} on; called on {@link #origin}.
     */
    void confirm(long baseOffset) {
        long offset = baseOffset;
        for (int slice = 0; slice < slices; slice++) {
            receipts[slice].onConfirmed(tickets[slice], counts[slice], partition.index(), offset, sizes[slice]);
            offset += counts[slice];
        }
    }

    /** Tells every publisher in it that its messages are refused; any loop. */
    void refuse(Refusal refusal) {
        origin.dispatch(() -> {
            for (int slice = 0; slice < slices; slice++) {
                receipts[slice].onRefused(tickets[slice], counts[slice], refusal, sizes[slice]);
            }
        });
    }

    /** Tells every publisher in it that its messages wait for room ({@code sign} 1) or no longer do (-1); any loop. */
    void tellParked(int sign) {
        origin.dispatch(() -> {
            for (int slice = 0; slice < slices; slice++) {
                receipts[slice].onParked((long) sign * sizes[slice]);
            }
        });
    }
}

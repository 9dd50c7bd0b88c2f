package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.base.Loan;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Messages for one partition that one event loop gathered in one turn, with slices that say whose publishes they are.
 * It belongs to the loop that fills it, then, from its sealing on, to the owner of its target.
 *
 * <p>Its bytes stand in an array of its own or in one that it shares with other runs of the same turn and target, which
 * follow one another there as in an entry. Room is left for the headers: an array whose runs become an entry, all of
 * them, is not copied again ({@link #storeInPlace}).
 */
public final class PendingRun implements Queued {

    private final ShardLoop origin;
    private final RunTarget target;
    private final Partition partition;
    private ByteWriter entry;
    /** Where the entry begins in it. */
    private final int entryAt;

    /** Where the run's header begins in it. */
    private int runAt;

    /** Whether that array may have other runs behind this one. */
    private boolean shares;

    private int messagesAt;
    private int endAt;
    private @Nullable String producer;
    private byte @Nullable [] producerBytes;
    private long firstSequence;
    private int stride = 1;
    private long lastSequence;
    private int count;
    private final Slices slices = new Slices();
    /** Whether some message of it is to be on the disk, where its topic says so, before it is confirmed. */
    boolean synced;
    /** Of its only message. */
    private @Nullable Loan loan;

    /** {@code bytesExpected} is a guess: it saves growing. */
    public PendingRun(ShardLoop origin, RunTarget target, Partition partition, int bytesExpected) {
        this.origin = origin;
        this.target = target;
        this.partition = partition;
        this.entry = new ByteWriter(EntryLayout.HEADER_BYTES + RunLayout.HEADER_BYTES + bytesExpected);
        this.entryAt = 0;
    }

    /** One that shares {@code array}, behind the runs that are in it; others may follow it there. */
    public PendingRun(ShardLoop origin, RunTarget target, Partition partition, ByteWriter array) {
        this(origin, target, partition, array, 0);
        shares = true;
    }

    private PendingRun(ShardLoop origin, RunTarget target, Partition partition, ByteWriter entry, int entryAt) {
        this.origin = origin;
        this.target = target;
        this.partition = partition;
        this.entry = entry;
        this.entryAt = entryAt;
    }

    /**
     * A run of one message, of its size; it takes over what was lent for that, and where the message's array is given
     * with it, the array: then nothing is copied but what stands before the payload.
     */
    public static PendingRun ofOne(
            ShardLoop origin,
            RunTarget target,
            Partition partition,
            Draft draft,
            Receipts owner,
            long ticket,
            @Nullable String producer,
            long sequence) {
        PendingRun run = draft.isGiven ? inPlace(origin, target, partition, draft, producer) : null;
        if (run == null) {
            run = new PendingRun(
                    origin, target, partition, MessageLayout.sizeAtMost(draft) + RunLayout.PRODUCER_BYTES_MAX);
            run.add(draft, owner, ticket, producer, sequence);
        } else {
            run.slices.add(owner, ticket, run.bytes());
            run.synced = !draft.isUnsynced;
            run.count = 1;
            run.number(sequence);
        }
        run.loan = draft.takeLoan();
        return run;
    }

    private static @Nullable PendingRun inPlace(
            ShardLoop origin, RunTarget target, Partition partition, Draft draft, @Nullable String producer) {
        byte[] producerBytes = producer == null ? null : producer.getBytes(StandardCharsets.UTF_8);
        ByteWriter head = new ByteWriter(256);
        int messageAt = EntryLayout.HEADER_BYTES + RunLayout.headerBytes(producerBytes);
        head.skip(messageAt);
        MessageLayout.writeHead(head, draft);
        int entryAt = draft.payloadStart - head.size();
        if (entryAt < 0) {
            return null;
        }
        // Key and headers may lie where this goes: they are in the head by now.
        System.arraycopy(head.array(), 0, draft.payloadBytes, entryAt, head.size());
        ByteWriter entry = ByteWriter.over(draft.payloadBytes, draft.payloadStart + draft.payloadLength);
        PendingRun run = new PendingRun(origin, target, partition, entry, entryAt);
        run.producer = producer;
        run.producerBytes = producerBytes;
        run.runAt = entryAt + EntryLayout.HEADER_BYTES;
        run.messagesAt = entryAt + messageAt;
        run.endAt = entry.size();
        return run;
    }

    private void endLoan() {
        Loan ended = loan;
        if (ended != null) {
            loan = null;
            ended.giveBack();
            slices.receipts(0).onLoanEnded(slices.bytes(0));
        }
    }

    /** The loop of all publishers in it. */
    ShardLoop origin() {
        return origin;
    }

    public RunTarget target() {
        return target;
    }

    public Partition partition() {
        return partition;
    }

    public int count() {
        return count;
    }

    /** Bytes of its messages. */
    public int bytes() {
        return endAt - messagesAt;
    }

    /** Bytes that it takes in an entry, its header included. */
    int storedBytes() {
        return RunLayout.headerBytes(producerBytes) + bytes();
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

    Slices slices() {
        return slices;
    }

    /** Whether a message of that producer and number can join: one producer a run, numbers at equal distances. */
    public boolean takes(@Nullable String otherProducer, long sequence) {
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

    /** Copies the message in; the caller has asked {@link #takes}. Where that fails, the run is as it was. */
    public int add(Draft draft, Receipts owner, long ticket, @Nullable String itsProducer, long sequence) {
        if (count > 0 && endAt < entry.size()) {
            moveOut(2 * bytes() + MessageLayout.sizeAtMost(draft));
        }
        int at = entry.size();
        int before = count;
        try {
            if (before == 0) {
                begin(itsProducer);
            }
            int length = MessageLayout.write(entry, draft);
            synced |= !draft.isUnsynced;
            slices.add(owner, ticket, length);
            endAt = entry.size();
            count++;
            number(sequence);
            return length;
        } finally {
            if (count == before) {
                entry.truncate(at);
            }
        }
    }

    private void number(long sequence) {
        if (count == 1) {
            firstSequence = sequence;
        } else if (count == 2 && producer != null) {
            stride = (int) (sequence - lastSequence);
        }
        lastSequence = sequence;
    }

    private void begin(@Nullable String itsProducer) {
        producer = itsProducer;
        producerBytes = itsProducer == null ? null : itsProducer.getBytes(StandardCharsets.UTF_8);
        if (entry.size() == 0) {
            entry.skip(EntryLayout.HEADER_BYTES);
        }
        runAt = entry.skip(RunLayout.headerBytes(producerBytes));
        messagesAt = entry.size();
        endAt = messagesAt;
    }

    /** Leaves an array that it shares for one of its own, with room for so many bytes of messages. */
    private void moveOut(int bytesExpected) {
        int length = endAt - runAt;
        ByteWriter own = new ByteWriter(EntryLayout.HEADER_BYTES + messagesAt - runAt + bytesExpected);
        own.skip(EntryLayout.HEADER_BYTES);
        own.put(entry.array(), runAt, length);
        entry = own;
        shares = false;
        messagesAt += EntryLayout.HEADER_BYTES - runAt;
        runAt = EntryLayout.HEADER_BYTES;
        endAt = own.size();
    }

    /** Whether so many bytes more, behind what it has, would have an array grow that others share. */
    public boolean isFull(int bytesMore) {
        return shares && isLast() && entry.array().length - entry.size() < bytesMore;
    }

    /** Keeps no more memory than its own from now on; for one that may wait for long. */
    void detach() {
        if (!isCompact()) {
            moveOut(bytes());
        }
    }

    /** Copies a stored message in as it is. */
    private void addStored(byte[] bytes, int from, int length, Receipts owner, long ticket) {
        entry.put(bytes, from, length);
        endAt = entry.size();
        count++;
        slices.add(owner, ticket, length);
    }

    /** Bytes that message number {@code from} to {@code to} (exclusive) take in a run of their own, header included. */
    private int partBytes(int from, int to) {
        int start = messagesAt;
        int at = messagesAt;
        for (int message = 0; message < to; message++) {
            start = message == from ? at : start;
            at += MessageLayout.length(entry.array(), at);
        }
        return at - start + RunLayout.headerBytes(producerBytes) - RunLayout.HEADER_BYTES;
    }

    /** How many of its first messages take at most {@code bytesMax}. */
    int countWithin(long bytesMax) {
        int within = 0;
        long left = bytesMax;
        for (int at = messagesAt; within < count && left > 0; within++) {
            int length = MessageLayout.length(entry.array(), at);
            left -= length;
            if (left < 0) {
                return within;
            }
            at += length;
        }
        return within;
    }

    /** Bytes of each of its messages. */
    int[] lengths() {
        int[] lengths = new int[count];
        int at = messagesAt;
        for (int message = 0; message < count; message++) {
            lengths[message] = MessageLayout.length(entry.array(), at);
            at += lengths[message];
        }
        return lengths;
    }

    /** Where its first message lies in {@link #array}. */
    int messagesAt() {
        return messagesAt;
    }

    byte[] array() {
        return entry.array();
    }

    /** Bytes of its first message. */
    int firstLength() {
        return MessageLayout.length(entry.array(), messagesAt);
    }

    /** A new run that holds message number {@code from} to {@code to} (exclusive) of this one, with their slices. */
    PendingRun part(int from, int to) {
        PendingRun part = new PendingRun(origin, target, partition, partBytes(from, to));
        part.begin(producer);
        part.synced = synced;
        int at = messagesAt;
        int message = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            for (int i = 0; i < slices.messages(slice); i++, message++) {
                int length = MessageLayout.length(entry.array(), at);
                if (message >= from && message < to) {
                    part.addStored(entry.array(), at, length, slices.receipts(slice), slices.ticket(slice) + i);
                }
                at += length;
            }
        }
        part.firstSequence = firstSequence + (long) from * stride;
        part.stride = stride;
        part.lastSequence = part.firstSequence + (long) (part.count - 1) * stride;
        part.loan = loan;
        loan = null;
        return part;
    }

    /** Whether it is alone in its array, and that hardly larger than it. */
    boolean isCompact() {
        return isFirst() && isLast() && isArrayCompact();
    }

    /** Whether {@link #storeInPlace} would keep little more memory than a copy of exactly the size of what is there. */
    boolean isArrayCompact() {
        int size = entry.size() - entryAt;
        return entry.array().length - size <= 64 + size / 4;
    }

    /** Whether it is the first in its array, behind the room for an entry's header. */
    boolean isFirst() {
        return runAt == entryAt + EntryLayout.HEADER_BYTES;
    }

    boolean isLast() {
        return endAt == entry.size();
    }

    /** Whether it stands behind {@code before} in the array of both. */
    boolean follows(PendingRun before) {
        return entry == before.entry && runAt == before.endAt;
    }

    /** The array as an entry of all its runs: its header is written where room was left, nothing is copied. */
    ByteWriter entryInPlace() {
        return entry;
    }

    /** Where in {@link #entryInPlace} the entry begins. */
    int entryAt() {
        return entryAt;
    }

    /** The run inside {@link #entryInPlace}; nothing may be added any more. */
    StoredRun storeInPlace(long baseOffset, EntryHeader header) {
        return store(entry, runAt, baseOffset, header);
    }

    /** Appends the run to {@code out}, whose array must already be large enough not to move. */
    StoredRun storeIn(ByteWriter out, long baseOffset, EntryHeader header) {
        int start = out.skip(RunLayout.headerBytes(producerBytes));
        out.put(entry.array(), messagesAt, bytes());
        return store(out, start, baseOffset, header);
    }

    private StoredRun store(ByteWriter out, int start, long baseOffset, EntryHeader header) {
        RunLayout.setHeader(
                out, start, partition.id(), baseOffset, count, bytes(), producerBytes, firstSequence, stride);
        return new StoredRun(
                out.array(),
                start,
                start + RunLayout.headerBytes(producerBytes),
                storedBytes(),
                partition.id(),
                baseOffset,
                count,
                header.publishTimeMs(),
                header.logTimeMs(),
                header.lamport(),
                producer,
                firstSequence,
                stride);
    }

    /**
     * Tells every publisher in it that its messages are stored from {@code baseOffset} on; called on {@link #origin}.
     */
    void confirm(long baseOffset) {
        endLoan();
        long offset = baseOffset;
        for (int slice = 0; slice < slices.count(); slice++) {
            int messages = slices.messages(slice);
            slices.receipts(slice)
                    .onConfirmed(slices.ticket(slice), messages, partition.index(), offset, slices.bytes(slice));
            offset += messages;
        }
    }

    /** Tells every publisher in it that its messages are refused; any loop. */
    void refuse(Refusal refusal) {
        origin.dispatch(() -> {
            endLoan();
            for (int slice = 0; slice < slices.count(); slice++) {
                slices.receipts(slice)
                        .onRefused(slices.ticket(slice), slices.messages(slice), refusal, slices.bytes(slice));
            }
        });
    }

    /** Tells every publisher in it that its messages wait for room ({@code sign} 1) or no longer do (-1); any loop. */
    void tellParked(int sign) {
        origin.dispatch(() -> {
            endLoan();
            for (int slice = 0; slice < slices.count(); slice++) {
                slices.receipts(slice).onParked((long) sign * slices.bytes(slice));
            }
        });
    }
}

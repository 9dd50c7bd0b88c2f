package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of a run: messages of one partition, encoded once. Runs fill the body of a {@link EntryType#DATA} entry.
 *
 * <pre>
 *  0  int   length          whole run, this header included
 *  4  int   partition       node-independent number of the partition, given by {@code $meta}, never reused
 *  8  long  baseOffset      offset of the first message
 * 16  int   count           messages, at least 1
 * 20  short producerLength  bytes of the producer's id, 0 where the messages are not numbered
 * 22  long  firstSequence   (only where numbered) number of the first message
 * 30  int   stride          (only where numbered) distance between the numbers of neighbours, at least 1
 * 34  bytes producer        (only where numbered) UTF-8
 *     messages              see {@link MessageLayout}
 * </pre>
 */
public final class RunLayout {

    public static final int HEADER_BYTES = 22;
    public static final int NUMBERED_HEADER_BYTES = 34;
    public static final int PRODUCER_BYTES_MAX = 255;

    private RunLayout() {}

    /** Bytes of a run's header; {@code producer} is null where the messages are not numbered. */
    public static int headerBytes(byte @Nullable [] producer) {
        return producer == null ? HEADER_BYTES : NUMBERED_HEADER_BYTES + producer.length;
    }

    /**
     * Fills in a run's header at {@code at}, where {@link #headerBytes} have been left for it.
     *
     * @param messageBytes bytes of all messages behind it
     * @param producer id, or null where the messages are not numbered
     */
    public static void setHeader(
            ByteWriter out,
            int at,
            int partition,
            long baseOffset,
            int count,
            int messageBytes,
            byte @Nullable [] producer,
            long firstSequence,
            int stride) {
        out.setInt(at, headerBytes(producer) + messageBytes);
        out.setInt(at + 4, partition);
        out.setLong(at + 8, baseOffset);
        out.setInt(at + 16, count);
        out.setShort(at + 20, producer == null ? 0 : producer.length);
        if (producer != null) {
            Check.that(producer.length <= PRODUCER_BYTES_MAX, "producer id too long", producer.length);
            out.setLong(at + 22, firstSequence);
            out.setInt(at + 30, stride);
            System.arraycopy(producer, 0, out.array(), at + NUMBERED_HEADER_BYTES, producer.length);
        }
    }

    /** The run as files have it: itself, or with a header where it is a {@link StoredRun#copyOf} in memory. */
    public static StoredRun whole(StoredRun run) {
        if (run.hasHeader()) {
            return run;
        }
        ByteWriter out = new ByteWriter(HEADER_BYTES + run.messageBytes());
        int at = out.skip(HEADER_BYTES);
        out.put(run.bytes(), run.messagesStart(), run.messageBytes());
        setHeader(out, at, run.partition(), run.baseOffset(), run.count(), run.messageBytes(), null, 0, 1);
        return new StoredRun(
                out.array(),
                at,
                at + HEADER_BYTES,
                out.size() - at,
                run.partition(),
                run.baseOffset(),
                run.count(),
                run.publishTimeMs(),
                run.logTimeMs(),
                run.lamport(),
                null,
                0,
                1);
    }

    /**
     * Whether {@code bytes[from, to)} are runs, one behind the other, each with as many messages as it says. To be
     * asked before an entry goes to the journal: what a failure in the middle of building tears must not become
     * durable. Reads the length of each message and nothing else; allocates nothing.
     */
    public static boolean holdTogether(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int available = to - at;
            if (available < HEADER_BYTES) {
                return false;
            }
            int length = intAt(bytes, at);
            int producerLength = (bytes[at + 20] & 0xFF) << 8 | bytes[at + 21] & 0xFF;
            int header = producerLength == 0 ? HEADER_BYTES : NUMBERED_HEADER_BYTES + producerLength;
            int count = intAt(bytes, at + 16);
            if (length < header
                    || length > available
                    || count < 1
                    || bytes[at + 8] < 0
                    || producerLength > 0 && intAt(bytes, at + 30) < 1
                    || !MessageLayout.fills(bytes, at + header, at + length, count)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    private static int intAt(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }

    /**
     * Reads the runs of a verified {@link EntryType#DATA} entry that fills {@code bytes[start, start + length)}.
     *
     * @return null where the body does not hold together
     */
    public static @Nullable List<StoredRun> readAll(byte[] bytes, int start, int length, EntryHeader header) {
        return readBetween(bytes, start + EntryLayout.headerBytes(bytes, start), start + length, header);
    }

    /** Reads the runs that fill {@code bytes[from, end)}; null where these do not hold together. */
    static @Nullable List<StoredRun> readBetween(byte[] bytes, int from, int end, EntryHeader header) {
        List<StoredRun> runs = new ArrayList<>();
        int at = from;
        while (at < end) {
            StoredRun run = read(bytes, at, end - at, header.publishTimeMs(), header.logTimeMs(), header.lamport());
            if (run == null) {
                return null;
            }
            runs.add(run);
            at += run.length();
        }
        return runs;
    }

    /**
     * Reads one run that begins at {@code start} and ends within {@code available} bytes.
     *
     * @return null where it does not hold together
     */
    public static @Nullable StoredRun read(
            byte[] bytes, int start, int available, long publishTimeMs, long logTimeMs, long lamport) {
        ByteReader in = new ByteReader(bytes, start, available);
        int length = in.readInt();
        int partition = in.readInt();
        long baseOffset = in.readLong();
        int count = in.readInt();
        int producerLength = in.readShort();
        long firstSequence = 0;
        int stride = 1;
        String producer = null;
        if (producerLength > 0) {
            firstSequence = in.readLong();
            stride = in.readInt();
            int producerAt = in.skip(producerLength);
            producer = in.failed() ? "" : new String(bytes, producerAt, producerLength, StandardCharsets.UTF_8);
        }
        int messagesAt = in.position();
        if (in.failed()
                || length > available
                || messagesAt - start > length
                || count < 1
                || baseOffset < 0
                || stride < 1
                || !MessageLayout.fills(bytes, messagesAt, start + length, count)) {
            return null;
        }
        return new StoredRun(
                bytes,
                start,
                messagesAt,
                length,
                partition,
                baseOffset,
                count,
                publishTimeMs,
                logTimeMs,
                lamport,
                producer,
                firstSequence,
                stride);
    }
}

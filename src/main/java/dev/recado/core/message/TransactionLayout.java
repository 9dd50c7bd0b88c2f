package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a {@link EntryType#TRANSACTION} entry, version 1: what a transaction settled and what it published in one
 * shard, which one checksum makes whole or nothing.
 *
 * <pre>
 *  0  byte  version        1
 *  1  int   progressLength
 *  5  bytes progress       as the body of a {@link EntryType#PROGRESS} entry, with its version
 *     runs                 to the end, see {@link RunLayout}; at least one
 * </pre>
 */
public final class TransactionLayout {

    public static final int VERSION = 1;
    /** Bytes before the progress. */
    public static final int HEADER_BYTES = 5;

    private TransactionLayout() {}

    /** What such an entry says. */
    public record Parts(ByteReader progress, List<StoredRun> runs) {}

    /** Writes all that stands before the runs. */
    public static void putProgress(ByteWriter out, byte[] progress) {
        out.put(VERSION).putInt(progress.length).put(progress);
    }

    /**
     * Reads the verified entry that fills {@code bytes[start, start + length)}.
     *
     * @return null where its body does not hold together, or is of another version
     */
    public static @Nullable Parts read(byte[] bytes, int start, int length, EntryHeader header) {
        ByteReader in = EntryLayout.body(bytes, start, length);
        int version = in.readByte();
        int progressLength = in.readInt();
        if (in.failed() || version != VERSION || progressLength < 0 || progressLength >= in.remaining()) {
            return null;
        }
        int progressAt = in.position();
        int runsAt = progressAt + progressLength;
        List<StoredRun> runs = RunLayout.readBetween(bytes, runsAt, start + length, header);
        return runs == null ? null : new Parts(new ByteReader(bytes, progressAt, progressLength), runs);
    }
}

package dev.recado.journal;

import dev.recado.base.Check;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The group that gathers: records copied into owned direct chunks, behind room for the group's header. Owned by the
 * journal thread. Adding a record allocates only where a further chunk is needed.
 */
final class GatherBuffer {

    static final int CHUNK_BYTES = 256 * 1024;
    /** Chunks that are kept for the next group in any case; more while larger groups come again and again. */
    private static final int CHUNKS_KEPT = 8;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final ByteBuffer padding = ByteBuffer.allocateDirect(JournalLayout.SECTOR_BYTES);
    private final CRC32C crc = new CRC32C();
    private int current;
    private int kept = CHUNKS_KEPT;
    private int bodyBytes;

    GatherBuffer() {
        chunks.add(ByteBuffer.allocateDirect(CHUNK_BYTES));
        clear();
    }

    /** Bytes of the records so far. */
    int bodyBytes() {
        return bodyBytes;
    }

    void add(int kind, byte[] bytes, int from, int length) {
        int total = JournalLayout.RECORD_HEADER_BYTES + length;
        Check.that(
                length >= 0 && total <= JournalLayout.GROUP_BYTES_MAX - bodyBytes,
                "group too large",
                bodyBytes,
                length);
        if (chunks.get(current).remaining() < JournalLayout.RECORD_HEADER_BYTES) {
            nextChunk();
        }
        chunks.get(current).put((byte) kind).putInt(length);
        int at = from;
        int end = from + length;
        while (at < end) {
            ByteBuffer chunk = chunks.get(current);
            int part = Math.min(end - at, chunk.remaining());
            chunk.put(bytes, at, part);
            at += part;
            if (at < end) {
                nextChunk();
            }
        }
        bodyBytes += total;
    }

    private void nextChunk() {
        current++;
        if (current == chunks.size()) {
            chunks.add(ByteBuffer.allocateDirect(CHUNK_BYTES));
        }
    }

    /** Bytes that the group takes in the file, padded. */
    long sealedBytes() {
        return JournalLayout.aligned(JournalLayout.GROUP_HEADER_BYTES + (long) bodyBytes);
    }

    /**
     * The group as buffers to write, {@code before} first; header and checksum are computed anew at each call, so that
     * a write that met a full disk can be repeated.
     */
    ByteBuffer[] seal(long salt, long sequence, long syncedUpTo, ByteBuffer... before) {
        JournalLayout.writeGroupHeader(chunks.get(0), salt, sequence, syncedUpTo, bodyBytes);
        ByteBuffer[] out = new ByteBuffer[before.length + current + 2];
        System.arraycopy(before, 0, out, 0, before.length);
        crc.reset();
        for (int i = 0; i <= current; i++) {
            ByteBuffer chunk = chunks.get(i).duplicate().flip();
            out[before.length + i] = chunk;
            updateCrc(chunk.duplicate(), i == 0);
        }
        chunks.get(0).putInt(JournalLayout.GROUP_CRC_AT, (int) crc.getValue());
        long unpadded = JournalLayout.GROUP_HEADER_BYTES + (long) bodyBytes;
        out[out.length - 1] = padding.duplicate().limit((int) (sealedBytes() - unpadded));
        return out;
    }

    private void updateCrc(ByteBuffer chunk, boolean first) {
        if (first) {
            int end = chunk.limit();
            crc.update(chunk.limit(JournalLayout.GROUP_CRC_AT));
            chunk.limit(end).position(JournalLayout.GROUP_HEADER_BYTES);
        }
        crc.update(chunk);
    }

    /**
     * Forgets the records and lets go of chunks that groups of late did not need: memory off the heap is dear to get,
     * and given back by a collection only.
     */
    void clear() {
        kept = Math.max(CHUNKS_KEPT, Math.max(current + 1, kept - 1));
        while (chunks.size() > kept) {
            chunks.remove(chunks.size() - 1);
        }
        for (ByteBuffer chunk : chunks) {
            chunk.clear();
        }
        chunks.get(0).position(JournalLayout.GROUP_HEADER_BYTES);
        current = 0;
        bodyBytes = 0;
    }
}

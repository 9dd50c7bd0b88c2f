package dev.recado.journal;

import java.nio.ByteBuffer;

/**
 * One open file. One writer at a time; readers may work beside it. Every method throws {@link StorageException}; after
 * one of kind {@code FAILED} from write, sync or truncate the content is unknown and must not be trusted or retried.
 */
public interface DiskFile extends AutoCloseable {

    /** Bytes that the file holds. */
    long size();

    /**
     * Writes all that remains in the buffers, in order, beginning at {@code position}; a file that is shorter grows.
     * Not durable before {@link #sync}; after a crash any part of it may be there.
     *
     * @throws StorageException of kind {@code FULL} where the disk is full: a part may be written
     */
    void write(ByteBuffer[] buffers, long position);

    /** Reads until the buffer is full or the file ends; answers how many bytes that were, 0 at the end. */
    int read(ByteBuffer into, long position);

    /**
     * Makes all that was written, and the size needed to find it, durable on return ({@code fdatasync}). A failure is
     * of kind {@code FAILED}, whatever its reason: the kernel may have dropped what it could not write.
     */
    void sync();

    /** Cuts or grows (with zeros) to {@code size} bytes. Durable after {@link #sync}. */
    void truncate(long size);

    @Override
    void close();
}

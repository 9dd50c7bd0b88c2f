package dev.recado.core.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A reference to one run inside an immutable array that others share: what caches keep, groups hand out and segments
 * store. Immutable, may cross threads.
 *
 * @param bytes the array that holds it, never changed after the reference exists
 * @param start index of the run's header
 * @param messagesStart index of the first message
 * @param length bytes of the run, its header included
 * @param baseOffset offset of the first message in the partition
 * @param count messages, at least 1
 * @param publishTimeMs wall clock of the entry
 * @param logTimeMs time of the shard's log at the entry: ages count from it
 * @param lamport logical time of the entry
 * @param producer id of a numbering producer, or null
 * @param firstSequence number of the first message, where numbered
 * @param stride distance between the numbers of neighbours, where numbered
 */
public record StoredRun(
        byte[] bytes,
        int start,
        int messagesStart,
        int length,
        int partition,
        long baseOffset,
        int count,
        long publishTimeMs,
        long logTimeMs,
        long lamport,
        @Nullable String producer,
        long firstSequence,
        int stride) {

    /** Offset behind the last message. */
    public long endOffset() {
        return baseOffset + count;
    }

    /** Bytes of its messages. */
    public int messageBytes() {
        return end() - messagesStart;
    }

    /** Whether it begins with a header, as files need it; a {@link #copyOf} does not. */
    public boolean hasHeader() {
        return messagesStart > start;
    }

    /**
     * A copy of some of its messages in an array of just their size, as a run without a producer and a header: for
     * readers in memory; {@link RunLayout#whole} makes one for a file of it.
     *
     * @param at index of the first message to copy
     * @param messagesBytes bytes of all messages to copy
     * @param firstOffset offset of the first one
     */
    public StoredRun copyOf(int at, int messagesBytes, long firstOffset, int messages) {
        byte[] copy = Arrays.copyOfRange(bytes, at, at + messagesBytes);
        return new StoredRun(
                copy,
                0,
                0,
                messagesBytes,
                partition,
                firstOffset,
                messages,
                publishTimeMs,
                logTimeMs,
                lamport,
                null,
                0,
                1);
    }

    /** Index behind the last byte. */
    public int end() {
        return start + length;
    }
}

package dev.recado.core.message;

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
        long lamport,
        @Nullable String producer,
        long firstSequence,
        int stride) {

    /** Offset behind the last message. */
    public long endOffset() {
        return baseOffset + count;
    }

    /** Index behind the last byte. */
    public int end() {
        return start + length;
    }
}

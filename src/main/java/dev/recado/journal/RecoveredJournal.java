package dev.recado.journal;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What recovery found; {@link JournalWriter#resume} goes on from it. All of it is durable.
 *
 * @param endPosition logical position behind the last valid group
 * @param nextSequence sequence of the next group
 * @param files files in use, oldest first
 * @param spares files that exist and hold nothing of value
 * @param nextNumber a file number above every one in use
 * @param shards last entry and promise of each shard that the journal mentions at or above the recovery's start
 * @param tornTail whether bytes of a group that was never acknowledged lie behind the end; they are cut on resume
 */
public record RecoveredJournal(
        long endPosition,
        long nextSequence,
        List<JournalFile> files,
        List<JournalFile> spares,
        long nextNumber,
        Map<Integer, ShardTail> shards,
        boolean tornTail) {

    /**
     * One file in use.
     *
     * @param number the number in its name
     * @param basePosition logical position of its first group
     * @param bytes size on disk
     */
    public record JournalFile(long number, long basePosition, long bytes) {}

    /**
     * Where a shard stands.
     *
     * @param lastIndex index of its last entry, 0 for none
     * @param lastEpoch epoch of that entry; -1 where a truncation came last and the entry before it was not seen
     * @param promise its last promise, or null
     */
    public record ShardTail(
            int shard,
            long lastIndex,
            long lastEpoch,
            @Nullable Promise promise) {}

    /**
     * A granted epoch.
     *
     * @param candidate to whom it was granted
     * @param nonce which start of the candidate
     */
    public record Promise(long epoch, String candidate, long nonce) {}

    /**
     * Damage at the end of the journal: what a segment holds of a synced topic was in the journal before, so that the
     * journal was longer.
     */
    public DamagedException endsEarly(int partition, String detail) {
        JournalFile last = files.isEmpty() ? null : files.get(files.size() - 1);
        String path = last == null ? DataDirectory.JOURNAL : JournalLayout.path(last.number());
        long at = last == null ? 0 : JournalLayout.FILE_DATA_AT + endPosition - last.basePosition();
        return DamagedException.partition(path, at, partition, detail);
    }

    /** Nothing yet: an empty directory. */
    static RecoveredJournal none() {
        return new RecoveredJournal(0, 0, List.of(), List.of(), 1, Map.of(), false);
    }
}

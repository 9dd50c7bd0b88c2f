package dev.recado.journal;

import dev.recado.base.Check;

/**
 * Sizes of the journal.
 *
 * @param fileBytes size of a file that is prepared ahead, at least 16 KiB
 * @param checkpointBytes how much is written between two checkpoints
 * @param hardBoundBytes how much may lie behind the last checkpoint before appends wait
 */
public record JournalSettings(long fileBytes, long checkpointBytes, long hardBoundBytes) {

    public JournalSettings {
        Check.that(fileBytes >= 16 * 1024, "journal file too small", fileBytes);
        Check.that(checkpointBytes > 0 && checkpointBytes <= hardBoundBytes, "checkpoint above hard bound");
    }

    /** 128 MiB, 256 MiB and 512 MiB. */
    public static JournalSettings defaults() {
        long mebibyte = 1024 * 1024;
        return new JournalSettings(128 * mebibyte, 256 * mebibyte, 512 * mebibyte);
    }
}

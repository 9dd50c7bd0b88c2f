package dev.recado.config;

import dev.recado.base.SettingValues;

/**
 * The journal and the segments.
 *
 * @param fileBytes size of a journal file
 * @param checkpointBytes journal since the last checkpoint that starts the next
 * @param hardBoundBytes journal at which appends wait for a checkpoint
 * @param segmentBytes size at which a segment is sealed
 */
public record JournalConfig(int fileBytes, long checkpointBytes, long hardBoundBytes, int segmentBytes) {

    static JournalConfig of(SettingValues values) {
        return new JournalConfig(
                values.integer("journal.file-bytes"),
                values.number("journal.checkpoint-bytes"),
                values.number("journal.hard-bound-bytes"),
                values.integer("journal.segment-bytes"));
    }
}

package dev.recado.journal;

import dev.recado.base.Check;

/**
 * Sizes of segments.
 *
 * @param segmentBytes size at which the next segment is begun; a segment with one large run may be larger
 * @param indexEveryBytes distance of the points of the sparse index
 * @param syncEveryBytes how much a segment may hold unsynced
 * @param trashDelayMs how long a dropped partition stays in the trash folder
 */
public record SegmentSettings(int segmentBytes, int indexEveryBytes, int syncEveryBytes, long trashDelayMs) {

    private static final int KIBIBYTE = 1024;

    public SegmentSettings {
        Check.that(segmentBytes >= KIBIBYTE && segmentBytes <= 1 << 30, "segment size", segmentBytes);
        Check.that(indexEveryBytes > 0 && syncEveryBytes > 0 && trashDelayMs >= 0, "segment settings");
    }

    /** 64 MiB, 64 KiB, 4 MiB, one hour. */
    public static SegmentSettings defaults() {
        return new SegmentSettings(64 * KIBIBYTE * KIBIBYTE, 64 * KIBIBYTE, 4 * KIBIBYTE * KIBIBYTE, 3_600_000);
    }
}

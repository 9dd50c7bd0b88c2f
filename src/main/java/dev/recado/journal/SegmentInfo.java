package dev.recado.journal;

/**
 * One segment as retention sees it.
 *
 * @param baseOffset offset of its first message
 * @param endOffset offset behind its last message
 * @param bytes size on disk
 * @param firstPublishTimeMs publish time of its first message
 * @param lastPublishTimeMs latest publish time in it
 * @param lastLogTimeMs log time of its last message
 * @param sealed whether nothing will be appended to it any more
 */
public record SegmentInfo(
        long baseOffset,
        long endOffset,
        long bytes,
        long firstPublishTimeMs,
        long lastPublishTimeMs,
        long lastLogTimeMs,
        boolean sealed) {

    /** Bytes of its records: see {@link SegmentStore#storedBytes}. */
    public long recordBytes() {
        return Math.max(0, bytes - SegmentLayout.FILE_HEADER_BYTES);
    }
}

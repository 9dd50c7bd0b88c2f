package dev.recado.apps.messaging.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All operations that a server has, by origin and each origin's from number 1 on without a gap, so that one number an
 * origin says what is there. Owned by the server's loop.
 */
public final class HistoryLog {

    /** With so many a server makes no more; each costs about a kilobyte of memory beside its text. */
    public static final int ENTRIES_MAX = 200_000;

    /** The same for their texts, in characters. */
    public static final long TEXT_CHARS_MAX = 64L << 20;

    /** What others made before they heard of the last ones is taken in beyond, so that all end with the same. */
    static final int SLACK = 10_000;

    /** Origins: one for each start of a server that made an operation. */
    public static final int ORIGINS_MAX = 10_000;

    /** What came of an operation that was offered. */
    public enum Offered {
        APPLIED,
        /** It was there before. */
        KNOWN,
        /** Others of its origin are missing before it. */
        GAP,
        /** There is no room. */
        FULL
    }

    private final int entriesMax;
    private final Map<String, List<HistoryEntry>> byOrigin = new TreeMap<>();
    private int entryCount;
    private long textChars;

    /** One with the usual bound. */
    public HistoryLog() {
        this(ENTRIES_MAX);
    }

    HistoryLog(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    /** Takes the next one of its origin, and no other. */
    public Offered offer(HistoryEntry entry) {
        long seen = seen(entry.key().origin());
        if (entry.key().n() <= seen) {
            return Offered.KNOWN;
        }
        if (entry.key().n() > seen + 1) {
            return Offered.GAP;
        }
        if (entryCount >= entriesMax + SLACK || (seen == 0 && byOrigin.size() >= ORIGINS_MAX)) {
            return Offered.FULL;
        }
        byOrigin.computeIfAbsent(entry.key().origin(), unused -> new ArrayList<>())
                .add(entry);
        entryCount++;
        textChars += entry.text().length();
        return Offered.APPLIED;
    }

    /** Whether one more may be made here. */
    public boolean hasRoom() {
        return entryCount < entriesMax && textChars < TEXT_CHARS_MAX;
    }

    /** The last number of an origin; 0 where it has none. */
    public long seen(String origin) {
        List<HistoryEntry> entries = byOrigin.get(origin);
        return entries == null ? 0 : entries.size();
    }

    /** The last number of every origin that has one. */
    public Map<String, Object> seen() {
        Map<String, Object> seen = new TreeMap<>();
        byOrigin.forEach((origin, entries) -> seen.put(origin, (long) entries.size()));
        return seen;
    }

    /** Whether somebody who has seen that much has anything that is missing here. */
    public boolean lacksSomethingOf(Map<String, Long> theirs) {
        return theirs.entrySet().stream().anyMatch(entry -> entry.getValue() > seen(entry.getKey()));
    }

    /** What somebody lacks who has seen {@code theirs}, the earliest of each origin first, up to {@code max}. */
    public List<HistoryEntry> missing(Map<String, Long> theirs, int max) {
        List<HistoryEntry> missing = new ArrayList<>();
        for (Map.Entry<String, List<HistoryEntry>> origin : byOrigin.entrySet()) {
            List<HistoryEntry> entries = origin.getValue();
            long from = Math.max(0, theirs.getOrDefault(origin.getKey(), 0L));
            for (long i = from; i < entries.size() && missing.size() < max; i++) {
                missing.add(entries.get((int) i));
            }
        }
        return missing;
    }

    /** Every operation, origin by origin. */
    public List<HistoryEntry> all() {
        return missing(Map.of(), Integer.MAX_VALUE);
    }

    public int entryCount() {
        return entryCount;
    }
}

package dev.recado.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a start found in a partition's files beyond the state, and is yet to be settled. Owned by the flusher. */
final class Leftover {

    /** From which byte on the segment holds whole records that may only be in the page cache. */
    final Map<Segment, Long> found = new LinkedHashMap<>();
    /** Segments whose files go on behind their last whole record. */
    final Set<Segment> longer = new LinkedHashSet<>();
    /** Files that hold nothing that is believed. */
    final List<String> aside = new ArrayList<>();

    boolean isEmpty() {
        return found.isEmpty() && longer.isEmpty() && aside.isEmpty();
    }

    void found(Segment segment, long fromByte) {
        found.put(segment, fromByte);
    }

    void cut(Segment segment) {
        longer.add(segment);
    }

    void setAside(String path) {
        aside.add(path);
    }
}

package dev.recado.apps.messaging.history;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations in order, and how much of them a file has: it is appended to where that is enough. */
public final class OrderedLines {

    private final NavigableMap<HistoryEntry.Key, HistoryEntry> entries = new TreeMap<>();
    /** The last one in the file; null where the file is to be written as a whole. */
    private HistoryEntry.@Nullable Key written;

    private boolean changed = true;

    void put(HistoryEntry entry) {
        entries.put(entry.key(), entry);
        changed = true;
        if (written != null && entry.key().compareTo(written) < 0) {
            written = null;
        }
    }

    void remove(HistoryEntry entry) {
        boolean removed = entries.remove(entry.key()) != null;
        changed |= removed;
        if (removed && written != null && entry.key().compareTo(written) <= 0) {
            written = null;
        }
    }

    /** Whether the file is not what it should be. */
    public boolean isChanged() {
        return changed;
    }

    /** Whether the file has to be written as a whole. */
    public boolean needsWhole() {
        return written == null;
    }

    /** What the file lacks; everything where it has to be written as a whole. */
    public Collection<HistoryEntry> unwritten() {
        return written == null
                ? List.copyOf(entries.values())
                : List.copyOf(entries.tailMap(written, false).values());
    }

    /** The file has them all now. */
    public void onWritten() {
        written = entries.isEmpty() ? null : entries.lastKey();
        changed = false;
    }

    /** All of them, in order. */
    public Collection<HistoryEntry> all() {
        return entries.values();
    }
}

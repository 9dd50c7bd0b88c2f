package dev.recado.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was deleted but may still be named by a state file: it is removed once two later states no longer name it.
 * Owned by the flusher.
 */
final class SegmentTrash {

    private static final int STATES_KEPT = 2;

    private final Disk disk;
    private final long delayMs;
    private final Deque<Doomed> segments = new ArrayDeque<>();
    private final Map<String, Buried> folders = new HashMap<>();
    /** Beginnings of the names in the trash folder; read once, because a start asks for every segment. */
    private @Nullable Set<String> held;

    /** Directories out of which others were moved since the last sync. */
    private final Set<String> unsynced = new LinkedHashSet<>();

    private long statesWritten;

    private record Doomed(String path, long statesBefore) {}

    private record Buried(long seenMs, long statesBefore) {}

    SegmentTrash(Disk disk, long delayMs) {
        this.disk = disk;
        this.delayMs = delayMs;
    }

    /** Takes the file's name away; its directory is to be synced by the caller. */
    void bury(String path) {
        disk.rename(path, path + SegmentLayout.DELETED_SUFFIX);
        adopt(path + SegmentLayout.DELETED_SUFFIX);
    }

    /** A file with {@link SegmentLayout#DELETED_SUFFIX} that an earlier run left. */
    void adopt(String path) {
        segments.add(new Doomed(path, statesWritten));
    }

    /** Moves a partition's directory into the trash folder. Durable after {@link #sync}. */
    void buryFolder(int partition, String directory) {
        disk.createDirectories(DataDirectory.TRASH);
        int attempt = 0;
        while (disk.exists(folder(partition) + attempt)) {
            attempt++;
        }
        disk.rename(directory, folder(partition) + attempt);
        unsynced.add(Disk.parent(directory));
        Set<String> known = held;
        if (known != null) {
            known.add(prefix(partition));
        }
    }

    /** Makes the moves of directories durable. */
    void sync() {
        if (!unsynced.isEmpty()) {
            unsynced.forEach(disk::syncDirectory);
            disk.syncDirectory(DataDirectory.TRASH);
            unsynced.clear();
        }
    }

    /** Whether the partition's directory was found in the trash at the first question or moved there since. */
    boolean holds(int partition) {
        Set<String> known = held;
        if (known == null) {
            known = new HashSet<>();
            for (String name : disk.list(DataDirectory.TRASH)) {
                known.add(name.substring(0, name.lastIndexOf('-') + 1));
            }
            held = known;
        }
        return known.contains(prefix(partition));
    }

    private static String prefix(int partition) {
        return "p" + partition + "-";
    }

    private static String folder(int partition) {
        return DataDirectory.TRASH + "/" + prefix(partition);
    }

    void onStateWritten() {
        statesWritten++;
    }

    /** Removes what no state names any more and, of folders, what has lain for the delay. */
    void empty(long nowMs) {
        Doomed next = segments.peekFirst();
        while (next != null && statesWritten - next.statesBefore() >= STATES_KEPT) {
            disk.delete(next.path());
            segments.removeFirst();
            next = segments.peekFirst();
        }
        List<String> names = disk.list(DataDirectory.TRASH);
        for (String name : names) {
            folders.computeIfAbsent(name, key -> new Buried(nowMs, statesWritten));
        }
        for (Iterator<Map.Entry<String, Buried>> it = folders.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<String, Buried> folder = it.next();
            Buried buried = folder.getValue();
            if (nowMs - buried.seenMs() >= delayMs && statesWritten - buried.statesBefore() >= STATES_KEPT) {
                deleteFolder(DataDirectory.TRASH + "/" + folder.getKey());
                it.remove();
            }
        }
    }

    private void deleteFolder(String path) {
        for (String name : disk.list(path)) {
            disk.delete(path + "/" + name);
        }
        disk.delete(path);
    }
}

package dev.recado.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was deleted but may still be named by a state file: its name stays until two later states no longer name it, so
 * that a start from either state can tell it from what was lost. Nobody reads it again, so where space is short its
 * bytes go at once. Owned by the flusher.
 */
final class SegmentTrash {

    private static final int STATES_KEPT = 2;

    private static final Pattern FOLDER_NAME = Pattern.compile("p\\d+-\\d+");

    private final Disk disk;
    private final long delayMs;
    /** Segments that still have their names, because what takes those away has failed for now. */
    private final Deque<String> unburied = new ArrayDeque<>();

    /** By last name: one that was deleted again under the same name waits from then on. */
    private final Map<String, Doomed> segments = new LinkedHashMap<>();

    private final Map<String, Folder> folders = new LinkedHashMap<>();
    /** Partitions that have a folder; listed once, for a start may ask for each of thousands. */
    private @Nullable Set<Integer> held;

    private boolean unsynced;

    private long statesWritten;

    /** A segment under its last name; {@code path} without the suffix is what states call it. */
    private static final class Doomed {
        private final String path;
        private long freeFrom;
        private boolean cut;

        private Doomed(String path, long freeFrom) {
            this.path = path;
            this.freeFrom = freeFrom;
        }
    }

    /** A dropped partition's directory, from which state on and from when on it may go. */
    private static final class Folder {
        private final long freeFrom;
        private long buriedMs;
        private boolean cut;
        private boolean foreign;

        private Folder(long freeFrom, long buriedMs) {
            this.freeFrom = freeFrom;
            this.buriedMs = buriedMs;
        }
    }

    SegmentTrash(Disk disk, long delayMs) {
        this.disk = disk;
        this.delayMs = delayMs;
    }

    /** Takes the file's name away; its directory is to be synced by the caller. What a failure leaves comes later. */
    void bury(String path) {
        unburied.add(path);
        buryAll();
    }

    private void buryAll() {
        for (String path = unburied.peekFirst(); path != null; path = unburied.peekFirst()) {
            if (disk.exists(path)) {
                disk.rename(path, path + SegmentLayout.DELETED_SUFFIX);
            }
            adopt(path + SegmentLayout.DELETED_SUFFIX);
            unburied.removeFirst();
        }
    }

    /** A file with {@link SegmentLayout#DELETED_SUFFIX} that an earlier run left. */
    void adopt(String path) {
        segments.put(path, new Doomed(path, statesWritten + STATES_KEPT));
    }

    /**
     * What the readable state files on disk describe, newest first: counting goes on from there, and what none of them
     * names is free.
     */
    void onStatesKnown(List<List<PartitionSegments>> states) {
        Map<String, Integer> named = new HashMap<>();
        Map<Integer, Integer> having = new HashMap<>();
        for (int i = states.size() - 1; i >= 0; i--) {
            for (PartitionSegments partition : states.get(i)) {
                for (Segment segment : partition.segments) {
                    named.put(segment.path(), STATES_KEPT - i);
                    having.put(partition.partition, STATES_KEPT - i);
                }
            }
        }
        for (Doomed segment : segments.values()) {
            String name = segment.path.substring(0, segment.path.length() - SegmentLayout.DELETED_SUFFIX.length());
            segment.freeFrom = statesWritten + named.getOrDefault(name, 0);
        }
        folders.clear();
        for (String name : folderNames()) {
            int statesLeft = having.getOrDefault(partitionOf(name), 0);
            folders.put(name, new Folder(statesWritten + statesLeft, buriedMs(name)));
        }
    }

    /** Moves a partition's directory into the trash folder. Durable after {@link #sync}. */
    void buryFolder(int partition, String directory, long nowMs) {
        disk.createDirectories(DataDirectory.TRASH);
        long stamp = nowMs;
        while (disk.exists(folder(partition, stamp))) {
            stamp++;
        }
        disk.rename(directory, folder(partition, stamp));
        unsynced = true;
        Set<Integer> known = held;
        if (known != null) {
            known.add(partition);
        }
    }

    /** Makes the moves of directories durable: a move that a crash takes back is made again by the next start. */
    void sync() {
        if (unsynced) {
            disk.syncDirectory(DataDirectory.TRASH);
            unsynced = false;
        }
    }

    /** Whether the partition's directory was found in the trash at the first question or moved there since. */
    boolean holds(int partition) {
        Set<Integer> known = held;
        if (known == null) {
            known = new HashSet<>();
            for (String name : folderNames()) {
                known.add(partitionOf(name));
            }
            held = known;
        }
        return known.contains(partition);
    }

    private static String folder(int partition, long stampMs) {
        return DataDirectory.TRASH + "/p" + partition + "-" + stampMs;
    }

    private static int partitionOf(String name) {
        int dash = name.indexOf('-');
        return dash < 2 ? -1 : (int) number(name.substring(1, dash));
    }

    private static long buriedMs(String name) {
        return number(name.substring(name.indexOf('-') + 1));
    }

    /** -1 where it is none. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    void onStateWritten() {
        statesWritten++;
    }

    /** Whether something waits for two states that do not name it. */
    boolean waits() {
        return !segments.isEmpty()
                || !unburied.isEmpty()
                || folders.values().stream().anyMatch(folder -> statesWritten < folder.freeFrom);
    }

    /**
     * Removes what no state names any more and, of folders, what has lain for the delay; where {@code tight}, without
     * the delay, and of what is still named the bytes.
     */
    void empty(long nowMs, boolean tight) {
        buryAll();
        if (tight) {
            cutSegments();
        }
        segments.values().removeIf(this::removeIfFree);
        lookAtFolders();
        folders.entrySet().removeIf(each -> {
            Folder folder = each.getValue();
            String path = DataDirectory.TRASH + "/" + each.getKey();
            // One that was moved here by another clock counts from now on.
            folder.buriedMs = Math.min(folder.buriedMs, nowMs);
            long lainMs = nowMs - folder.buriedMs;
            boolean free = statesWritten >= folder.freeFrom && (tight || folder.cut || lainMs >= delayMs);
            if ((free || tight) && !folder.cut) {
                folder.foreign = !deleteContent(path);
                folder.cut = true;
            }
            if (free && !folder.foreign) {
                disk.delete(path);
            }
            return free && !folder.foreign;
        });
    }

    private boolean removeIfFree(Doomed segment) {
        boolean free = statesWritten >= segment.freeFrom;
        if (free) {
            disk.delete(segment.path);
        }
        return free;
    }

    private void lookAtFolders() {
        Set<String> names = new HashSet<>(folderNames());
        folders.keySet().retainAll(names);
        for (String name : names) {
            folders.computeIfAbsent(name, key -> new Folder(statesWritten + STATES_KEPT, buriedMs(key)));
        }
    }

    /** A power loss must not give an empty file its old name back: the new ones are durable first. */
    private void cutSegments() {
        Set<String> directories = new LinkedHashSet<>();
        for (Doomed segment : segments.values()) {
            if (!segment.cut) {
                directories.add(Disk.parent(segment.path));
            }
        }
        directories.forEach(disk::syncDirectory);
        for (Doomed segment : segments.values()) {
            if (!segment.cut) {
                cut(segment.path);
                segment.cut = true;
            }
        }
    }

    private void cut(String path) {
        if (disk.exists(path)) {
            try (DiskFile file = disk.open(path, false)) {
                file.truncate(0);
            }
        }
    }

    /** Deletes what is the broker's; answers whether that was all. What else lies there is somebody's, and stays. */
    private boolean deleteContent(String path) {
        boolean all = true;
        for (String name : disk.list(path)) {
            if (name.endsWith(SegmentLayout.SUFFIX) || name.endsWith(SegmentLayout.DELETED_SUFFIX)) {
                disk.delete(path + "/" + name);
            } else {
                all = false;
            }
        }
        return all;
    }

    /** What has a name that this class gives; whatever else people or file systems put there is not looked at. */
    private List<String> folderNames() {
        return disk.list(DataDirectory.TRASH).stream()
                .filter(name -> FOLDER_NAME.matcher(name).matches())
                .toList();
    }
}

package dev.recado.journal;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where memory topics go on for which memory is short: {@code spill/<uuid>/<partition index>}, segments as everywhere.
 * They mean nothing to another process; so whatever is found there goes, whole or torn, when a process starts and when
 * it ends.
 */
public final class SpillFolder {

    private static final Pattern TOPIC = Pattern.compile("[0-9a-f-]{36}");
    private static final Pattern PARTITION = Pattern.compile("\\d{1,9}");

    private SpillFolder() {}

    public static String directory(UUID topic, int partitionIndex) {
        return DataDirectory.SPILL + "/" + topic + "/" + partitionIndex;
    }

    /** Deletes what a process has left. What has no name of the broker's is somebody's, and stays. */
    public static void empty(Disk disk) {
        for (String topic : named(disk, DataDirectory.SPILL, TOPIC)) {
            String directory = DataDirectory.SPILL + "/" + topic;
            for (String partition : named(disk, directory, PARTITION)) {
                deletePartition(disk, directory + "/" + partition);
            }
            deleteIfEmpty(disk, directory);
        }
    }

    private static List<String> named(Disk disk, String directory, Pattern name) {
        return disk.list(directory).stream()
                .filter(each -> name.matcher(each).matches())
                .toList();
    }

    /** The directory of a topic goes with the last one in it. */
    static void deletePartition(Disk disk, String directory) {
        for (String name : disk.list(directory)) {
            if (name.endsWith(SegmentLayout.SUFFIX)) {
                disk.delete(directory + "/" + name);
            }
        }
        deleteIfEmpty(disk, directory);
        deleteIfEmpty(disk, Disk.parent(directory));
    }

    private static void deleteIfEmpty(Disk disk, String directory) {
        if (disk.exists(directory) && disk.list(directory).isEmpty()) {
            disk.delete(directory);
        }
    }
}

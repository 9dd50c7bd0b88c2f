package dev.recado.journal;

import java.util.List;

/**
 * Port to the disk below one data directory. Paths are relative to it, parts joined with {@code /}.
 *
 * <p>Every method throws {@link StorageException}. Nothing is durable on return unless its sentence says so. Thread-
 * safe; no calling thread may be interrupted while inside.
 */
public interface Disk {

    /**
     * Opens a file for reading and writing.
     *
     * @param create whether a missing file is created; its name is durable only after {@link #syncDirectory}
     * @throws StorageException of kind {@code MISSING} where it does not exist and {@code create} is false, {@code
     *     NOT_A_FILE} where something else has its name
     */
    DiskFile open(String path, boolean create);

    boolean exists(String path);

    /** Names of the files and directories in a directory, sorted; empty where the directory does not exist. */
    List<String> list(String directory);

    /** Bytes of a file, without opening it; 0 where it does not exist. */
    long size(String path);

    /**
     * Gives a file or directory another name in one step, over an existing file of that name. Durable after
     * {@link #syncDirectory} of both parents.
     */
    void rename(String from, String to);

    /**
     * Removes a file or an empty directory; nothing happens where it is missing. Durable after {@link #syncDirectory}.
     */
    void delete(String path);

    /** Makes a directory and its parents. Durable on return. */
    void createDirectories(String path);

    /**
     * Makes a directory and its parents without a sync.
     *
     * @return the directories in which one was made, outermost first: durable after {@link #syncDirectory} of each
     */
    List<String> makeDirectories(String path);

    /** Makes the creations, renames and deletions in a directory durable; its files' contents are not touched. */
    void syncDirectory(String path);

    /**
     * Each file's {@link DiskFile#sync}, in any order or at once. A failure is of one of them, and says nothing of the
     * others.
     */
    default void syncAll(List<DiskFile> files) {
        files.forEach(DiskFile::sync);
    }

    /** {@link #syncDirectory} of each, as in {@link #syncAll}. */
    default void syncDirectories(List<String> paths) {
        paths.forEach(this::syncDirectory);
    }

    /**
     * Bytes that may still be written.
     *
     * @throws StorageException that passes where that cannot be told now
     */
    long freeBytes();

    /** How many files one user of this disk may keep open, at least 1. */
    int filesOpenMax();

    /**
     * Takes the lock file {@code name} for this process until the answer is closed or the process ends.
     *
     * @throws StorageException of kind {@code LOCKED}, whose text names the holder
     */
    AutoCloseable lock(String name);

    /** The directory part of a path, {@code ""} for the data directory itself. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}

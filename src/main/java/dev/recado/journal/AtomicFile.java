package dev.recado.journal;

import java.nio.ByteBuffer;

/**
 * Writes small files of the data directory whole: a reader finds the old content or the new, never a mixture. Each is
 * made beside its place as {@code NAME.tmp}, synced, renamed, and the directory is synced. A data directory has one
 * owner, so that the name is always the same, and what a crash leaves there the next writing takes.
 */
final class AtomicFile {

    private static final String TEMPORARY_SUFFIX = ".tmp";

    private AtomicFile() {}

    /** Durable on return; where it fails, the old content stands. */
    static void write(Disk disk, String path, byte[] bytes) {
        String temporary = path + TEMPORARY_SUFFIX;
        try {
            try (DiskFile file = disk.open(temporary, true)) {
                file.truncate(0);
                file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
                file.sync();
            }
            disk.rename(temporary, path);
            disk.syncDirectory(Disk.parent(path));
        } catch (StorageException e) {
            if (e.passes()) {
                disk.delete(temporary);
            }
            throw e;
        }
    }
}

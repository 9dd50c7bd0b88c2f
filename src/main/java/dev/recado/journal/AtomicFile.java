package dev.recado.journal;

import java.nio.ByteBuffer;

/** Writes small files whole: a reader finds the old content or the new, never a mixture. */
final class AtomicFile {

    private static final String TEMPORARY_SUFFIX = ".tmp";

    private AtomicFile() {}

    /** Writes beside, syncs, renames, syncs the directory. Durable on return. */
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

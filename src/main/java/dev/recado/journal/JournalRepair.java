package dev.recado.journal;

import dev.recado.journal.JournalLayout.FileHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a damaged journal before its first damage. */
final class JournalRepair {

    private static final JournalSettings SMALL = new JournalSettings(JournalFiles.SMALL_FILE_BYTES, 1, 1);

    private JournalRepair() {}

    /**
     * Saves and removes what lies at and behind {@code damage}; where nothing is left, an empty journal starts at
     * {@code from}.
     */
    static void cut(Disk disk, long from, DamagedException damage) {
        FileHeader header = header(disk, damage.file());
        long offset = damage.position();
        boolean keepsStart = header != null
                && offset >= JournalLayout.FILE_DATA_AT
                && header.basePosition() + offset - JournalLayout.FILE_DATA_AT >= from;
        long nextNumber = 1;
        List<String> names = disk.list(DataDirectory.JOURNAL);
        for (String name : names) {
            String path = DataDirectory.JOURNAL + "/" + name;
            nextNumber = Math.max(nextNumber, JournalLayout.number(name) + 1);
            FileHeader other = header(disk, path);
            if (!keepsStart || header == null || other == null || other.basePosition() > header.basePosition()) {
                Repair.saveCopy(disk, path);
                disk.delete(path);
            }
        }
        disk.syncDirectory(DataDirectory.JOURNAL);
        if (keepsStart) {
            truncate(disk, damage.file(), offset);
        } else {
            long sequenceMax = from / JournalLayout.SECTOR_BYTES + 1;
            JournalWriter.resume(
                            disk,
                            SMALL,
                            new RecoveredJournal(from, sequenceMax, List.of(), List.of(), nextNumber, Map.of(), false))
                    .close();
        }
    }

    private static void truncate(Disk disk, String path, long size) {
        Repair.saveCopy(disk, path);
        try (DiskFile file = disk.open(path, false)) {
            file.truncate(size);
            file.sync();
        }
    }

    /** The header where it is one of the file's present use. */
    private static @Nullable FileHeader header(Disk disk, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (JournalLayout.number(name) < 0 || !disk.exists(path)) {
            return null;
        }
        byte[] area = new byte[JournalLayout.FILE_DATA_AT];
        try (DiskFile file = disk.open(path, false)) {
            FileHeader header = JournalLayout.readFileHeader(area, file.read(ByteBuffer.wrap(area), 0));
            return header != null && header.number() == JournalLayout.number(name) ? header : null;
        }
    }
}

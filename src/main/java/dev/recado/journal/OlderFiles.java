package dev.recado.journal;

import dev.recado.journal.JournalFiles.Spare;
import dev.recado.journal.RecoveredJournal.JournalFile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal's files before the one that is written, oldest first, as long as something may need them; then they are
 * {@link JournalFiles}' to use again. Owned by the journal thread.
 */
final class OlderFiles {

    private final Disk disk;
    private final JournalFiles pool;
    private final Deque<JournalFile> files;

    OlderFiles(Disk disk, JournalFiles pool, List<JournalFile> found) {
        this.disk = disk;
        this.pool = pool;
        files = new ArrayDeque<>(found);
    }

    void add(JournalFile file) {
        files.addLast(file);
    }

    @Nullable
    JournalFile last() {
        return files.peekLast();
    }

    /** The last file is written again; there must be one. */
    void removeLast() {
        files.removeLast();
    }

    /** Logical position at which the oldest begins, {@code end} where there is none. */
    long basePosition(long end) {
        JournalFile oldest = files.peekFirst();
        return oldest == null ? end : oldest.basePosition();
    }

    /** Takes the last file where it holds no group: two files with one base position must never exist. */
    @Nullable
    Spare takeUnused(long endPosition) {
        JournalFile last = files.peekLast();
        if (last == null || last.basePosition() < endPosition) {
            return null;
        }
        files.removeLast();
        return new Spare(last.number(), last.bytes());
    }

    /** A fresh file follows the torn one and its base says where that ends; the cut only gives back its space. */
    void cutTail(long endPosition) {
        JournalFile last = files.peekLast();
        if (last == null) {
            return;
        }
        long end = JournalLayout.FILE_DATA_AT + endPosition - last.basePosition();
        if (end < last.bytes()) {
            try (DiskFile file = disk.open(JournalLayout.path(last.number()), false)) {
                file.truncate(end);
                file.sync();
            }
            files.removeLast();
            files.addLast(new JournalFile(last.number(), last.basePosition(), end));
        }
    }

    /**
     * The last file stays until its successor has its header, even where nothing needs what is in it: with its name
     * gone, no file would say that the journal goes on where a state ends.
     */
    void keepLast(long position) {
        JournalFile last = files.pollLast();
        if (last != null) {
            release(position, last.basePosition());
            files.addLast(last);
        }
    }

    /**
     * Gives up what lies wholly below {@code position}; {@code end} is where the last file ends. A file without a group
     * stays: it is used again, and until then bears the position that its successor has.
     */
    void release(long position, long end) {
        for (JournalFile file = files.pollFirst(); file != null; file = files.pollFirst()) {
            JournalFile next = files.peekFirst();
            if ((next == null ? end : next.basePosition()) > position || file.basePosition() == end) {
                files.addFirst(file);
                break;
            }
            pool.release(new Spare(file.number(), file.bytes()));
        }
    }
}

package dev.recado.apps.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells of a process in {@code /proc/PID/stat} and Java does not: whether it has ended and only waits for
 * its parent to ask how, and when it began on a clock that nobody sets.
 *
 * @param state a letter, {@code Z} of one that has ended
 * @param startedTicks from the start of the machine to that of the process
 */
record ProcessStat(char state, long startedTicks) {

    private static final Path PROC = Path.of("/proc");
    private static final char ZOMBIE = 'Z';
    private static final char DEAD = 'X';

    /** Behind the name, which may have blanks and parentheses. */
    private static final int STARTED_FIELD = 19;

    /** Null where the system tells nothing of the kind, or there is no such process. */
    static @Nullable ProcessStat of(long pid) {
        try {
            return parse(read(PROC.resolve(Long.toString(pid)).resolve("stat")));
        } catch (IOException gone) {
            return null;
        }
    }

    /** Null where {@code text} is not such a line. */
    static @Nullable ProcessStat parse(String text) {
        int named = text.lastIndexOf(") ");
        String[] fields = text.substring(named < 0 ? text.length() : named + 2).split(" ", -1);
        if (fields.length <= STARTED_FIELD || fields[0].length() != 1) {
            return null;
        }
        try {
            return new ProcessStat(fields[0].charAt(0), Long.parseLong(fields[STARTED_FIELD]));
        } catch (NumberFormatException other) {
            return null;
        }
    }

    /** Whether nothing of it is left but its number. */
    boolean hasEnded() {
        return state == ZOMBIE || state == DEAD;
    }

    /** What no other process of that number has, before or after a start of the machine; null where that is unknown. */
    @Nullable
    String mark() {
        try {
            return read(PROC.resolve("sys/kernel/random/boot_id")).strip() + ":" + startedTicks;
        } catch (IOException unknown) {
            return null;
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}

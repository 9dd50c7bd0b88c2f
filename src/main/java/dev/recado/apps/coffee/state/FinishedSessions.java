package dev.recado.apps.coffee.state;

import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Sessions that are over, for as long as something of them may still come twice. One text file, a line a session with
 * its id and when it ended, replaced as a whole. Not thread-safe: one owner.
 */
final class FinishedSessions {

    /** Of more the oldest are forgotten. */
    static final int SESSIONS_MAX = 10_000;

    private final Path file;
    private final long keepMs;
    private final Map<UUID, Long> endedMs = new LinkedHashMap<>();

    FinishedSessions(Path file, long keepMs) throws IOException {
        this.file = file;
        this.keepMs = keepMs;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                read(line);
            }
        }
    }

    private void read(String line) throws DamagedStateException {
        try {
            String[] words = line.split(" ", -1);
            endedMs.put(UUID.fromString(words[0]), Long.parseLong(words[words.length - 1]));
        } catch (IllegalArgumentException e) {
            throw new DamagedStateException(file, "not a session and a time: " + line);
        }
    }

    boolean contains(UUID session) {
        return endedMs.containsKey(session);
    }

    /** Durable on return. */
    void add(UUID session, long nowMs) throws IOException {
        forget(nowMs);
        endedMs.put(session, nowMs);
        WholeFiles.replace(file, out -> {
            for (Map.Entry<UUID, Long> entry : endedMs.entrySet()) {
                out.write(WholeFiles.utf8(entry.getKey() + " " + entry.getValue() + "\n"));
            }
        });
    }

    private void forget(long nowMs) {
        Iterator<Long> oldest = endedMs.values().iterator();
        while (oldest.hasNext() && (oldest.next() < nowMs - keepMs || endedMs.size() >= SESSIONS_MAX)) {
            oldest.remove();
        }
    }
}

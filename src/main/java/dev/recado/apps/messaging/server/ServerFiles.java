package dev.recado.apps.messaging.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.recado.apps.messaging.file.KeptLamport;
import dev.recado.apps.messaging.file.ReplacedFile;
import dev.recado.apps.messaging.file.SealedLines;
import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.history.HistoryEntry.Kind;
import dev.recado.apps.messaging.history.OrderedLines;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The folder of one server. What it knows is {@code operations.log}, in the order of arrival, and {@code clock.json},
 * a bound above every Lamport clock that it gave away. {@code registry.json}, {@code publications.jsonl} and
 * {@code messages.jsonl} show what that amounts to; they are made anew at each start.
 */
final class ServerFiles implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final FileChannel lock;
    private final SealedLines operations;
    private List<HistoryEntry> kept;

    private ServerFiles(Path folder, FileChannel lock, SealedLines operations, List<HistoryEntry> kept) {
        this.folder = folder;
        this.lock = lock;
        this.operations = operations;
        this.kept = kept;
    }

    /**
     * Opens or makes the folder.
     *
     * @throws IOException also where another process has it
     */
    static ServerFiles open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isOurs(lock)) {
            lock.close();
            throw new IOException("another server uses the folder " + folder);
        }
        Path file = folder.resolve("operations.log");
        List<HistoryEntry> kept = new ArrayList<>();
        SealedLines operations = SealedLines.open(file, line -> kept.add(entry(file, line)));
        return new ServerFiles(folder, lock, operations, kept);
    }

    private static boolean isOurs(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException ofThisProcess) {
            return false;
        }
    }

    private static HistoryEntry entry(Path file, String line) throws IOException {
        HistoryEntry entry = HistoryEntry.of(JSON.readValue(line, Map.class));
        if (entry == null) {
            throw new IOException("no operation in " + file + ": " + line);
        }
        return entry;
    }

    /** The operations that were kept, in the order of their arrival; they are let go of here. */
    List<HistoryEntry> takeKept() {
        List<HistoryEntry> taken = kept;
        kept = List.of();
        return taken;
    }

    /** What a crash left behind the last sound operation and was cut off. */
    long cutBytes() {
        return operations.cutBytes();
    }

    /** The Lamport clock of this server, above all that it gave away before. */
    KeptLamport lamport() throws IOException {
        return KeptLamport.open(folder.resolve("clock.json"));
    }

    /** Durable on return. */
    void keep(List<HistoryEntry> entries) throws IOException {
        List<String> lines = new ArrayList<>();
        for (HistoryEntry entry : entries) {
            lines.add(json(entry.fields()));
        }
        operations.append(lines);
    }

    /** Brings the files that show the histories up to date; durable on return. */
    void show(Histories histories) throws IOException {
        if (histories.takeRegistryChanged()) {
            Map<String, Object> registry = new LinkedHashMap<>();
            registry.put("users", histories.users());
            registry.put("channels", histories.channels());
            registry.put("subscriptions", histories.subscriptions());
            ReplacedFile.write(folder.resolve("registry.json"), json(registry) + "\n");
        }
        show(folder.resolve("publications.jsonl"), histories.publications());
        show(folder.resolve("messages.jsonl"), histories.messages());
    }

    private static void show(Path file, OrderedLines lines) throws IOException {
        if (!lines.isChanged()) {
            return;
        }
        ReplacedFile.Writing writing = writer -> {
            for (HistoryEntry entry : lines.unwritten()) {
                writer.write(json(shown(entry)));
                writer.write('\n');
            }
        };
        if (lines.needsWhole()) {
            ReplacedFile.write(file, writing);
        } else {
            ReplacedFile.append(file, writing);
        }
        lines.onWritten();
    }

    private static Map<String, Object> shown(HistoryEntry entry) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("lamport", entry.key().clock());
        shown.put("origin", entry.key().origin());
        shown.put("n", entry.key().n());
        shown.put("timestamp", entry.timestampMs());
        shown.put("id", entry.id());
        shown.put("user", entry.user());
        shown.put(entry.kind() == Kind.PUBLISH ? "channel" : "to", entry.target());
        shown.put("text", entry.text());
        return shown;
    }

    private static String json(Object value) throws JsonProcessingException {
        return JSON.writeValueAsString(value);
    }

    @Override
    public void close() throws IOException {
        operations.close();
        lock.close();
    }
}

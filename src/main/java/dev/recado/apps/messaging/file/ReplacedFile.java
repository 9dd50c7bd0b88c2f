package dev.recado.apps.messaging.file;

import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files as a whole: beside their place, synced, renamed, the directory synced. One process writes a file, so the
 * name beside it is always the same and a crash leaves one such file at most.
 */
public final class ReplacedFile {

    private ReplacedFile() {}

    /** Durable on return; whoever reads the file sees the old text or the new one. */
    public static void write(Path target, String text) throws IOException {
        Path beside = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, text);
            channel.force(true);
        }
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(target);
    }

    static void writeFully(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes the name of a file durable. */
    static void syncDirectory(Path file) throws IOException {
        WholeFiles.sync(file.toAbsolutePath().resolveSibling(""));
    }
}

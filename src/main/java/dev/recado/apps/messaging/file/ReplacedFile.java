package dev.recado.apps.messaging.file;

import dev.recado.file.WholeFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
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

    /** Writes a text piece by piece. */
    public interface Writing {
        void to(Writer writer) throws IOException;
    }

    /** Durable on return; whoever reads the file sees the old text or the new one. */
    public static void write(Path target, String text) throws IOException {
        write(target, writer -> writer.write(text));
    }

    /** The same for a text that is too long to be held as a whole. */
    public static void write(Path target, Writing writing) throws IOException {
        Path beside = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeAll(channel, writing);
            channel.force(true);
        }
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(target);
    }

    /** Adds to a file that is there. Durable on return; where this fails the file may have a part of the text. */
    public static void append(Path target, Writing writing) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            writeAll(channel, writing);
            channel.force(false);
        }
    }

    private static void writeAll(FileChannel channel, Writing writing) throws IOException {
        // A disk that is nearly full takes parts; this stream, unlike a writer of the channel, writes the rest or
        // fails.
        Writer writer =
                new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
        writing.to(writer);
        writer.flush();
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

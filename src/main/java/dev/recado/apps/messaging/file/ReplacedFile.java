package dev.recado.apps.messaging.file;

import dev.recado.file.WholeFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes texts as files of one process, as a whole by {@link WholeFiles#replace}, or behind what is there. */
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
        WholeFiles.replace(target, out -> writeAll(out, writing));
    }

    /** Adds to a file that is there. Durable on return; where this fails the file may have a part of the text. */
    public static void append(Path target, Writing writing) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            // A disk that is nearly full takes parts; this stream, unlike a writer of the channel, writes the rest or
            // fails.
            writeAll(Channels.newOutputStream(channel), writing);
            channel.force(false);
        }
    }

    private static void writeAll(OutputStream out, Writing writing) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
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

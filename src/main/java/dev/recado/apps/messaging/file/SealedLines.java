package dev.recado.apps.messaging.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of lines, each behind its checksum, which is only appended to. What a crash left behind the last sound line is
 * cut off when the file is opened.
 *
 * <pre>
 * 8 hexadecimal digits, CRC-32C of the text   space   text   line feed
 * </pre>
 */
public final class SealedLines implements AutoCloseable {

    private static final int SEAL_CHARS = 9;

    /** A line that is longer is no line of ours. */
    private static final int LINE_BYTES_MAX = 1 << 20;

    private static final int CHUNK_BYTES = 1 << 16;

    /** Takes the text of each sound line, in order. */
    public interface Found {
        void line(String text) throws IOException;
    }

    private final FileChannel channel;
    private final long cutBytes;

    private SealedLines(FileChannel channel, long cutBytes) {
        this.channel = channel;
        this.cutBytes = cutBytes;
    }

    /** Opens or makes the file, and tells what is in it; what is cut off is cut durably. */
    public static SealedLines open(Path file, Found found) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long end = read(Channels.newInputStream(channel), found);
        long cutBytes = channel.size() - end;
        if (cutBytes > 0) {
            channel.truncate(end);
        }
        channel.position(end);
        channel.force(true);
        ReplacedFile.syncDirectory(file);
        return new SealedLines(channel, cutBytes);
    }

    /** Tells the sound lines at the beginning, one line in memory at a time; answers where they end. */
    private static long read(InputStream in, Found found) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long end = 0;
        int length = in.read(chunk);
        while (length > 0 && line.size() <= LINE_BYTES_MAX) {
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (chunk[i] == '\n') {
                    line.write(chunk, start, i - start);
                    start = i + 1;
                    if (!isTaken(line.toString(StandardCharsets.UTF_8), found)) {
                        return end;
                    }
                    end += line.size() + 1;
                    line.reset();
                }
            }
            line.write(chunk, start, length - start);
            length = in.read(chunk);
        }
        return end;
    }

    private static boolean isTaken(String line, Found found) throws IOException {
        if (line.length() < SEAL_CHARS || !sealed(line.substring(SEAL_CHARS)).equals(line)) {
            return false;
        }
        found.line(line.substring(SEAL_CHARS));
        return true;
    }

    private static String sealed(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x ", crc.getValue()) + text;
    }

    /** How much was cut off at the opening. */
    public long cutBytes() {
        return cutBytes;
    }

    /** Appends lines without a line feed in them; durable on return. */
    public void append(List<String> texts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            bytes.writeBytes((sealed(text) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        ReplacedFile.writeFully(channel, bytes.toString(StandardCharsets.UTF_8));
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package dev.recado.apps.messaging.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

    private final FileChannel channel;
    private final List<String> found;
    private final long cutBytes;

    private SealedLines(FileChannel channel, List<String> found, long cutBytes) {
        this.channel = channel;
        this.found = found;
        this.cutBytes = cutBytes;
    }

    /** Opens or makes the file; what is cut off is cut durably. */
    public static SealedLines open(Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        List<String> found = new ArrayList<>();
        int end = read(bytes, found);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (end < bytes.length) {
            channel.truncate(end);
        }
        channel.position(end);
        channel.force(true);
        ReplacedFile.syncDirectory(file);
        return new SealedLines(channel, found, bytes.length - end);
    }

    /** Adds the texts of the sound lines at the beginning to {@code found}; answers where they end. */
    private static int read(byte[] bytes, List<String> found) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            String line = new String(bytes, start, i - start, StandardCharsets.UTF_8);
            if (line.length() < SEAL_CHARS
                    || !sealed(line.substring(SEAL_CHARS)).equals(line)) {
                break;
            }
            found.add(line.substring(SEAL_CHARS));
            start = i + 1;
        }
        return start;
    }

    private static String sealed(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x ", crc.getValue()) + text;
    }

    /** What was there at the opening. */
    public List<String> found() {
        return found;
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

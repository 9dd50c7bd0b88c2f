package dev.recado.apps.coffee.state;

import dev.recado.base.Check;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.zip.CRC32C;

/**
 * A pair of files: {@code NAME.data}, to which chunks are appended, and {@code NAME.commit}, which tells how many of
 * its bytes count and is replaced as a whole. A chunk counts once {@link #commit} has returned, over a crash of the
 * process and of the machine; what was appended behind the last commit is cut off by the next {@link #open}.
 *
 * <pre>
 *  NAME.data, chunk after chunk             NAME.commit, 24 bytes, big-endian
 *  0        4         8                      0         4         12        20        24
 * +--------+---------+-----------           +---------+---------+---------+---------+
 * | length | CRC-32C | bytes                | "RCC",1 | bytes   | chunks  | CRC-32C |
 * | 4      | of them |                      |         | that    | that    | of the  |
 * +--------+---------+-----------           |         | count   | count   | rest    |
 *                                           +---------+---------+---------+---------+
 * </pre>
 *
 * <p>Not thread-safe: one owner.
 */
public final class ChunkLog implements AutoCloseable {

    /** What takes the chunks of a log that is opened, in their order. */
    public interface Reader {
        void onChunk(byte[] chunk) throws IOException;
    }

    /**
     * A part of a log that stays as it is.
     *
     * @param data the file
     * @param bytes how much of it
     */
    record Committed(Path data, long bytes) {}

    static final int CHUNK_BYTES_MAX = 16 << 20;

    private static final int MAGIC = 'R' << 24 | 'C' << 16 | 'C' << 8 | 1;
    static final int CHUNK_HEADER_BYTES = 8;
    private static final int COMMIT_BYTES = 24;

    private final Path data;
    private final Path commit;
    private final FileChannel channel;
    private final ByteBuffer header = ByteBuffer.allocate(CHUNK_HEADER_BYTES);
    /** Bytes and chunks that count once they are committed. */
    private long bytes;

    private long chunks;
    private long committedBytes;

    private ChunkLog(Path data, Path commit, FileChannel channel) {
        this.data = data;
        this.commit = commit;
        this.channel = channel;
    }

    /** Whether there is a log of that name, or what a crash left of one. */
    public static boolean exists(Path directory, String name) {
        return Files.exists(dataFile(directory, name)) || Files.exists(commitFile(directory, name));
    }

    /**
     * Opens the log {@code name} in {@code directory}, or makes it, and hands its committed chunks to {@code reader}.
     *
     * @throws DamagedStateException where the files contradict each other
     */
    public static ChunkLog open(Path directory, String name, Reader reader) throws IOException {
        Path data = dataFile(directory, name);
        Path commit = commitFile(directory, name);
        FileChannel channel =
                FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ChunkLog log = new ChunkLog(data, commit, channel);
        try {
            log.recover(reader);
            return log;
        } catch (Throwable failure) {
            channel.close();
            throw failure;
        }
    }

    private static Path dataFile(Path directory, String name) {
        return directory.resolve(name + ".data");
    }

    private static Path commitFile(Path directory, String name) {
        return directory.resolve(name + ".commit");
    }

    private Path partial() {
        return WholeFiles.partial(commit);
    }

    private void recover(Reader reader) throws IOException {
        Files.deleteIfExists(partial());
        long committedChunks = Files.exists(commit) ? readCommit(Files.readAllBytes(commit)) : 0;
        if (channel.size() < committedBytes) {
            throw new DamagedStateException(
                    data, "has " + channel.size() + " bytes, of which " + committedBytes + " were committed");
        }
        channel.truncate(committedBytes);
        chunks = new ChunkFile(data, channel, committedBytes).read((at, chunk) -> reader.onChunk(chunk));
        bytes = committedBytes;
        if (chunks != committedChunks) {
            throw new DamagedStateException(data, "has " + chunks + " chunks, not " + committedChunks);
        }
    }

    private long readCommit(byte[] record) throws DamagedStateException {
        ByteBuffer in = ByteBuffer.wrap(record);
        boolean sound = record.length == COMMIT_BYTES
                && in.getInt(0) == MAGIC
                && in.getInt(COMMIT_BYTES - 4) == crc(record, COMMIT_BYTES - 4)
                && in.getLong(4) >= 0;
        if (!sound) {
            throw new DamagedStateException(commit, "not a commit record of " + COMMIT_BYTES + " bytes");
        }
        committedBytes = in.getLong(4);
        return in.getLong(12);
    }

    /** Hands the committed chunks out again. */
    public void read(Reader reader) throws IOException {
        new ChunkFile(data, channel, committedBytes).read((at, chunk) -> reader.onChunk(chunk));
    }

    /** The chunks that are committed now, for any thread, whatever becomes of this log. */
    Committed committed() {
        return new Committed(data, committedBytes);
    }

    /** All chunks so far, also those that do not count yet. A failure of it is an UncheckedIOException. */
    Iterator<byte[]> appended() {
        return new ChunkFile(data, channel, bytes).chunks();
    }

    /** Adds a chunk, which counts after the next {@link #commit} only. */
    public void append(byte[] chunk) throws IOException {
        Check.that(chunk.length <= CHUNK_BYTES_MAX, "chunk too long", chunk.length);
        header.clear();
        header.putInt(0, chunk.length).putInt(4, crc(chunk, chunk.length));
        ByteBuffer[] parts = {header, ByteBuffer.wrap(chunk)};
        WholeFiles.naming(data, () -> {
            channel.position(bytes);
            while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
                channel.write(parts);
            }
        });
        bytes += CHUNK_HEADER_BYTES + chunk.length;
        chunks++;
    }

    /** Whether something was appended behind the last commit. */
    public boolean isDirty() {
        return bytes != committedBytes;
    }

    /** Makes all that was appended count; durable on return. Costs two syncs of files and one of the directory. */
    public void commit() throws IOException {
        if (!isDirty()) {
            return;
        }
        WholeFiles.naming(data, () -> channel.force(false));
        WholeFiles.replace(commit, out -> out.write(commitRecord(bytes, chunks)));
        committedBytes = bytes;
    }

    private static byte[] commitRecord(long bytes, long chunks) {
        byte[] record = new byte[COMMIT_BYTES];
        ByteBuffer out = ByteBuffer.wrap(record);
        out.putInt(MAGIC).putLong(bytes).putLong(chunks).putInt(crc(record, COMMIT_BYTES - 4));
        return record;
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** Closes and removes it; a crash meanwhile leaves what {@link #open} takes for an empty log, or for this one. */
    public void remove() throws IOException {
        channel.close();
        Files.deleteIfExists(partial());
        Files.deleteIfExists(commit);
        Files.deleteIfExists(data);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

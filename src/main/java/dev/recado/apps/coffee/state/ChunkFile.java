package dev.recado.apps.coffee.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The chunks in the first {@code end} bytes of the data file of a {@link ChunkLog}, which are there to stay. It moves
 * no position of the channel, so that somebody else may append behind them. Not thread-safe: one owner.
 */
final class ChunkFile {

    /** What takes the chunks with where they begin. */
    interface Reader {
        void onChunk(long at, byte[] chunk) throws IOException;
    }

    private final Path data;
    private final FileChannel channel;
    private final long end;
    private final ByteBuffer header = ByteBuffer.allocate(ChunkLog.CHUNK_HEADER_BYTES);

    ChunkFile(Path data, FileChannel channel, long end) {
        this.data = data;
        this.channel = channel;
        this.end = end;
    }

    /** Hands out all of them and answers how many they are. */
    long read(Reader reader) throws IOException {
        long chunks = 0;
        long at = 0;
        while (at < end) {
            byte[] chunk = read(at);
            reader.onChunk(at, chunk);
            at += ChunkLog.CHUNK_HEADER_BYTES + chunk.length;
            chunks++;
        }
        return chunks;
    }

    /** The same one after the other, as they are asked for; what fails is an UncheckedIOException. */
    Iterator<byte[]> chunks() {
        return new Iterator<>() {
            private long at;

            @Override
            public boolean hasNext() {
                return at < end;
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                try {
                    byte[] chunk = read(at);
                    at += ChunkLog.CHUNK_HEADER_BYTES + chunk.length;
                    return chunk;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** The one that begins there. */
    byte[] read(long at) throws IOException {
        header.clear();
        fill(header, at, at);
        int length = header.getInt(0);
        if (length < 0 || length > ChunkLog.CHUNK_BYTES_MAX || at + ChunkLog.CHUNK_HEADER_BYTES + length > end) {
            throw new DamagedStateException(data, "the chunk at byte " + at + " has a length of " + length);
        }
        byte[] chunk = new byte[length];
        fill(ByteBuffer.wrap(chunk), at + ChunkLog.CHUNK_HEADER_BYTES, at);
        if (header.getInt(4) != ChunkLog.crc(chunk, length)) {
            throw new DamagedStateException(data, "the chunk at byte " + at + " has another checksum");
        }
        return chunk;
    }

    private void fill(ByteBuffer into, long from, long chunkAt) throws IOException {
        long at = from;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new DamagedStateException(data, "ends within the chunk at byte " + chunkAt);
            }
            at += read;
        }
    }
}

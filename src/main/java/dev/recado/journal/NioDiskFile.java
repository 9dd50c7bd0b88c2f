package dev.recado.journal;

import dev.recado.journal.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** One file of {@link NioDisk}. */
final class NioDiskFile implements DiskFile {

    /** The JDK copies heap buffers through a direct buffer per thread that it keeps: slices bound its size. */
    private static final int HEAP_SLICE_BYTES = 256 * 1024;

    private final NioDisk disk;
    private final FileChannel channel;
    private final String path;

    NioDiskFile(NioDisk disk, FileChannel channel, String path) {
        this.disk = disk;
        this.channel = channel;
        this.path = path;
    }

    @Override
    public long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "size failed path=" + path, e);
        }
    }

    @Override
    public void write(ByteBuffer[] buffers, long position) {
        try {
            if (allDirect(buffers)) {
                writeGathering(buffers, position);
                return;
            }
            long at = position;
            for (ByteBuffer buffer : buffers) {
                at += writeSlices(buffer, at);
            }
        } catch (IOException e) {
            throw disk.failure("write", path, e);
        }
    }

    private static boolean allDirect(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (!buffer.isDirect()) {
                return false;
            }
        }
        return true;
    }

    private void writeGathering(ByteBuffer[] buffers, long position) throws IOException {
        channel.position(position);
        int at = 0;
        while (at < buffers.length) {
            if (buffers[at].hasRemaining()) {
                channel.write(buffers, at, buffers.length - at);
            } else {
                at++;
            }
        }
    }

    private long writeSlices(ByteBuffer buffer, long position) throws IOException {
        long at = position;
        int end = buffer.limit();
        while (buffer.position() < end) {
            buffer.limit(Math.min(end, buffer.position() + HEAP_SLICE_BYTES));
            at += channel.write(buffer, at);
        }
        return at - position;
    }

    @Override
    public int read(ByteBuffer into, long position) {
        int start = into.position();
        int end = into.limit();
        try {
            while (into.position() < end) {
                into.limit(Math.min(end, into.position() + HEAP_SLICE_BYTES));
                if (channel.read(into, position + into.position() - start) < 0) {
                    break;
                }
            }
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "read failed path=" + path, e);
        }
        into.limit(end);
        return into.position() - start;
    }

    @Override
    public void sync() {
        try {
            channel.force(false);
        } catch (IOException e) {
            // Also where the reason is a full disk: the kernel may have dropped the pages, so this is never retried.
            throw new StorageException(Kind.FAILED, "sync failed path=" + path, e);
        }
    }

    @Override
    public void truncate(long size) {
        try {
            long now = channel.size();
            if (size < now) {
                channel.truncate(size);
            } else if (size > now) {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        } catch (IOException e) {
            throw disk.failure("truncate", path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException(Kind.FAILED, "close failed path=" + path, e);
        }
    }
}

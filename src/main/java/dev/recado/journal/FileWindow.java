package dev.recado.journal;

import java.nio.ByteBuffer;

/** Reads a file through a window that is loaded in large pieces, for readers that go forward. One owner. */
final class FileWindow {

    private final DiskFile file;
    private final byte[] bytes;
    private long start;
    private int length;

    FileWindow(DiskFile file, int windowBytes) {
        this.file = file;
        bytes = new byte[windowBytes];
    }

    byte[] array() {
        return bytes;
    }

    /**
     * Where in {@link #array()} the {@code count} bytes at {@code position} are, valid until the next call; -1 where
     * the file ends before.
     */
    int load(long position, int count) {
        if (position < start || position + count > start + length) {
            start = position;
            length = file.read(ByteBuffer.wrap(bytes), position);
        }
        return count <= length - (int) (position - start) ? (int) (position - start) : -1;
    }

    /** Copies {@code into.length} bytes at {@code position}; false where the file ends before. */
    boolean copy(long position, byte[] into) {
        int at = 0;
        if (position >= start && position < start + length) {
            at = (int) Math.min(into.length, start + length - position);
            System.arraycopy(bytes, (int) (position - start), into, 0, at);
        }
        if (at == into.length) {
            return true;
        }
        if (into.length - at < bytes.length / 2) {
            int from = load(position + at, into.length - at);
            if (from < 0) {
                return false;
            }
            System.arraycopy(bytes, from, into, at, into.length - at);
            return true;
        }
        return file.read(ByteBuffer.wrap(into, at, into.length - at), position + at) == into.length - at;
    }
}

package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes of any length in pages: growing copies no page, and a page that was only ever written zeros is none. */
final class SimBytes {

    private static final int PAGE_BYTES = 16 << 10;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    /** A page that is missing holds zeros. */
    private byte[][] pages = {};

    private int length;

    SimBytes copy() {
        SimBytes copy = new SimBytes();
        copy.length = length;
        copy.pages = new byte[pages.length][];
        for (int i = 0; i < pages.length; i++) {
            copy.pages[i] = pages[i] == null ? null : pages[i].clone();
        }
        return copy;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        byte[] bytes = new byte[length];
        read(ByteBuffer.wrap(bytes), 0);
        return bytes;
    }

    int hash() {
        int hash = length;
        for (byte[] page : pages) {
            hash = 31 * hash + Arrays.hashCode(page == null ? ZEROS : page);
        }
        return hash;
    }

    /** Writes a part of {@code bytes} at {@code at}; reaches {@code at + count} afterwards at least. */
    void put(int at, byte[] bytes, int from, int count) {
        if (at + count > length) {
            resize(at + count);
        }
        int done = 0;
        while (done < count) {
            int start = (at + done) % PAGE_BYTES;
            int part = Math.min(count - done, PAGE_BYTES - start);
            int index = (at + done) / PAGE_BYTES;
            if (pages[index] != null || !Arrays.equals(bytes, from + done, from + done + part, ZEROS, 0, part)) {
                System.arraycopy(bytes, from + done, page(index), start, part);
            }
            done += part;
        }
    }

    /** Reads as much as there is and as {@code into} takes, and says how much. */
    int read(ByteBuffer into, long position) {
        int count = (int) Math.max(0, Math.min(into.remaining(), length - position));
        int done = 0;
        while (done < count) {
            int at = (int) position + done;
            int start = at % PAGE_BYTES;
            int part = Math.min(count - done, PAGE_BYTES - start);
            byte[] page = pages[at / PAGE_BYTES];
            into.put(page == null ? ZEROS : page, start, part);
            done += part;
        }
        return count;
    }

    /** Cuts it, or adds zeros. */
    void resize(int size) {
        if (size < length && size % PAGE_BYTES != 0 && pages[size / PAGE_BYTES] != null) {
            Arrays.fill(pages[size / PAGE_BYTES], size % PAGE_BYTES, PAGE_BYTES, (byte) 0);
        }
        pages = Arrays.copyOf(pages, (size + PAGE_BYTES - 1) / PAGE_BYTES);
        length = size;
    }

    void flip(int at, int bit) {
        page(at / PAGE_BYTES)[at % PAGE_BYTES] ^= (byte) (1 << bit);
    }

    private byte[] page(int index) {
        if (pages[index] == null) {
            pages[index] = new byte[PAGE_BYTES];
        }
        return pages[index];
    }
}

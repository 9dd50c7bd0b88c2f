package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a file or directory of {@link SimDisk} contains: as the process sees it, and as the platter holds it, which
 * learns of changes by a sync or, at a power loss, sector by sector of some.
 */
final class SimContent {

    private static final int SECTOR_BYTES = 512;

    private byte[] live = {};
    private byte[] durable = {};
    private final List<Change> pending = new ArrayList<>();

    /** A write of {@code bytes} at {@code at}, or, without bytes, a change of the size to {@code at}. */
    private record Change(long at, byte @Nullable [] bytes) {}

    SimContent copy() {
        SimContent copy = new SimContent();
        copy.live = live.clone();
        copy.durable = durable.clone();
        copy.pending.addAll(pending);
        return copy;
    }

    int length() {
        return live.length;
    }

    byte[] bytes() {
        return live.clone();
    }

    int hash() {
        return Arrays.hashCode(live);
    }

    void write(long position, byte[] bytes) {
        if (bytes.length > 0) {
            live = put(live, (int) position, bytes, 0, bytes.length);
            pending.add(new Change(position, bytes));
        }
    }

    int read(ByteBuffer into, long position) {
        int length = (int) Math.max(0, Math.min(into.remaining(), live.length - position));
        if (length > 0) {
            into.put(live, (int) position, length);
        }
        return length;
    }

    void truncate(long size) {
        live = Arrays.copyOf(live, (int) size);
        pending.add(new Change(size, null));
    }

    /** Flips one bit, on the platter too. */
    void flip(long at, int bit) {
        live[(int) at] ^= (byte) (1 << bit);
        if (at < durable.length) {
            durable[(int) at] ^= (byte) (1 << bit);
        }
    }

    /** Cuts it behind the back of everybody, on the platter too. */
    void cut(int size) {
        live = Arrays.copyOf(live, size);
        durable = Arrays.copyOf(durable, Math.min(size, durable.length));
    }

    /** The platter learns of what changed, of each part with the chance {@code kept}. */
    void persist(Random random, double kept) {
        for (Change change : pending) {
            byte[] bytes = change.bytes();
            if (bytes == null) {
                durable = kept == 1 || random.nextDouble() < kept ? Arrays.copyOf(durable, (int) change.at()) : durable;
            } else if (kept == 1) {
                durable = put(durable, (int) change.at(), bytes, 0, bytes.length);
            } else if (kept > 0) {
                durable = persistSome(random, (int) change.at(), bytes, kept);
            }
        }
        pending.clear();
    }

    /** As {@link #persist}, and the process sees what the platter holds. */
    void settle(Random random, double kept) {
        persist(random, kept);
        live = durable.clone();
    }

    private byte[] persistSome(Random random, int from, byte[] bytes, double kept) {
        byte[] grown = Arrays.copyOf(durable, Math.max(durable.length, from + bytes.length));
        int length = durable.length;
        int done = 0;
        while (done < bytes.length) {
            int at = from + done;
            int part = Math.min(bytes.length - done, SECTOR_BYTES - at % SECTOR_BYTES);
            if (random.nextDouble() < kept) {
                int whole = random.nextInt(8) == 0 ? random.nextInt(part + 1) : part;
                System.arraycopy(bytes, done, grown, at, whole);
                length = Math.max(length, at + whole);
            }
            done += part;
        }
        return length == grown.length ? grown : Arrays.copyOf(grown, length);
    }

    private static byte[] put(byte[] into, int at, byte[] bytes, int from, int length) {
        byte[] out = at + length > into.length ? Arrays.copyOf(into, at + length) : into;
        System.arraycopy(bytes, from, out, at, length);
        return out;
    }
}

package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a file or directory of {@link SimDisk} contains: as the process sees it, and as the platter holds it, which
 * learns of changes by a sync or, at a power loss, sector by sector of some.
 */
final class SimContent {

    private static final int SECTOR_BYTES = 512;

    private SimBytes live = new SimBytes();
    private SimBytes durable = new SimBytes();
    private final List<Change> pending = new ArrayList<>();

    /** A write of {@code bytes} at {@code at}, or, without bytes, a change of the size to {@code at}. */
    private record Change(long at, byte @Nullable [] bytes) {}

    SimContent copy() {
        SimContent copy = new SimContent();
        copy.live = live.copy();
        copy.durable = durable.copy();
        copy.pending.addAll(pending);
        return copy;
    }

    int length() {
        return live.length();
    }

    byte[] bytes() {
        return live.bytes();
    }

    int hash() {
        return live.hash();
    }

    void write(long position, byte[] bytes) {
        if (bytes.length > 0) {
            live.put((int) position, bytes, 0, bytes.length);
            pending.add(new Change(position, bytes));
        }
    }

    int read(ByteBuffer into, long position) {
        return live.read(into, position);
    }

    void truncate(long size) {
        live.resize((int) size);
        pending.add(new Change(size, null));
    }

    /** Flips one bit, on the platter too. */
    void flip(long at, int bit) {
        live.flip((int) at, bit);
        if (at < durable.length()) {
            durable.flip((int) at, bit);
        }
    }

    /** Cuts it behind the back of everybody, on the platter too. */
    void cut(int size) {
        live.resize(size);
        durable.resize(Math.min(size, durable.length()));
    }

    /** The platter learns of what changed, of each part with the chance {@code kept}. */
    void persist(Random random, double kept) {
        for (Change change : pending) {
            byte[] bytes = change.bytes();
            if (bytes == null) {
                if (kept == 1 || random.nextDouble() < kept) {
                    durable.resize((int) change.at());
                }
            } else if (kept == 1) {
                durable.put((int) change.at(), bytes, 0, bytes.length);
            } else if (kept > 0) {
                persistSome(random, (int) change.at(), bytes, kept);
            }
        }
        pending.clear();
    }

    /** As {@link #persist}, and the process sees what the platter holds. */
    void settle(Random random, double kept) {
        persist(random, kept);
        live = durable.copy();
    }

    private void persistSome(Random random, int from, byte[] bytes, double kept) {
        int done = 0;
        while (done < bytes.length) {
            int at = from + done;
            int part = Math.min(bytes.length - done, SECTOR_BYTES - at % SECTOR_BYTES);
            if (random.nextDouble() < kept) {
                int whole = random.nextInt(8) == 0 ? random.nextInt(part + 1) : part;
                durable.put(at, bytes, done, whole);
            }
            done += part;
        }
    }
}

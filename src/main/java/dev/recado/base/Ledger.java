package dev.recado.base;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Who holds how many bytes of the heap for others, and how many each may. Shares are named once, at the start; what
 * they hold is asked now and then and may be some ticks old. Safe for any thread.
 */
public final class Ledger {

    private final List<Entry> shares = new CopyOnWriteArrayList<>();

    private record Entry(String name, LongSupplier held, long bytesMax) {}

    /** What one share holds, and may hold. */
    public record Share(String name, long bytes, long bytesMax) {}

    /** Names a share; {@code held} is called by any thread. */
    public void add(String name, long bytesMax, LongSupplier held) {
        shares.add(new Entry(name, held, bytesMax));
    }

    /** All shares in the order of their naming. */
    public List<Share> shares() {
        List<Share> all = new ArrayList<>(shares.size());
        for (Entry entry : shares) {
            all.add(new Share(entry.name(), entry.held().getAsLong(), entry.bytesMax()));
        }
        return all;
    }

    /** What all shares hold. */
    public long bytes() {
        long sum = 0;
        for (Entry entry : shares) {
            sum += entry.held().getAsLong();
        }
        return sum;
    }
}

package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Large runs that were read from segments and that somebody still holds: who reads one meanwhile gets the same array
 * instead of another of 16 MiB. Holds none of them itself; places whose run is gone are swept while others are added.
 * Safe for any thread.
 */
public final class LargeRuns {

    /** A run that is longer holds one message. */
    private static final int LARGE_BYTES = 1024 * 1024;
    /** With so many places, those whose run is gone are swept. */
    private static final int SWEEP_PLACES = 64;

    private final Map<Place, WeakReference<StoredRun>> held = new ConcurrentHashMap<>();

    private record Place(int partition, long offset) {}

    /** The run that begins with {@code offset}, or null where nobody holds it. */
    @Nullable
    public StoredRun find(int partition, long offset) {
        WeakReference<StoredRun> reference = held.get(new Place(partition, offset));
        return reference == null ? null : reference.get();
    }

    /** Notes what was read. */
    public void add(List<StoredRun> runs) {
        for (StoredRun run : runs) {
            if (run.length() > LARGE_BYTES && run.count() == 1) {
                if (held.size() >= SWEEP_PLACES) {
                    held.values().removeIf(reference -> reference.get() == null);
                }
                held.put(new Place(run.partition(), run.baseOffset()), new WeakReference<>(run));
            }
        }
    }
}

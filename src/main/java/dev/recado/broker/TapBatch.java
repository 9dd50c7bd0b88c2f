package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one partition committed in a turn, by reference, for all taps of one event loop. A codec keeps its encoded form
 * here, so that ten taps with the same encoding cost one.
 */
public final class TapBatch {

    private final int partitionIndex;
    private final List<StoredRun> runs;
    private final long bytes;
    private final Map<Object, Object> encoded = new HashMap<>(2);
    private boolean shared;

    public TapBatch(int partitionIndex, List<StoredRun> runs) {
        this.partitionIndex = partitionIndex;
        this.runs = List.copyOf(runs);
        long sum = 0;
        for (StoredRun run : runs) {
            sum += run.length();
        }
        bytes = sum;
    }

    public int partitionIndex() {
        return partitionIndex;
    }

    public List<StoredRun> runs() {
        return runs;
    }

    /** Stored bytes; {@link Subscription#written} counts in these. */
    public long bytes() {
        return bytes;
    }

    /** Whether several taps of the loop get it, so that keeping its encoded form pays. */
    public boolean isShared() {
        return shared;
    }

    void shared(boolean several) {
        shared = several;
    }

    /** Without what lies below {@code offset}; this one where nothing does, null where everything does. */
    @Nullable
    TapBatch from(long offset) {
        if (runs.get(0).baseOffset() >= offset) {
            return this;
        }
        List<StoredRun> later =
                runs.stream().filter(run -> run.baseOffset() >= offset).toList();
        return later.isEmpty() ? null : new TapBatch(partitionIndex, later);
    }

    /** The encoding under {@code key} (codec and whatever else it depends on), made once by {@code encoder}. */
    @SuppressWarnings("unchecked")
    public <T> T encoded(Object key, Function<TapBatch, T> encoder) {
        return (T) encoded.computeIfAbsent(key, unused -> encoder.apply(this));
    }
}

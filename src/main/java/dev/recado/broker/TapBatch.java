package dev.recado.broker;

import dev.recado.base.Check;
import dev.recado.core.message.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one partition committed in a turn, by reference, for all taps of one event loop. A codec keeps its encoded form
 * here, so that ten taps with the same encoding cost one; but a tap that lags keeps the batch, so what is kept here is
 * in proportion to it.
 */
public final class TapBatch {

    /** Encodings are kept until they take so many times what the batch does. */
    private static final int ENCODED_TIMES_MAX = 2;

    private final int partitionIndex;
    private final List<StoredRun> runs;
    private final long bytes;
    private final Map<Object, Object> encoded = new HashMap<>(2);
    private long encodedBytes;
    private boolean shared;
    private int keepers;
    /** Where it counts, while somebody keeps it. */
    private @Nullable Keeper share;

    /** Where batches that taps keep count. */
    interface Keeper {
        /** A kept batch takes {@code bytes} more. */
        void encoded(long bytes);
    }

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

    /** Whether a run of it is longer than {@code bytes}: then its encoding is too much to be kept. */
    public boolean hasRunLongerThan(int bytes) {
        for (StoredRun run : runs) {
            if (run.length() > bytes) {
                return true;
            }
        }
        return false;
    }

    /** Whether several taps of the loop get it, so that keeping its encoded form pays. */
    public boolean isShared() {
        return shared;
    }

    void shared(boolean several) {
        shared = several;
    }

    /** One more tap keeps it; answers whether that is the first. */
    boolean keep(Keeper itsShare) {
        share = itsShare;
        return keepers++ == 0;
    }

    /** Answers whether nobody keeps it any longer. */
    boolean letGo() {
        Check.that(keepers > 0, "a batch that nobody keeps");
        if (--keepers > 0) {
            return false;
        }
        share = null;
        return true;
    }

    boolean isKept() {
        return keepers > 0;
    }

    /** Of what {@link #encoded} has made. */
    long encodedBytes() {
        return encodedBytes;
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

    /**
     * The encoding under {@code key} (codec and whatever else it depends on), made once by {@code encoder}; null where
     * those under other keys take twice the batch already. For one key it answers the one or the other always.
     */
    @SuppressWarnings("unchecked")
    public <T> @Nullable T encoded(Object key, Function<TapBatch, T> encoder, ToLongFunction<T> heapBytes) {
        Object known = encoded.get(key);
        if (known != null) {
            return (T) known;
        }
        if (encodedBytes >= ENCODED_TIMES_MAX * bytes) {
            return null;
        }
        T made = encoder.apply(this);
        long more = heapBytes.applyAsLong(made);
        encodedBytes += more;
        if (share != null) {
            share.encoded(more);
        }
        encoded.put(key, made);
        return made;
    }
}

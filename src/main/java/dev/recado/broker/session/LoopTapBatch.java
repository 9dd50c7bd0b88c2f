package dev.recado.broker.session;

import dev.recado.base.Check;
import dev.recado.broker.TapBatch;
import dev.recado.core.message.StoredRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A {@link TapBatch} that knows how many taps keep it. Owned by the loop. */
final class LoopTapBatch implements TapBatch {

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

    LoopTapBatch(int partitionIndex, List<StoredRun> runs) {
        this.partitionIndex = partitionIndex;
        this.runs = List.copyOf(runs);
        long sum = 0;
        for (StoredRun run : runs) {
            sum += run.length();
        }
        bytes = sum;
    }

    @Override
    public int partitionIndex() {
        return partitionIndex;
    }

    @Override
    public List<StoredRun> runs() {
        return runs;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean hasRunLongerThan(int bytes) {
        for (StoredRun run : runs) {
            if (run.length() > bytes) {
                return true;
            }
        }
        return false;
    }

    @Override
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
    LoopTapBatch from(long offset) {
        if (runs.get(0).baseOffset() >= offset) {
            return this;
        }
        List<StoredRun> later =
                runs.stream().filter(run -> run.baseOffset() >= offset).toList();
        return later.isEmpty() ? null : new LoopTapBatch(partitionIndex, later);
    }

    @Override
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

package dev.recado.broker;

import dev.recado.core.message.StoredRun;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one partition committed in a turn, by reference, for all taps of one event loop. A codec keeps its encoded form
 * here, so that ten taps with the same encoding cost one; but a tap that lags keeps the batch, so what is kept here is
 * in proportion to it.
 */
public interface TapBatch {

    int partitionIndex();

    List<StoredRun> runs();

    /** Stored bytes; {@link SubscriptionLink#written} counts in these. */
    long bytes();

    /** Whether a run of it is longer than {@code bytes}: then its encoding is too much to be kept. */
    boolean hasRunLongerThan(int bytes);

    /** Whether several taps of the loop get it, so that keeping its encoded form pays. */
    boolean isShared();

    /**
     * The encoding under {@code key} (codec and whatever else it depends on), made once by {@code encoder}; null where
     * those under other keys take twice the batch already. For one key it answers the one or the other always.
     */
    <T> @Nullable T encoded(Object key, Function<TapBatch, T> encoder, ToLongFunction<T> heapBytes);
}

package dev.recado.broker.session;

import dev.recado.broker.TapBatch;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.StoredRun;
import java.util.List;

/** Lets fakes outside this room fill a {@link DeliveryBatch}. */
public final class Batches {

    private Batches() {}

    public static DeliveryBatch batch(int partitionIndex) {
        return new DeliveryBatch(partitionIndex, 4);
    }

    public static void add(DeliveryBatch batch, StoredRun run, int attempt) {
        batch.add(run, run.messagesStart(), run.length(), run.baseOffset(), attempt);
    }

    /** A batch for taps, of which {@code shared} tells that there are several. */
    public static TapBatch tap(int partitionIndex, List<StoredRun> runs, boolean shared) {
        LoopTapBatch batch = new LoopTapBatch(partitionIndex, runs);
        batch.shared(shared);
        return batch;
    }
}

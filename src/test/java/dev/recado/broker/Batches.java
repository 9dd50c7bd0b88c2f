package dev.recado.broker;

import dev.recado.core.message.StoredRun;

/** Lets fakes outside this room fill a {@link DeliveryBatch}. */
public final class Batches {

    private Batches() {}

    public static DeliveryBatch batch(int partitionIndex) {
        return new DeliveryBatch(partitionIndex, 4);
    }

    public static void add(DeliveryBatch batch, StoredRun run, int attempt) {
        batch.add(run, run.messagesStart(), run.length(), run.baseOffset(), attempt);
    }
}

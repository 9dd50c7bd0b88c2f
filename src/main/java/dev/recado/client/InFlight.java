package dev.recado.client;

import dev.recado.base.ByteWriter;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A publish that is not confirmed yet, as its bytes go over the wire, and who waits for it. Guarded by the session's
 * lock.
 */
final class InFlight {

    final ByteWriter command;
    /** Who waits for an id; null where the publish goes through an exchange. */
    final @Nullable CompletableFuture<MessageId> stored;
    /** Who waits for a number of topics; null where the publish goes to a topic. */
    final @Nullable CompletableFuture<Integer> routed;

    private int partition;
    private long offset;
    private int topics;
    private @Nullable RecadoException failure;

    InFlight(
            ByteWriter command,
            @Nullable CompletableFuture<MessageId> stored,
            @Nullable CompletableFuture<Integer> routed) {
        this.command = command;
        this.stored = stored;
        this.routed = routed;
    }

    /** Notes the answer while the lock is held; {@link #finish} tells it afterwards. */
    void stored(int inPartition, long atOffset) {
        partition = inPartition;
        offset = atOffset;
    }

    void routed(int inTopics) {
        topics = inTopics;
    }

    void refused(RecadoException why) {
        failure = why;
    }

    /** Completes whoever waits; called without the lock, because their continuations run here. */
    void finish() {
        if (stored != null) {
            if (failure == null) {
                stored.complete(new MessageId(partition, offset));
            } else {
                stored.completeExceptionally(failure);
            }
        }
        if (routed != null) {
            if (failure == null) {
                routed.complete(topics);
            } else {
                routed.completeExceptionally(failure);
            }
        }
    }
}

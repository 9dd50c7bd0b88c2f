package dev.recado.shard;

import dev.recado.core.message.StoredRun;

/**
 * Copies of messages for the queues of pattern subscriptions, made once for all of them: each queue sees them as a run
 * of its own. Immutable, crosses loops.
 *
 * @param bytes whole messages, see {@link dev.recado.core.message.MessageLayout}
 * @param count how many, at least 1
 */
public record PatternBlock(byte[] bytes, int length, int count, long publishTimeMs, long lamport) {

    /** {@code logTimeMs} is the time of the queue's shard. */
    StoredRun asRun(int partition, long baseOffset, long logTimeMs) {
        return new StoredRun(
                bytes, 0, 0, length, partition, baseOffset, count, publishTimeMs, logTimeMs, lamport, null, 0, 1);
    }
}

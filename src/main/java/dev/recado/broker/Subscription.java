package dev.recado.broker;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * One session's place in a group, or its tap. Owned by the session's event loop. Partitions are named by their index.
 */
public interface Subscription {

    /** Name of the topic, decoded. */
    String topic();

    /** Name of the group that it joined; empty for a tap. */
    String group();

    /** The classic consumer's id, given or picked by the broker; empty for other kinds. */
    String consumerId();

    int partitionCount();

    /**
     * Finishes what this subscription holds from {@code firstOffset} to {@code lastOffset}; the rest is ignored and
     * counted.
     */
    void ack(int partitionIndex, long firstOffset, long lastOffset);

    /** As {@link #ack} for one message, answered by {@link SessionPort#onAcked} once the progress is committed. */
    void ackDurably(int partitionIndex, long offset);

    /** Gives a message back; {@code delayMs} -1 leaves the delay to the group's back-off. */
    void nack(int partitionIndex, long offset, long delayMs);

    /** Dead-letters a message at once. */
    void reject(int partitionIndex, long offset, String reason);

    /** Sets a lease to end {@code ms} from now (at most 12 h); answers false where the lease is not held. */
    Future<Boolean> extend(int partitionIndex, long offset, long ms);

    /** Adds to the number of messages that may be held unacknowledged. */
    void addCredit(int messages);

    /** The socket took {@code bytes} of that partition's deliveries: more may come (at most 1 MiB is in between). */
    void written(int partitionIndex, long bytes);

    /** Asks for one message (classic GET), answered by {@link SessionPort#onPulled} with that ticket. */
    void pull(long ticket);

    /** Leaves; what is held returns to the group. */
    Future<Void> close();

    /** Whatever the session wants to keep with it. */
    @Nullable
    Object attachment();

    void attach(Object attachment);
}

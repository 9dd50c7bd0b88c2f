package dev.recado.broker;

import dev.recado.base.Refusal;
import dev.recado.core.routing.PrefixSet;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A session's way to what it has subscribed to: its place in a group, or its tap. Owned by the session's event loop.
 * Partitions are named by their index.
 */
public interface SubscriptionLink {

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

    /**
     * As {@link #ack}, at once though the session has a {@linkplain Link#begin transaction} open: for who acknowledges
     * by itself what its socket took.
     */
    default void ackAtOnce(int partitionIndex, long firstOffset, long lastOffset) {
        ack(partitionIndex, firstOffset, lastOffset);
    }

    /**
     * As {@link #ack} for one message, answered by {@link SessionPort#onAcked} once the progress is committed; at once
     * where none is kept: on memory topics, patterns and taps.
     */
    void ackDurably(int partitionIndex, long offset);

    /** Gives a message back; {@code delayMs} -1 leaves the delay to the group's back-off. */
    void nack(int partitionIndex, long offset, long delayMs);

    /** As {@link #nack}, at once though the session has a {@linkplain Link#begin transaction} open. */
    default void nackAtOnce(int partitionIndex, long offset, long delayMs) {
        nack(partitionIndex, offset, delayMs);
    }

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

    /**
     * A filtered tap wants from now on what begins with {@code prefix} too (the empty one: everything). What is looked
     * at is a message's key, or, of a message without a key, its payload (the first part, where it has parts). A tap
     * that wants nothing gets no batches; one that wants something gets whole ones, and the session leaves out what
     * {@link #wanted} does not match; {@link #written} counts the whole batch all the same. Does nothing to other
     * subscriptions.
     *
     * @return null where it is wanted now (or was), LIMIT_REACHED where the topic has as many wishes as it may
     */
    @Nullable
    Refusal want(byte[] prefix);

    /** Takes {@link #want} back; answers whether the tap wanted just that prefix. */
    boolean unwant(byte[] prefix);

    /** What a filtered tap wants, to be read only; empty for other subscriptions. */
    PrefixSet wanted();

    /**
     * Is handed nothing more and keeps what it holds: that may be settled and extended as before, its leases end as
     * before, and {@link #close} returns what is left. It is a member no more where these are bounded or one is chosen;
     * a single active member's role passes on at once, a key once nothing of it is held. What the owners of the
     * partitions handed out before they heard of this still arrives, all of it before the future completes, and nothing
     * behind that. A pull, waiting or new, finds nothing; credit changes nothing. A tap ends at once; a pattern's queue
     * goes on filling, within its bound, until it is closed. Asking again answers the same.
     *
     * <p>A topic that ends with it has ended when the future completes, with the dead letters that it had left where
     * they belong; not where one of these is refused, which may go on for long: then it ends once they are gone.
     */
    Future<Void> cease();

    /** Leaves; what is held returns to the group. */
    Future<Void> close();

    /** Whatever the session wants to keep with it. */
    @Nullable
    Object attachment();

    void attach(Object attachment);
}

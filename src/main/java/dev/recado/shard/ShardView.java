package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Topic;
import org.jspecify.annotations.Nullable;

/** What a shard sees of its node: what it may ask at any time and nobody answers later. */
public interface ShardView {

    /** Why publishes are refused, and all that waits is, once the broker stops. */
    Refusal STOPPING = Refusal.of(ErrorCode.STOPPING, "connect again later");

    ShardSettings settings();

    TimeSource time();

    /** As committed last. */
    Catalog catalog();

    /** The broker stops: publishes are refused. */
    boolean stopping();

    /** It is about to, and sessions end because of that. */
    boolean draining();

    boolean diskLow();

    /** Whether the disk has room for what memory topics have not. */
    boolean spills();

    /** Why nothing may be stored now, or null. */
    @Nullable
    Refusal shortage(Durability durability);

    /** Logical time, which the next stamp is above. */
    long lamport();

    long nextLamport();

    /** Logical time never runs behind what was seen. */
    void onLamportSeen(long stamp);

    /** Whether some pattern subscription wants what is published to {@code topic}. */
    boolean isMatched(Topic topic);

    /** Bytes handed to the segments' writer and not yet written. */
    long behindBytes();

    SegmentView stored();

    /** Of what dead letters have under way to their topics. */
    FifoShare deadLetterShare();

    /** Of what groups keep track of. */
    HeldShare heldShare();
}

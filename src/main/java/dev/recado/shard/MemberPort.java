package dev.recado.shard;

import dev.recado.base.Refusal;
import dev.recado.core.message.DeliveryBatch;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's owner tells the session of one of its members, answers to its commands among that. Any loop: the
 * session carries each over to its own.
 */
public interface MemberPort {

    /** Whose it is. Any loop. */
    MemberHolder holder();

    /** To {@link Join}. */
    void onJoined(int partitionIndex, MemberId member);

    /** To {@link Join}, where that cannot be. */
    void onNotJoined(Refusal why);

    void deliver(DeliveryBatch batch);

    /** So many messages wait for a member that pulls. */
    void available(long count);

    /** A lease ended on that partition, after it had last heard of the member. */
    void onSilent(int partitionIndex);

    /** A partition heard of a member that it had called silent. */
    void onHeard();

    /** The partition wants to hand the member a message alone; {@link MemberCommand.Grant} answers. */
    void wantAlone(int partitionIndex, long question);

    /** It has done with it, or wants it no more. */
    void endAlone(int partitionIndex);

    /** The partition has messages and the member no credit there. */
    void onHungry(int partitionIndex);

    /** The subscription is over: its topic or group is gone, or the member is in others' way. */
    void end(String reason);

    /** To {@link MemberCommand.AcknowledgeDurably}. */
    void onAcked(int partitionIndex, long offset);

    /** To {@link MemberCommand.Extend}: whether the member held the message. */
    void onExtended(long ticket, boolean held);

    /** To {@link MemberCommand.Lend}: the partition {@code borrower} may have so much credit more. */
    void onLent(int borrower, int messages);

    /** To {@link MemberCommand.Reserve}: the member holds nothing on one more of the other partitions. */
    void onEmpty(int asker, long question);

    /** To {@link MemberCommand.Pull}: a message, or null where none is ready. */
    void onPulled(long ticket, @Nullable DeliveryBatch batch);

    /** To {@link MemberCommand.Cease}: nothing more comes from that partition. */
    void onCeased();

    /** To {@link MemberCommand.Leave}. */
    void onLeft();
}

package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.MessageView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Hands out the messages of one group on one partition: finds them, in memory or in segments, and gathers them into one
 * delivery list per member and turn. Owned by the partition's loop.
 */
final class HandOut {

    /** Bytes that one group hands out in one turn before others, publishers among them, get theirs. */
    private static final long TURN_BYTES_MAX = 256 * 1024;
    /** What a step costs that hands nothing out: every step ends the turn in the end. */
    private static final long STEP_BYTES = 64;

    private static final long NOT_ASKED = Long.MIN_VALUE;

    private final GroupOwner owner;
    private final PartitionContext partition;
    private final PartitionGroup group;
    private final GroupNeeds needs;
    private final Finder finder;
    private final Runnable onRoom;
    private final long handedMax;
    private final MessageView view;
    private final ColdPace pace;
    /** Bytes of cold messages that may go in this turn, or that this was not asked yet. */
    private long coldLeft;
    /** Its turn among those with cold messages has come, and then there was no room for a large one. */
    private boolean hadTurn;

    /** Of what a member is handed and its socket has not taken, as of the last message that was found to hand out. */
    private long handedMaxNow;

    /** Everything below was there when a turn looked whether somebody may have it. */
    private long seenTo;

    private final List<Member> touched = new ArrayList<>();

    /** {@code onRoom} runs once there is room for a large message, or it is the group's turn to hand out cold ones. */
    HandOut(GroupOwner owner, Finder finder, Runnable onRoom) {
        this.owner = owner;
        this.partition = owner.partition();
        this.group = owner.group();
        this.needs = owner.needs();
        this.finder = finder;
        this.view = partition.shard().messageView();
        this.onRoom = onRoom;
        this.handedMax = partition.view().settings().handedBytesMax();
        this.handedMaxNow = handedMax;
        this.pace = partition.shard().loop().coldPace();
        passOver();
    }

    /** What is there was there before anybody could have had it. */
    void passOver() {
        seenTo = partition.end();
    }

    /** Leases what may go, within the bytes of one turn; answers whether these are used up. */
    boolean turn(long nowMs) {
        boolean keyed = owner.def().settings().strategy() == Strategy.KEY_ORDERED;
        long budget = TURN_BYTES_MAX;
        coldLeft = NOT_ASKED;
        while (budget > 0) {
            long offset = group.next(nowMs);
            if (offset == PartitionGroup.NONE || partition.holdsBack(owner, offset)) {
                break;
            }
            Finder.Outcome outcome = finder.seek(offset);
            if (outcome == Finder.Outcome.LATER || outcome == Finder.Outcome.DAMAGED) {
                break;
            }
            if (outcome == Finder.Outcome.MISSING) {
                owner.finish(offset);
                budget -= STEP_BYTES;
            } else if (hasExpired(offset)) {
                if (!Deaths.expire(owner, offset)) {
                    break;
                }
                budget -= STEP_BYTES;
            } else {
                if (isColdForNow()) {
                    break;
                }
                if (!mayHand()) {
                    hadTurn = finder.isCold();
                    break;
                }
                int handed = assign(offset, keyed ? finder.cursor().keyHash(view, offset) : 0, nowMs);
                if (handed == 0) {
                    handBack();
                }
                budget -= handed == 0 ? STEP_BYTES : handed;
                coldLeft -= finder.isCold() ? Math.max(STEP_BYTES, handed) : 0;
            }
        }
        pace.endTurn(onRoom);
        if (budget > 0) {
            passOver();
        }
        return budget <= 0;
    }

    /** Whether the message that was found is cold and these have to wait; then the group's turn comes again. */
    private boolean isColdForNow() {
        if (!finder.isCold()) {
            handedMaxNow = handedMax;
            return false;
        }
        if (coldLeft == NOT_ASKED) {
            // Whoever had to wait for its turn once more would find the room taken, time and again.
            coldLeft = hadTurn ? ColdPace.SLICE_BYTES : pace.begin(onRoom);
            hadTurn = false;
            long slices = coldLeft < Long.MAX_VALUE ? 2 * Math.max(ColdPace.SLICE_BYTES, coldLeft) : handedMax;
            handedMaxNow = Math.min(handedMax, slices);
        } else if (coldLeft <= 0) {
            pace.await(onRoom);
        }
        return coldLeft <= 0;
    }

    /** Whether the message that was found may be handed out; else the group's turn comes again once it may. */
    boolean mayHand() {
        return owner.handed()
                .mayHand(finder.cursor().run().bytes(), finder.cursor().length(), onRoom);
    }

    /** The message for which {@link #mayHand} has answered true went to nobody. */
    void handBack() {
        owner.handed().handBack(finder.cursor().run().bytes(), finder.cursor().length());
    }

    /** Whether the message that was found has lived for longer than it may. */
    boolean isExpired() {
        return isOver(ttlMs());
    }

    private long ttlMs() {
        return finder.cursor().ttlMs(view, partition.topic().settings().ttlMs());
    }

    private boolean isOver(long ttlMs) {
        return partition.shard().clock().isOver(finder.cursor().run().logTimeMs(), ttlMs);
    }

    /** The same; but what may not live at all goes to a member who waits for it when it comes. */
    private boolean hasExpired(long offset) {
        long ttlMs = ttlMs();
        return (ttlMs != 0 || offset < seenTo) && isOver(ttlMs);
    }

    private int assign(long offset, int keyHash, long nowMs) {
        int slot = group.assign(offset, keyHash, nowMs);
        if (slot == PartitionGroup.NONE) {
            needs.passed(offset, finder.cursor().length());
            return 0;
        }
        Member member = Objects.requireNonNull(owner.member(slot));
        DeliveryBatch batch = member.batch(partition.partition().index());
        if (batch.size() == 0) {
            touched.add(member);
        }
        int length = addTo(batch, offset);
        if (member.onHanded(finder.cursor().run().bytes(), length, handedMaxNow)) {
            group.pauseMember(slot, true);
        }
        return length;
    }

    /** Whether it has cold messages that go when it is its group's turn: what was read for them is needed soon. */
    boolean isWaiting() {
        return pace.isWaiting(onRoom);
    }

    /** Nobody reads any more: no turn among those with cold messages is kept. */
    void release() {
        pace.forget(onRoom);
        hadTurn = false;
    }

    /** How many bytes a member may hold that its socket has not taken. */
    long handedMax() {
        return handedMaxNow;
    }

    /** Adds the message that was found and is leased to {@code batch}; answers its stored bytes. */
    int addTo(DeliveryBatch batch, long offset) {
        MessageCursor cursor = finder.cursor();
        int length = cursor.length();
        batch.add(cursor.run(), cursor.position(), length, offset, needs.handed(offset, length));
        partition.shard().loop().counters().delivered(length);
        return length;
    }

    /** Members get what {@link #turn} has leased to them. */
    void handOver() {
        for (Member member : touched) {
            DeliveryBatch batch = member.takeBatch();
            if (batch != null) {
                member.port().deliver(batch);
            }
        }
        if (!touched.isEmpty()) {
            owner.onProgress();
            touched.clear();
        }
    }
}

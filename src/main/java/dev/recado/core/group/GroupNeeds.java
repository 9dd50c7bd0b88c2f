package dev.recado.core.group;

import dev.recado.base.Check;

/**
 * What one group still needs of its partition, for the owner of the messages: which offsets it has not finished, and
 * how many bytes it has in hand. Of the owner of the group.
 */
public final class GroupNeeds {

    private final PartitionGroup group;

    public GroupNeeds(PartitionGroup group) {
        this.group = group;
    }

    /** The lowest offset at or above {@code from} that the group has not finished; it may lie beyond the end. */
    public long nextNeeded(long from) {
        return group.finished.nextUnfinished(from);
    }

    /** The lowest offset at or above {@code from} that the group has finished, or {@link Long#MAX_VALUE}. */
    public long nextFinished(long from) {
        return group.finished.nextFinished(from);
    }

    /** The lowest unfinished offset that was never handed out or passed. */
    public long cursor() {
        return group.cursor();
    }

    /** The message at {@code offset}, just leased, has that many bytes; answers its deliveries so far. */
    public int handed(long offset, int bytes) {
        OpenOffsets open = group.inHand.open;
        int record = open.find(offset);
        if (record == OpenOffsets.NONE) {
            return 0;
        }
        open.tellBytes(record, bytes);
        return open.attempt[record];
    }

    /** The message at {@code offset}, which may have been kept aside for a member without room, has that many bytes. */
    public void passed(long offset, int bytes) {
        if (group.inHand.untried.contains(offset)) {
            group.inHand.untried.tellBytes(bytes);
        } else {
            handed(offset, bytes);
        }
    }

    /** About how much memory the group takes for what it has in hand and for what it has finished above its floor. */
    public long heldBytes() {
        return group.out.heldBytes();
    }

    /** While it takes {@code bytes} or more for that, the group hands out nothing that it never handed out before. */
    public void holdAtMost(long bytes) {
        group.out.heldBytesMax = bytes;
    }

    /** Whether messages that nobody was handed wait because of {@link #holdAtMost}. */
    public boolean isHeldBack() {
        return group.out.isAtBound() && hasFresh();
    }

    /** Whether {@link #isHeldBack} can become true by a lower bound alone. */
    public boolean mayBeHeldBack() {
        return group.out.heldBytes() > 0 && hasFresh();
    }

    private boolean hasFresh() {
        return group.cursor() < group.end() || hasLevels() && group.inHand.untried.first() != InHand.NONE;
    }

    /** Whether messages wait by their level, so that the cursor says nothing of what was handed out. */
    public boolean hasLevels() {
        return group.inHand.levels != null;
    }

    /** The lowest level at or above {@code level} of which a message is ready; -1 for none, or where there are none. */
    public int levelFrom(int level) {
        Levels levels = group.inHand.levels;
        return levels == null ? InHand.NONE : levels.lowestFrom(level);
    }

    /** The oldest message of a level that is ready; -1 for none. */
    public long firstOf(int level) {
        Levels levels = group.inHand.levels;
        return levels == null ? InHand.NONE : levels.first(level);
    }

    /** Whether the group was never handed the message at {@code offset}, as far as it knows. */
    public boolean isFresh(long offset) {
        return offset >= group.cursor() || hasLevels() && group.inHand.untried.contains(offset);
    }

    /** Of {@link #inHandBytes}, those of messages that only wait: of each the level is known. */
    public long waitingBytes() {
        return hasLevels() ? group.inHand.untried.bytes() : 0;
    }

    /**
     * Until when a member whose turn it is and that has no room is waited for, though another has room; {@link
     * Long#MAX_VALUE} for nobody. Then the group is to be asked again.
     */
    public long turnKeptUntilMs() {
        return group.members.keptTurn.untilMs();
    }

    /** Messages that were handed out or passed and are not finished. */
    public long inHandCount() {
        return group.inHand.count();
    }

    /** Bytes of the messages that were handed out or passed and are not finished, whoever has them now. */
    public long inHandBytes() {
        return group.inHand.open.bytes() + group.inHand.untried.bytes();
    }

    /** Bytes of all messages that were handed out once and are finished, or forgotten by a reset. */
    public long settledBytes() {
        return group.inHand.open.removedBytes() + group.inHand.untried.settledBytes();
    }

    /** Whether a message is ready that was handed out or passed before. */
    public boolean anyReadyAgain() {
        return group.inHand.firstReady() != InHand.NONE;
    }

    /** The lowest offset that is ready and was handed out or passed before; -1 where there is none. */
    public long firstReadyAgain() {
        return group.inHand.firstReady();
    }

    /** Messages that the group has finished, those below every log start included. */
    public long finishedCount() {
        return group.end() - group.backlog();
    }

    /** Finishes the oldest that is ready, of the lowest level where there are any; answers its offset, -1 for none. */
    public long dropOldest() {
        long oldest = group.out.oldestReady();
        if (oldest != PartitionGroup.NONE) {
            group.finish(oldest);
        }
        return oldest;
    }

    /** The oldest message that is ready; -1 where there is none. */
    public long oldestReady() {
        return group.out.oldestReady();
    }

    /**
     * Finishes what nobody holds, also what came back and waits; not what is on its way to the dead-letter topic.
     * Answers how many messages that are.
     */
    public long dropUnheld() {
        long dropped = 0;
        long from = group.floor();
        for (long held : group.inHand.open.heldOffsets()) {
            dropped += finish(Math.max(from, group.floor()), held);
            from = held + 1;
        }
        return dropped + finish(Math.max(from, group.floor()), group.end());
    }

    /** Finishes what was never handed out below {@code offset}; answers how many messages that are. */
    public long dropFresh(long offset) {
        long from = group.cursor();
        return offset <= from ? 0 : finish(from, Math.min(offset, group.end()));
    }

    /** Finishes the committed offsets from {@code from} to below {@code to}, whoever holds them; answers how many. */
    public long finish(long from, long to) {
        Check.that(from >= 0 && to <= group.end(), "offsets beyond end", to, group.end());
        if (from >= to) {
            return 0;
        }
        group.inHand.forget(from, to);
        return group.finished.add(from, to);
    }
}

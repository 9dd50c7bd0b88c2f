package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.BacklogLimit;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicSettings;

/**
 * {@code overflow=drop-oldest} of one partition: groups over a limit finish their oldest ready messages, what is in
 * hand is never touched, and the newest message stays. Owned by the partition's loop.
 *
 * <p>Bytes are counted as {@link Backlog} does. A memory topic that does not spill holds at most its limit and one
 * message ready, and in hand as much again and one message, since beyond that it hands out nothing new. A pattern's
 * queue keeps to its limit with both together and with what is on its way to it.
 */
final class DropOldest implements MemoryShare.Giver {

    /** Messages that a group drops one by one in one turn before others get theirs. */
    private static final int DROPS_A_TURN_MAX = 65_536;

    /**
     * Messages that wait beyond a limit, at most, for a place among the dead letters on their way. Publishers wait
     * instead, so that these are of a transaction, of one turn, or dead letters themselves.
     */
    private static final int BEYOND_MAX = 65_536;

    /** The same in bytes, or as many as the limit has. */
    private static final long BEYOND_BYTES_MAX = 16L * 1024 * 1024;

    private static final long ANY = Long.MAX_VALUE;

    private final PartitionOwner owner;
    private final Tail tail;
    private final MemoryShare share;
    private final boolean pattern;
    private boolean active;
    private boolean limited;
    /** Nothing waits. */
    private boolean handsOver;

    private long toldInHand;
    /** Something was not handed out because of what others have in hand. */
    private boolean heldBack;

    DropOldest(PartitionOwner owner) {
        this.owner = owner;
        this.tail = owner.tail();
        this.share = owner.memory().memoryTopics();
        this.pattern = owner.partition().id() < 0;
        onSettings();
    }

    /** The topic's settings are new. */
    void onSettings() {
        handsOver = settings().overflow() == Overflow.DROP_OLDEST && HandOver.isOf(settings());
        limited = settings().overflow() == Overflow.DROP_OLDEST
                && !owner.backlog().limit().isNone();
        boolean now = owner.inMemoryOnly()
                && settings().overflow() == Overflow.DROP_OLDEST
                && !owner.spill().isOn();
        if (now != active) {
            active = now;
            tail.loose(now);
            if (now) {
                share.join(this);
            } else {
                close();
            }
        }
    }

    /** Whether there is a limit to keep. */
    boolean isLimited() {
        return limited;
    }

    void close() {
        share.leave(this);
        share.looseInHand(-toldInHand);
        toldInHand = 0;
        heldBack = false;
    }

    private TopicSettings settings() {
        return owner.topic().settings();
    }

    @Override
    public long bytes() {
        return tail.bytes();
    }

    /** End of a turn: brings every group below the limits. */
    void enforce() {
        if (handsOver) {
            for (GroupOwner group : owner.groups().counted()) {
                dropByCount(group, group.needs().anyReadyAgain() ? readyAgain(group) : 0);
            }
        }
        if (!limited) {
            return;
        }
        BacklogLimit limit = owner.backlog().limit();
        long messages = limitMessages();
        for (GroupOwner group : owner.groups().counted()) {
            if (limit.bytesMax() > 0) {
                long bytes = readyBytesMax(group.needs());
                dropTo(group, bytes, 1, false);
                if (Deaths.route(group) != null) {
                    dropTo(group, bytes + Math.max(bytes, BEYOND_BYTES_MAX), 1, true);
                }
            }
            dropByCount(group, group.group().ready() - messages);
        }
        if (owner.groups().isEmpty()) {
            trimByNobody(messages);
        }
    }

    /** What came back is all that is ready below the cursor. */
    private long readyAgain(GroupOwner group) {
        return group.group().ready() - (owner.end() - group.group().cursor());
    }

    /** Behind the hand-out: where nothing waits goes what was handed to nobody, unless it goes on in a moment. */
    void endWaiting() {
        if (!handsOver) {
            return;
        }
        for (GroupOwner group : owner.groups().counted()) {
            if (group.group().ready() > 0 && group.group().next(group.now()) == PartitionGroup.NONE) {
                dropByCount(group, group.group().ready());
            }
        }
    }

    /** In steps: each trim is an entry of the log. */
    private void trimByNobody(long messages) {
        Backlog backlog = owner.backlog();
        long bytesMax = backlog.limit().bytesMax();
        long kept = Math.max(backlog.floor(), owner.trimmedTo());
        long from = kept;
        if (messages != ANY && owner.end() - from > messages + messages / 16) {
            from = owner.end() - messages;
        }
        if (bytesMax > 0 && !backlog.isBelow(from, bytesMax + bytesMax / 16)) {
            from = Math.max(from, Math.min(backlog.firstWithin(bytesMax), owner.end() - 1));
        }
        if (from > kept) {
            backlog.onDropped(from - kept);
            Trims.trim(owner, from);
        }
    }

    /** Tells the share what is in hand after this turn's deliveries and acknowledgements. */
    void tellInHand() {
        if (active) {
            long now = 0;
            for (GroupOwner group : owner.groups().counted()) {
                now += inHandBytes(group.needs());
            }
            share.looseInHand(now - toldInHand);
            toldInHand = now;
        }
    }

    private static long inHandBytes(GroupNeeds needs) {
        return needs.inHandBytes() - needs.waitingBytes();
    }

    private long limitMessages() {
        long limit = owner.backlog().limit().messagesMax();
        return limit == 0 ? ANY : limit;
    }

    private long readyBytesMax(GroupNeeds needs) {
        long limit = owner.backlog().limit().bytesMax();
        return Math.max(1, limit - (pattern ? needs.inHandBytes() : 0));
    }

    private void dropByCount(GroupOwner group, long excess) {
        int drops = (int) Math.max(0, Math.min(excess, DROPS_A_TURN_MAX));
        int dropped = 0;
        while (dropped < drops && Deaths.dropOldest(group, excess - dropped > BEYOND_MAX)) {
            dropped++;
        }
        onDropped(group, dropped);
        if (dropped == drops && excess > drops) {
            owner.markDirty();
        }
    }

    private void onDropped(GroupOwner group, long messages) {
        if (messages > 0) {
            owner.backlog().onDropped(messages);
            group.onProgress();
        }
    }

    /**
     * What the group was never handed shall take {@code bytesMax} at most, but for the newest {@code keep} messages (0
     * or 1): messages that came back are older, so they go first. {@code must}: dead letters or not.
     */
    private void dropTo(GroupOwner group, long bytesMax, int keep, boolean must) {
        PartitionGroup state = group.group();
        GroupNeeds needs = group.needs();
        if (needs.hasLevels()) {
            dropByLevel(group, bytesMax, keep, must);
            return;
        }
        if (owner.backlog().isBelow(state.cursor(), bytesMax)) {
            return;
        }
        long dropped = 0;
        while (dropped < DROPS_A_TURN_MAX && needs.anyReadyAgain() && Deaths.dropOldest(group, must)) {
            dropped++;
        }
        long from = bytesMax == 0 ? owner.end() : owner.backlog().firstWithin(bytesMax);
        dropped += Deaths.dropFresh(group, Math.min(from, owner.end() - keep), must);
        onDropped(group, dropped);
    }

    /** What is ready shall take {@code bytesMax} at most, but for {@code keep} messages of the highest levels. */
    private void dropByLevel(GroupOwner group, long bytesMax, int keep, boolean must) {
        PartitionGroup state = group.group();
        long dropped = 0;
        while (dropped < DROPS_A_TURN_MAX
                && state.ready() > keep
                && !owner.backlog().isWithin(group, bytesMax)
                && Deaths.dropOldest(group, must)) {
            dropped++;
        }
        onDropped(group, dropped);
        if (dropped == DROPS_A_TURN_MAX) {
            owner.markDirty();
        }
    }

    @Override
    public void giveDownTo(long bytesMax) {
        owner.tickSoon();
        for (GroupOwner group : owner.groups().counted()) {
            dropTo(group, bytesMax, bytesMax == 0 ? 0 : 1, true);
        }
        owner.dropFinished(TailSweep.STEPS_IN_NEED);
    }

    /** Whether {@code group} shall be handed nothing that it has not been handed before, until something is settled. */
    boolean holdsBack(GroupNeeds group) {
        if (!active) {
            return false;
        }
        long inHand = inHandBytes(group);
        boolean byOthers = inHand > 0 && share.isCrowded() || share.isFull();
        heldBack |= byOthers;
        return byOthers || inHand > 0 && inHand >= inHandMax();
    }

    /** Whether it waits for others to settle what they have in hand: nobody tells it when they do. */
    boolean isHeldBack() {
        return heldBack;
    }

    private long inHandMax() {
        long limit = owner.backlog().limit().bytesMax();
        if (limit == 0) {
            return share.bytesMax() / 4;
        }
        return pattern ? limit / 2 : limit;
    }

    /** Others may have settled what held this one back; what came back is given up where it keeps others waiting. */
    void onTick() {
        if (!active) {
            return;
        }
        if (!share.isCrowded()) {
            if (heldBack) {
                heldBack = false;
                owner.markDirty();
            }
            return;
        }
        for (GroupOwner group : owner.groups().counted()) {
            int dropped = 0;
            while (share.isFull()
                    && dropped < DROPS_A_TURN_MAX
                    && group.needs().anyReadyAgain()
                    && group.needs().dropOldest() != PartitionGroup.NONE) {
                dropped++;
                tellInHand();
            }
            onDropped(group, dropped);
        }
        owner.markDirty();
    }
}

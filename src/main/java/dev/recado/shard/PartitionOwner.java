package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.Refusal;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one partition: gives offsets, keeps the tail in memory, and feeds groups and taps with what is
 * committed. Owned by its shard's loop.
 *
 * <p>Offsets run {@code logStart ≤ end ≤ nextOffset}: below {@code end} everything is committed, from there to
 * {@code nextOffset} it is on its way to the disk.
 */
public final class PartitionOwner implements PartitionContext, ShardPartition {

    private final ShardContext shard;
    private final Partition partition;
    private final Admission admission;
    private final Opening opening;
    private final boolean inMemoryOnly;
    private final boolean dropsFinished;
    private final OpenGroups groups;
    private final Tail tail;
    private final TailRelease release;
    private final Spill spill;
    private final Backlog backlog;
    private final Expiry expiry;
    private final DropOldest dropOldest;
    private final PartitionTicks ticks;
    private final Producers producers;
    private final CommitWaits awaiting = new CommitWaits();
    private final TapFeeds taps;
    private final @Nullable LevelReader levels;
    private Topic topic;
    private long logStart;
    private long end;
    private long nextOffset;
    private long trimming;
    private long segmentsEnd;
    private boolean dirty;
    private boolean unflushed;
    private boolean closing;
    private boolean damaged;

    PartitionOwner(
            ShardContext shard, Topic topic, Partition partition, long logStart, long end, byte[] producerTable) {
        this.shard = shard;
        this.topic = topic;
        this.partition = partition;
        inMemoryOnly = topic.settings().durability() == Durability.MEMORY;
        dropsFinished = inMemoryOnly || topic.settings().kind() == TopicKind.QUEUE;
        this.logStart = logStart;
        this.end = end;
        groups = new OpenGroups(inMemoryOnly);
        producers = new Producers(producerTable);
        nextOffset = end;
        Tail.Kind kind = Tail.Kind.of(partition, inMemoryOnly);
        tail = new Tail(memory(), kind, end, shard.view().stored().headBytes());
        release = new TailRelease(this, groups);
        spill = new Spill(this);
        backlog = new Backlog(this);
        expiry = new Expiry(this);
        dropOldest = new DropOldest(this);
        admission = new Admission(this);
        taps = new TapFeeds(partition.id(), shard);
        opening = new Opening(this);
        levels = LevelReader.of(this, groups, dropOldest::isLimited);
        ticks = new PartitionTicks(this, backlog, expiry, admission, dropOldest);
        ticks.soon();
    }

    @Override
    public ShardContext shard() {
        return shard;
    }

    @Override
    public Topic topic() {
        return topic;
    }

    @Override
    public Partition partition() {
        return partition;
    }

    TapFeeds taps() {
        return taps;
    }

    /** Taps of one more loop hold publishing up ({@code change} 1), or of one less (-1), or the door is another (0). */
    void holdUp(int change) {
        taps.hold(change);
        admission.heldUp(taps.isHolding() || opening.isShut());
    }

    Opening opening() {
        return opening;
    }

    @Override
    public void endIfOver() {
        opening.endIfOver();
    }

    @Override
    public void endReader(GroupView reader) {
        if (opening.readers().end(reader)) {
            onGroupGone();
        }
    }

    @Override
    public void behindEnd(Runnable task) {
        opening.behindEnd(task);
    }

    Admission admission() {
        return admission;
    }

    Producers producers() {
        return producers;
    }

    OpenGroups groups() {
        return groups;
    }

    @Nullable
    GroupOwner group(int groupId) {
        return groups.get(groupId);
    }

    @Override
    public boolean closing() {
        return closing;
    }

    @Override
    public long logStart() {
        return logStart;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    @Override
    public Tail tail() {
        return tail;
    }

    @Override
    public boolean inMemoryOnly() {
        return inMemoryOnly;
    }

    public boolean dropsFinished() {
        return dropsFinished;
    }

    /** Decides what of {@code run} is appended now: {@code out} gets it; the rest is answered, parked or held. */
    void admit(PendingRun run, List<PendingRun> out) {
        admission.admit(run, out);
    }

    @Override
    public long take(PendingRun run) {
        long base = nextOffset;
        nextOffset += run.count();
        backlog.onTaken(run);
        producers.onGiven(run, base, shard.clock());
        return base;
    }

    @Override
    public void appendInMemory(PendingRun run) {
        long base = take(run);
        if (groups.isEmpty() && !taps.isWanted(topic)) {
            end = nextOffset;
            logStart = end;
            tail.passOver(end);
        } else {
            EntryHeader header = shard.clock().memoryHeader();
            commit(
                    run.isCompact()
                            ? run.storeInPlace(base, header)
                            : run.storeIn(new ByteWriter(run.storedBytes()), base, header));
        }
        shard.confirm(run, base);
    }

    @Override
    public void commit(StoredRun run) {
        Check.that(run.baseOffset() == end, "commit out of order", run.baseOffset(), end);
        end = run.endOffset();
        boolean taken = end <= nextOffset;
        if (!taken) {
            nextOffset = end;
            producers.onFound(run);
        }
        if (closing) {
            tail.passOver(end);
            awaiting.serve(end);
            return;
        }
        producers.onCommitted(run);
        if (inMemoryOnly() && groups.isEmpty()) {
            logStart = end;
            tail.passOver(end);
        } else {
            keep(run);
        }
        backlog.onCommitted(run, taken);
        for (GroupOwner group : groups.all()) {
            group.onEnd(end);
        }
        taps.add(topic, run);
        awaiting.serve(end);
        markDirty();
    }

    private void keep(StoredRun run) {
        if (end <= segmentsEnd && tail.isEmpty()) {
            tail.passOver(end);
            return;
        }
        tail.add(run);
        if (!unflushed && tail.isDurable()) {
            unflushed = true;
            shard.markUnflushed(this);
        }
    }

    @Override
    public List<StoredRun> takeUnflushed() {
        unflushed = false;
        return tail.takeUnflushed();
    }

    /** Recovery: segments hold everything below {@code offset} already, which memory need not keep. */
    public void heldInSegments(long offset) {
        segmentsEnd = offset;
    }

    /** Recovery: everything below {@code offset} was given away; segments hold what memory does not. */
    public void restoreEnd(long offset) {
        end = offset;
        nextOffset = offset;
        tail.passTo(offset);
        for (GroupOwner group : groups.all()) {
            group.group().onEnd(end);
        }
    }

    Backlog backlog() {
        return backlog;
    }

    Spill spill() {
        return spill;
    }

    @Override
    public void whenCommitted(long offset, Runnable task) {
        if (offset <= end && awaiting.isEmpty()) {
            task.run();
        } else {
            awaiting.add(offset, task);
        }
    }

    @Override
    public void markDirty() {
        if (!dirty) {
            dirty = true;
            shard.markDirty(this);
        }
        ticks.soon();
    }

    @Override
    public void onTurn() {
        dirty = false;
        if (closing) {
            return;
        }
        ticks.soon();
        taps.feed(topic);
        if (levels == null || levels.work()) {
            dropOldest.enforce();
        }
        for (GroupOwner group : groups.all()) {
            group.onTurn();
        }
        dropOldest.endWaiting();
        dropOldest.tellInHand();
        dropFinished(TailSweep.STEPS_A_TURN);
        admission.letIn();
    }

    @Override
    public void tickSoon() {
        ticks.soon();
    }

    /** The log start, or where it will be once all trims that are under way are done. */
    long trimmedTo() {
        return Math.max(logStart, trimming);
    }

    @Override
    public boolean startTrim(long offset) {
        if (offset <= trimming) {
            return false;
        }
        trimming = offset;
        return true;
    }

    @Override
    public void onExpired(long messages) {
        backlog.onExpired(messages);
    }

    @Override
    public void onDropped(long messages) {
        backlog.onDropped(messages);
    }

    @Override
    public void crowded(boolean now) {
        shard.crowded(this, now);
    }

    @Override
    public void refuseParked(Receipts session) {
        admission.refuseParked(session);
    }

    @Override
    public void refuseAllParked(Refusal why) {
        admission.refuseAllParked(why);
    }

    @Override
    public boolean holdsBack(GroupView group, long offset) {
        return dropOldest.holdsBack(group.needs()) && group.needs().isFresh(offset);
    }

    @Override
    public boolean isSorted(Runnable then) {
        return levels == null || levels.isKnown(then);
    }

    /** What is finished or in segments leaves memory as far as it may; of a memory topic the log start follows. */
    void dropFinished(int stepsMax) {
        long needed = dropsFinished ? lowestFloor() : TailRelease.ALL;
        if (inMemoryOnly) {
            logStart = Math.max(logStart, needed);
            spill.dropBelow(logStart);
        }
        release.drop(needed, stepsMax);
    }

    /** Segments hold everything below {@code offset}. */
    void onFlushed(long offset) {
        long from = tail.onFlushed(offset);
        spill.onFlushed();
        dropFinished(TailSweep.STEPS_A_TURN);
        tail.ownFrom(from);
    }

    /** A group that may have needed something is gone. */
    void onGroupGone() {
        release.onGroupGone();
    }

    /** The lowest offset that some group has not finished; the end where there is no group. */
    public long lowestFloor() {
        return groups.lowestFloor(end, 0);
    }

    @Override
    public void trimTo(long offset) {
        logStart = Math.max(logStart, Math.min(offset, end));
        tail.dropBelow(logStart);
        backlog.dropBelow(logStart);
        for (GroupOwner group : groups.all()) {
            group.onLogStart(logStart);
        }
        markDirty();
    }

    /** The topic has other settings. */
    void onSettings(Topic changed) {
        topic = changed;
        spill.onSettings();
        backlog.onSettings();
        admission.onSettings();
        expiry.onSettings();
        dropOldest.onSettings();
    }

    /** What is stored of it cannot be read: consumers are sent away, and new ones refused. Publishing goes on. */
    public void onDamaged() {
        damaged = true;
        for (GroupOwner group : groups.all()) {
            group.sendAway("damaged");
        }
    }

    @Override
    public boolean damaged() {
        return damaged;
    }

    /** The topic is gone: everybody on it hears so. */
    void close(String reason) {
        closing = true;
        opening.ended(); // who has ceased hears that first
        for (GroupOwner group : groups.all()) {
            group.close(reason);
        }
        groups.clear();
        opening.abandon();
        taps.close(reason);
        admission.close();
        spill.close();
        tail.clear();
        dropOldest.close();
        ticks.end();
    }
}

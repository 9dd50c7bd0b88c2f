package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.ProducerTable;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one partition: gives offsets, keeps the tail in memory, and feeds groups and taps with what is
 * committed. Owned by its shard's loop.
 *
 * <p>Offsets run {@code logStart ≤ end ≤ nextOffset}: below {@code end} everything is committed, from there to
 * {@code nextOffset} it is on its way to the disk.
 */
final class PartitionOwner {

    private final ShardOwner shard;
    private final Partition partition;
    private final Admission admission;
    private final Opening opening;
    private final PatternPort patterns;
    private final boolean inMemoryOnly;
    private final boolean dropsFinished;
    private final OpenGroups groups = new OpenGroups();
    private final Tail tail;
    private final TailSweep sweep;
    private final Backlog backlog;
    private final Expiry expiry;
    private final DropOldest dropOldest;
    /** Numbers of everything that was given an offset, on its way to the disk or not: what duplicates are told by. */
    private final ProducerTable producers;
    /** Numbers of what is committed: what checkpoints keep. */
    private final ProducerTable committedProducers;

    private final List<StoredRun> untapped = new ArrayList<>();
    private final CommitWaits awaiting = new CommitWaits();
    private final TapFeeds taps = new TapFeeds(this);
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

    PartitionOwner(ShardOwner shard, Topic topic, Partition partition, long logStart, long end) {
        this(shard, topic, partition, logStart, end, new byte[0]);
    }

    PartitionOwner(ShardOwner shard, Topic topic, Partition partition, long logStart, long end, byte[] producerTable) {
        this.shard = shard;
        this.topic = topic;
        this.partition = partition;
        inMemoryOnly = topic.settings().durability() == Durability.MEMORY;
        dropsFinished = inMemoryOnly || topic.settings().kind() == TopicKind.QUEUE;
        this.logStart = logStart;
        this.end = end;
        boolean none = producerTable.length == 0;
        producers = none ? new ProducerTable() : ProducerTable.decode(new ByteReader(producerTable));
        committedProducers = none ? new ProducerTable() : ProducerTable.decode(new ByteReader(producerTable));
        nextOffset = end;
        tail = new Tail(shard.loop().memory(), kindOfTail(), end);
        sweep = new TailSweep(tail, new Needs(groups::needs));
        backlog = new Backlog(this);
        expiry = new Expiry(this);
        dropOldest = new DropOldest(this);
        admission = new Admission(this);
        opening = new Opening(this);
        patterns = effects().patterns(partition, shard.loop());
    }

    private Tail.Kind kindOfTail() {
        return partition.id() < 0 ? Tail.Kind.PATTERN : inMemoryOnly ? Tail.Kind.MEMORY : Tail.Kind.DURABLE;
    }

    ShardOwner shard() {
        return shard;
    }

    ShardView view() {
        return shard.view();
    }

    ShardEffects effects() {
        return shard.effects();
    }

    Topic topic() {
        return topic;
    }

    Partition partition() {
        return partition;
    }

    TapFeeds taps() {
        return taps;
    }

    MemoryDesk memory() {
        return shard.loop().memory();
    }

    Opening opening() {
        return opening;
    }

    @Nullable
    GroupOwner groupNamed(String name) {
        return groups.named(name);
    }

    Admission admission() {
        return admission;
    }

    ProducerTable producers() {
        return producers;
    }

    ProducerTable committedProducers() {
        return committedProducers;
    }

    OpenGroups groups() {
        return groups;
    }

    @Nullable
    GroupOwner group(int groupId) {
        return groups.get(groupId);
    }

    boolean closing() {
        return closing;
    }

    long logStart() {
        return logStart;
    }

    /** Behind the last committed message. */
    long end() {
        return end;
    }

    /** Behind the last message that was given an offset. */
    long nextOffset() {
        return nextOffset;
    }

    /** What is in memory. */
    Tail tail() {
        return tail;
    }

    boolean inMemoryOnly() {
        return inMemoryOnly;
    }

    boolean dropsFinished() {
        return dropsFinished;
    }

    /** Decides what of {@code run} is appended now: {@code out} gets it; the rest is answered, parked or held. */
    void admit(PendingRun run, List<PendingRun> out) {
        admission.admit(run, out);
    }

    /** Gives {@code run} its offsets and answers the first. */
    long take(PendingRun run) {
        long base = nextOffset;
        nextOffset += run.count();
        backlog.onTaken(run);
        String producer = run.producer();
        if (producer != null) {
            producers.record(
                    producer,
                    run.firstSequence(),
                    run.stride(),
                    run.count(),
                    base,
                    shard.clock().nowMs());
        }
        return base;
    }

    /** Memory topics: stored, committed and confirmed in one step. */
    void appendInMemory(PendingRun run) {
        long base = take(run);
        if (groups.isEmpty() && !taps.any() && !patterns.isMatched(topic)) {
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

    /** {@code run} is committed, whether it got its offsets here or is found in the journal: it may be read. */
    void commit(StoredRun run) {
        Check.that(run.baseOffset() == end, "commit out of order", run.baseOffset(), end);
        end = run.endOffset();
        boolean taken = end <= nextOffset;
        if (!taken) {
            nextOffset = end;
            producers.record(run);
        }
        if (closing) {
            tail.passOver(end);
            awaiting.serve(end);
            return;
        }
        committedProducers.record(run);
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
        if (taps.any() || patterns.isMatched(topic)) {
            untapped.add(run);
        }
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

    /** What the flusher shall write next; counts as handed over. */
    List<StoredRun> takeUnflushed() {
        unflushed = false;
        return tail.takeUnflushed();
    }

    /** Recovery: segments hold everything below {@code offset} already, which memory need not keep. */
    void heldInSegments(long offset) {
        segmentsEnd = offset;
    }

    /** Recovery: everything below {@code offset} was given away; segments hold what memory does not. */
    void restoreEnd(long offset) {
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

    /** Finishes every message for every group and moves the log start to the end. */
    void purge(Runnable onDone) {
        for (GroupOwner group : groups.all()) {
            group.onLogStart(end);
        }
        Trims.trim(this, end, onDone);
        markDirty();
    }

    /** Runs {@code task} once everything below {@code offset} is committed; tasks come with rising offsets. */
    void whenCommitted(long offset, Runnable task) {
        if (offset <= end && awaiting.isEmpty()) {
            task.run();
        } else {
            awaiting.add(offset, task);
        }
    }

    /** Segments hold everything below {@code offset}. */
    void onFlushed(long offset) {
        long from = tail.onFlushed(offset);
        dropFinished(TailSweep.STEPS_A_TURN);
        tail.ownFrom(from);
    }

    /** Asks for {@link #onTurn} at the end of this turn. */
    void markDirty() {
        if (!dirty) {
            dirty = true;
            shard.markDirty(this);
        }
    }

    void onTurn() {
        dirty = false;
        if (closing) {
            return;
        }
        if (!untapped.isEmpty()) {
            taps.feed(untapped);
            patterns.feed(topic, untapped);
            untapped.clear();
        }
        dropOldest.enforce();
        for (GroupOwner group : groups.all()) {
            group.onTurn();
        }
        dropOldest.tellInHand();
        dropFinished(TailSweep.STEPS_A_TURN);
        admission.letIn();
    }

    void onTick(long nowMs) {
        for (GroupOwner group : groups.all()) {
            group.onTick(nowMs);
        }
        backlog.onTick(nowMs);
        expiry.onTick(nowMs);
        admission.onTick(nowMs);
        dropOldest.onTick();
    }

    /** The log start, or where it will be once all trims that are under way are done. */
    long trimmedTo() {
        return Math.max(logStart, trimming);
    }

    /** Begins moving the log start to {@code offset}; false where that is under way already. */
    boolean startTrim(long offset) {
        if (offset <= trimming) {
            return false;
        }
        trimming = offset;
        return true;
    }

    /**
     * What no group needs any more leaves memory; of a memory topic the log start follows. What segments hold leaves it
     * too, unless a group with members has yet to finish it: who comes later reads segments.
     */
    void dropFinished(int stepsMax) {
        if (dropsFinished()) {
            long needed = lowestFloor();
            tail.dropBelow(needed);
            if (inMemoryOnly()) {
                logStart = Math.max(logStart, needed);
            }
            if (!tail.isEmpty() && sweep.work(end, isTight(), stepsMax)) {
                markDirty();
            }
        }
        if (tail.isDurable()) {
            tail.dropFlushedBelow(groups.lowestFloor(end, 1));
        }
        for (GroupOwner group : groups.all()) {
            group.letGo();
        }
    }

    private boolean isTight() {
        return inMemoryOnly() ? tail.isLoose() || memory().memoryTopics().isTight() : memory().isTight();
    }

    /** Whether {@code group} is to have nothing more in hand for now; what it had before goes on. */
    boolean holdsBack(GroupOwner group, long offset) {
        return dropOldest.holdsBack(group.needs()) && offset >= group.group().cursor();
    }

    /** The lowest offset that some group has not finished; the end where there is no group. */
    long lowestFloor() {
        return groups.lowestFloor(end, 0);
    }

    /** Opens every group of the catalog that is not open here, at the start of a partition that never had a message. */
    void openGroupsOfNewPartition() {
        for (GroupDef def : topic.groups()) {
            groups.put(new GroupOwner(this, def, new PartitionGroup(def.settings(), 0)));
        }
    }

    /** The log start moves up to {@code offset}: committed as an entry, or of a memory topic. */
    void trimTo(long offset) {
        logStart = Math.max(logStart, Math.min(offset, end));
        tail.dropBelow(logStart);
        backlog.dropBelow(logStart);
        for (GroupOwner group : groups.all()) {
            group.onLogStart(logStart);
        }
        markDirty();
    }

    void onTopicChanged(Topic changed, Runnable onDone) {
        boolean had = !groups.isEmpty();
        onTopicRecovered(changed);
        if (had && groups.isEmpty() && !inMemoryOnly()) {
            LastGroup.tell(this);
        }
        Countdown countdown = new Countdown(changed.groupCount(), onDone);
        for (GroupDef def : changed.groups()) {
            opening.whenOpen(def, group -> countdown.down());
        }
        for (GroupOwner group : groups.all()) {
            group.group().giveUpSpent(group);
            group.onProgress();
        }
        markDirty();
    }

    /** Whether some group is being moved: its floor will change without further notice. */
    boolean anyResetting() {
        return groups.anyResetting();
    }

    /** Takes the topic's new settings and lets go of groups that ended. */
    void onTopicRecovered(Topic changed) {
        topic = changed;
        backlog.onSettings();
        admission.onSettings();
        expiry.onSettings();
        dropOldest.onSettings();
        List<Long> finishedBelow = new ArrayList<>();
        groups.removeIf(group -> {
            GroupDef now = changed.group(group.def().name());
            if (now == null || now.id() != group.def().id()) {
                finishedBelow.add(group.group().floor());
                sweep.want();
                group.close("group deleted");
                return true;
            }
            group.onDefChanged(now);
            return false;
        });
        if (groups.isEmpty()) {
            finishedBelow.forEach(backlog::finishedBelow);
        }
    }

    /**
     * What is stored of this partition cannot be read: consumers are told and sent away, and new ones are refused,
     * until {@code recado repair} has been run. Publishing goes on.
     */
    void onDamaged() {
        damaged = true;
        for (GroupOwner group : groups.all()) {
            group.sendAway("damaged");
        }
    }

    boolean damaged() {
        return damaged;
    }

    /** The topic is gone: everybody on it hears so. */
    void close(String reason) {
        closing = true;
        for (GroupOwner group : groups.all()) {
            group.close(reason);
        }
        groups.clear();
        opening.abandon();
        taps.close(reason);
        admission.close();
        tail.clear();
        dropOldest.close();
    }
}

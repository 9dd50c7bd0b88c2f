package dev.recado.broker;

import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.base.ErrorCode;
import dev.recado.base.IntMap;
import dev.recado.base.Refusal;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.replication.ShardLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one shard on its home loop: joins runs into entries, proposes them to the journal, applies what is
 * committed and hands it on. Owned by its loop; before the loops start, by recovery.
 *
 * <p>Work arrives as runs and as control tasks in one queue, so that a session's commands are served behind its own
 * publishes. Appends stop while {@link #INFLIGHT_BYTES_MAX} are on their way to the disk; what waits then is bounded by
 * the sessions' unconfirmed bytes.
 */
final class ShardOwner implements RunTarget, TurnTask {

    static final int ENTRY_BYTES_AIM = 256 * 1024;
    static final long INFLIGHT_BYTES_MAX = 16L * 1024 * 1024;

    /** Committed bytes after which segments are written, and how long fewer may wait. */
    private static final long FLUSH_BYTES = 4L * 1024 * 1024;

    private static final long FLUSH_EVERY_MS = 1_000;
    /** The same where memory is tight. */
    private static final long FLUSH_BYTES_TIGHT = 256L * 1024;

    private static final Refusal GONE = Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted");

    private final ShardView view;
    private final ShardEffects effects;
    private final ShardLog log;
    private final ShardLoop loop;
    private final IntMap<PartitionOwner> partitions = new IntMap<>();
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private final ArrayDeque<Proposed> inflight = new ArrayDeque<>();
    private final ArrayDeque<PartitionOwner> dirtyPartitions = new ArrayDeque<>();
    private final ProgressDesk progress;
    private final ShardClock clock;
    private final EntryApplier applier = new EntryApplier(this);
    private final Confirms confirms;
    private final Set<PartitionOwner> crowded = new LinkedHashSet<>();
    private final List<PendingRun> admitted = new ArrayList<>();
    private final List<PartitionOwner> unflushed = new ArrayList<>();
    private final long behindBytesMax;
    private long inflightBytes;
    private long unflushedBytes;
    private long flushedAtMs;
    private boolean dirty;
    private boolean working;

    ShardOwner(ShardView view, ShardEffects effects, ShardLog log, ShardLoop loop) {
        this.view = view;
        this.effects = effects;
        this.log = log;
        this.loop = loop;
        this.confirms = new Confirms(loop);
        this.progress = new ProgressDesk(this);
        behindBytesMax = view.settings().flusherBehindBytesMax();
        this.clock = new ShardClock(this);
    }

    ShardView view() {
        return view;
    }

    ShardEffects effects() {
        return effects;
    }

    ShardLog log() {
        return log;
    }

    ProgressDesk progress() {
        return progress;
    }

    ShardClock clock() {
        return clock;
    }

    EntryApplier applier() {
        return applier;
    }

    Collection<PartitionOwner> partitions() {
        return partitions.values();
    }

    @Override
    public ShardLoop loop() {
        return loop;
    }

    @Override
    public void accept(PendingRun run) {
        waiting.add(run);
        markDirty();
    }

    /** Runs {@code task} behind everything that has arrived here before it. Called on the loop. */
    void enqueue(Runnable task) {
        waiting.add(task);
        markDirty();
    }

    /** As {@link #enqueue} from any loop, behind what that loop has sent before. */
    void submit(Runnable task) {
        loop.dispatch(() -> enqueue(task));
    }

    /** The owner of {@code partition}, made on first use; null where its topic is gone. */
    @Nullable
    PartitionOwner partition(Partition partition) {
        PartitionOwner owner = partitions.get(partition.id());
        if (owner == null) {
            Topic topic = view.catalog().topic(partition.topicId());
            if (topic == null) {
                return null;
            }
            owner = new PartitionOwner(this, topic, partition, 0, 0);
            owner.openGroupsOfNewPartition();
            partitions.put(partition.id(), owner);
            if (working) {
                owner.backlog().onTick(view.time().monotonicMs());
            }
            if (!owner.inMemoryOnly()) {
                effects.openSegments(partition, topic);
            }
        }
        return owner;
    }

    /** The owner of a partition that the catalog knows, made where the log speaks of it first; null: it is gone. */
    @Nullable
    PartitionOwner partition(int partitionId) {
        PartitionOwner owner = partitions.get(partitionId);
        Partition partition = owner != null ? owner.partition() : view.catalog().partition(partitionId);
        return partition == null ? null : partition(partition);
    }

    void discard(PartitionOwner owner) {
        partitions.remove(owner.partition().id());
    }

    /** The flusher has written these runs. */
    void onFlushed(Map<PartitionOwner, List<StoredRun>> batch) {
        afterFlush(batch);
        markDirty();
    }

    @Nullable
    PartitionOwner existing(int partitionId) {
        return partitions.get(partitionId);
    }

    /** Puts in place what recovery has read; before the loops start. */
    void adopt(PartitionOwner owner) {
        partitions.put(owner.partition().id(), owner);
    }

    /** It leads, or has nothing to lead: turns do their work from now on, and what recovery left, as it may append. */
    void begin() {
        working = true;
        forEachGroup(GroupOwner::onRecovered);
        markDirty();
    }

    boolean isWorking() {
        return working;
    }

    void forEachGroup(Consumer<GroupOwner> action) {
        for (PartitionOwner owner : partitions.values()) {
            for (GroupOwner group : owner.groups().all()) {
                action.accept(group);
            }
        }
    }

    /** The broker stops: what members still hold returns, and the log is told of it with the next progress. */
    void takeLeasesBack() {
        forEachGroup(GroupOwner::returnAll);
    }

    void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markOwner(this);
        }
    }

    /** A partition has something to hand out, to trim or to let in at the end of this turn. */
    void markDirty(PartitionOwner partition) {
        dirtyPartitions.add(partition);
        markDirty();
    }

    @Override
    public void onTurn() {
        dirty = false;
        if (!working) {
            return;
        }
        serveWaiting();
        for (int owners = dirtyPartitions.size(); owners > 0; owners--) {
            dirtyPartitions.remove().onTurn();
        }
        if (unflushedBytes >= FLUSH_BYTES
                || unflushedBytes >= FLUSH_BYTES_TIGHT && loop.memory().isTight()) {
            flush();
        }
        loop.memory().evict();
        goOn();
    }

    /** Serves what waits for the flusher, where there is room now: another shard's flush may have made it. */
    void goOn() {
        if (!waiting.isEmpty() && mayAppend()) {
            markDirty();
        }
    }

    private boolean mayAppend() {
        return inflightBytes < INFLIGHT_BYTES_MAX && view.behindBytes() < behindBytesMax;
    }

    /** Hands everything committed and not yet in segments to the flusher. */
    void flush() {
        unflushedBytes = 0;
        flushedAtMs = view.time().monotonicMs();
        effects.flush(this);
    }

    private void serveWaiting() {
        EntryParts parts = new EntryParts();
        while (mayAppend() || view.diskLow()) {
            Object next = waiting.poll();
            if (next == null) {
                break;
            }
            if (next instanceof PendingRun run) {
                admit(run, parts);
            } else {
                propose(parts);
                ((Runnable) next).run();
            }
        }
        propose(parts);
        confirms.send();
        progress.ride();
    }

    private void admit(PendingRun run, EntryParts parts) {
        PartitionOwner owner = partition(run.partition());
        if (owner == null || owner.closing()) {
            run.refuse(GONE);
            return;
        }
        owner.admit(run, admitted);
        for (PendingRun accepted : admitted) {
            append(owner, accepted, parts);
        }
        admitted.clear();
    }

    private void append(PartitionOwner owner, PendingRun run, EntryParts parts) {
        Durability durability = owner.topic().settings().durability();
        if (durability == Durability.MEMORY) {
            owner.appendInMemory(run);
            return;
        }
        int bytes = run.storedBytes();
        if (parts.bytes > 0 && parts.bytes + bytes > ENTRY_BYTES_AIM) {
            propose(parts);
        }
        parts.sync |= durability == Durability.FSYNC;
        parts.add(owner, run, owner.take(run));
    }

    /** Runs that were parked or held are let in again. */
    void appendNow(PartitionOwner owner, List<PendingRun> runs) {
        EntryParts parts = new EntryParts();
        for (PendingRun run : runs) {
            append(owner, run, parts);
        }
        propose(parts);
        confirms.send();
    }

    /** {@code run} of a memory topic is stored from {@code baseOffset} on. */
    void confirm(PendingRun run, long baseOffset) {
        confirms.add(run, baseOffset);
    }

    private void propose(EntryParts parts) {
        if (parts.runs.isEmpty()) {
            return;
        }
        EntryHeader header = clock.nextHeader(EntryType.DATA);
        List<Proposed.Part> proposed = new ArrayList<>(parts.runs.size());
        PendingRun first = parts.runs.get(0);
        ByteWriter entry;
        int at = 0;
        if (parts.runs.size() == 1 && first.isCompact()) {
            entry = first.entryInPlace();
            at = first.entryAt();
            StoredRun stored = first.storeInPlace(parts.baseOffsets[0], header);
            proposed.add(new Proposed.Part(parts.owners.get(0), first, stored));
        } else {
            entry = new ByteWriter(EntryLayout.HEADER_BYTES + parts.bytes);
            EntryLayout.begin(entry);
            for (int i = 0; i < parts.runs.size(); i++) {
                PendingRun run = parts.runs.get(i);
                StoredRun stored = run.storeIn(entry, parts.baseOffsets[i], header);
                proposed.add(new Proposed.Part(parts.owners.get(i), run, stored));
            }
        }
        Check.that(
                RunLayout.holdTogether(entry.array(), at + EntryLayout.HEADER_BYTES, entry.size()),
                "runs of an entry do not hold together",
                header.shard(),
                header.index());
        EntryLayout.finish(entry, at, header);
        hand(
                new Proposed(header, entry.size() - at, proposed, Proposed.NO_BODY, Proposed.NOTHING),
                entry,
                at,
                parts.sync);
        parts.clear();
    }

    /** A partition has something that segments shall hold; it says so once until {@link #takeUnflushed}. */
    void markUnflushed(PartitionOwner owner) {
        unflushed.add(owner);
    }

    /** What the flusher shall write next; counts as handed over. */
    Map<PartitionOwner, List<StoredRun>> takeUnflushed() {
        Map<PartitionOwner, List<StoredRun>> batch = new LinkedHashMap<>();
        for (PartitionOwner owner : unflushed) {
            List<StoredRun> runs = owner.takeUnflushed();
            if (!runs.isEmpty()) {
                batch.put(owner, runs);
            }
        }
        unflushed.clear();
        return batch;
    }

    void afterFlush(Map<PartitionOwner, List<StoredRun>> batch) {
        batch.forEach((owner, runs) -> owner.onFlushed(runs.get(runs.size() - 1).endOffset()));
        loop.memory().evict();
    }

    /** Proposes an entry that is not data; {@code onApplied} runs on the loop once it is committed and applied. */
    void propose(EntryType type, byte[] body, Runnable onApplied) {
        EntryHeader header = clock.nextHeader(type);
        ByteWriter out = new ByteWriter(EntryLayout.HEADER_BYTES + body.length);
        EntryLayout.begin(out);
        out.put(body);
        EntryLayout.finish(out, 0, header);
        hand(new Proposed(header, out.size(), List.of(), body, onApplied), out, 0, true);
    }

    private void hand(Proposed proposed, ByteWriter entry, int at, boolean sync) {
        inflight.add(proposed);
        inflightBytes += proposed.bytes();
        EntryHeader header = proposed.header();
        effects.append(this, header.epoch(), header.index(), entry.array(), at, proposed.bytes(), sync);
    }

    /** The journal holds everything up to {@code index}: what is committed by that is applied and confirmed. */
    void onSynced(long epoch, long index) {
        long commit = log.onSynced(epoch, index);
        while (!inflight.isEmpty() && inflight.element().header().index() <= commit) {
            Proposed entry = inflight.remove();
            inflightBytes -= entry.bytes();
            unflushedBytes += entry.bytes();
            for (Proposed.Part part : entry.parts()) {
                part.partition().commit(part.stored());
                confirms.add(part.published(), part.stored().baseOffset());
            }
            applier.onCommitted(entry.header(), entry.body());
            entry.onApplied().run();
        }
        confirms.send();
        markDirty();
    }

    void onTick(long nowMs) {
        if (!waiting.isEmpty() && mayAppend()) {
            markDirty();
        }
        for (PartitionOwner owner : partitions.values()) {
            owner.onTick(nowMs);
        }
        progress.onTick(nowMs);
        clock.onTick(nowMs);
        if (unflushedBytes > 0 && nowMs - flushedAtMs >= FLUSH_EVERY_MS) {
            flush();
        }
    }

    /** Opens groups that the catalog knows and the log does not: a crash came between the two. */
    void openMissingGroups(Runnable onDone) {
        Countdown countdown = new Countdown(partitions.size(), onDone);
        for (PartitionOwner owner : partitions.values()) {
            owner.onTopicChanged(owner.topic(), countdown::down);
        }
    }

    /**
     * The partition's topic or one of its groups has changed or ended in the catalog; {@code onDone} runs when that is
     * in force, new groups' beginnings committed.
     */
    void onCatalogChanged(Partition partition, Runnable onDone) {
        PartitionOwner owner = partitions.get(partition.id());
        if (owner == null) {
            onDone.run();
            return;
        }
        Topic topic = view.catalog().topic(partition.topicId());
        if (topic != null) {
            owner.onTopicChanged(topic, onDone);
            return;
        }
        partitions.remove(partition.id());
        owner.close("topic deleted");
        if (!owner.inMemoryOnly()) {
            effects.drop(partition);
        }
        onDone.run();
    }

    /** As {@link #onCatalogChanged} during recovery: nothing is opened, the log says where groups begin. */
    void onCatalogRecovered(Partition partition, boolean dropped) {
        PartitionOwner owner = partitions.get(partition.id());
        if (owner == null) {
            return;
        }
        if (dropped) {
            partitions.remove(partition.id());
            owner.close("topic deleted"); // its segments go at the end of the recovery
        } else {
            Topic topic = view.catalog().topic(partition.topicId());
            if (topic != null) {
                owner.onTopicRecovered(topic);
            }
        }
    }

    /** The broker stops: what waits for room does not get any. */
    void refuseParked(Refusal why) {
        for (PartitionOwner owner : crowded.toArray(PartitionOwner[]::new)) {
            owner.admission().refuseAllParked(why);
        }
    }

    /** Partitions at which publishes wait for room. */
    Set<PartitionOwner> crowded() {
        return crowded;
    }

    void forEachPartition(Consumer<PartitionOwner> action) {
        partitions.values().forEach(action);
    }

    long inflightBytes() {
        return inflightBytes;
    }
}

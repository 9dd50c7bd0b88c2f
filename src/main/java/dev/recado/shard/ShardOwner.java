package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ErrorCode;
import dev.recado.base.IntMap;
import dev.recado.base.Refusal;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.replication.ShardLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one shard on its home loop: joins runs into entries, proposes them to the journal, applies what is
 * committed and hands it on. Owned by its loop; before the loops start, by recovery.
 *
 * <p>What is said to it arrives by {@link #on}, what is published by {@link #accept}; runs and most commands wait in
 * one queue, so that a session's commands are served behind its own publishes. Appends stop while {@link
 * EntriesInFlight#BYTES_MAX} are on their way to the disk; what waits then is bounded by the sessions' unconfirmed
 * bytes.
 */
public final class ShardOwner implements ShardContext, ShardPort, TurnTask {

    private static final Refusal GONE = Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted");

    private final ShardView view;
    private final ShardEffects effects;
    private final ShardLog log;
    private final ShardLoop loop;
    private final IntMap<PartitionOwner> partitions = new IntMap<>();
    private final ArrayDeque<Queued> waiting = new ArrayDeque<>();
    private final EntriesInFlight inFlight;
    private final PendingReads reads;
    private final LettersUnderWay letters;
    private final SegmentFeed feed;
    private final ArrayDeque<ShardPartition> dirtyPartitions = new ArrayDeque<>();
    private final ProgressLog progress;
    private final DueTimes due = new DueTimes();
    private final ShardClock clock;
    private final EntryApplier applier = new EntryApplier(this);
    private final BiConsumer<EntryHeader, byte[]> onCommitted = applier::onCommitted;
    private final Confirms confirms;
    private final CrowdedPartitions crowded = new CrowdedPartitions();
    private final MessageView messageView = new MessageView();
    private final List<PendingRun> admitted = new ArrayList<>();
    /** Runs of this turn that become the next entry. */
    private final EntryParts gathered = new EntryParts();

    private final long behindBytesMax;
    private boolean dirty;
    private boolean working;

    public ShardOwner(ShardView view, ShardEffects effects, ShardLog log, ShardLoop loop) {
        this.view = view;
        this.effects = effects;
        this.log = log;
        this.loop = loop;
        this.confirms = new Confirms(loop);
        this.progress = new ProgressLog(this);
        behindBytesMax = view.settings().flusherBehindBytesMax();
        this.clock = new ShardClock(view, log);
        this.inFlight =
                new EntriesInFlight(log.shard(), effects, clock, loop.coldPace().publishes());
        this.reads = new PendingReads(effects, log.shard());
        this.letters = new LettersUnderWay(effects, log.shard());
        this.feed = new SegmentFeed(this);
    }

    @Override
    public ShardView view() {
        return view;
    }

    @Override
    public ShardEffects effects() {
        return effects;
    }

    @Override
    public int number() {
        return log.shard();
    }

    public ShardLog log() {
        return log;
    }

    @Override
    public ProgressLog progress() {
        return progress;
    }

    @Override
    public MessageView messageView() {
        return messageView;
    }

    @Override
    public DueTimes due() {
        return due;
    }

    @Override
    public ShardClock clock() {
        return clock;
    }

    /** Applies an entry of the journal that is not data; one that cannot be read is unsound. Called by recovery. */
    public void applyRecovered(EntryHeader header, ByteReader body) {
        applier.onRecovered(header, body);
    }

    public Collection<PartitionOwner> partitions() {
        return partitions.values();
    }

    @Override
    public ShardLoop loop() {
        return loop;
    }

    @Override
    public void tell(ShardCommand command) {
        loop.dispatch(() -> on(command));
    }

    /** Has {@code command} done, now or in its turn. Called on the shard's loop. */
    public void on(ShardCommand command) {
        if (command.inTurn()) {
            queue(command);
        } else {
            command.applyTo(this);
        }
    }

    @Override
    public void accept(PendingRun run) {
        queue(run);
    }

    @Override
    public void enqueue(InnerTask task) {
        queue(task);
    }

    private void queue(Queued next) {
        waiting.add(next);
        markDirty();
    }

    /** The owner of {@code partition}, made on first use; null where its topic is gone. */
    @Nullable
    public PartitionOwner partition(Partition partition) {
        PartitionOwner owner = partitions.get(partition.id());
        if (owner == null) {
            Topic topic = view.catalog().topic(partition.topicId());
            if (topic == null) {
                return null;
            }
            owner = new PartitionOwner(this, topic, partition, 0, 0, Producers.NOBODY);
            new TopicChanges(owner).openGroupsOfNewPartition();
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
    public PartitionOwner partition(int partitionId) {
        PartitionOwner owner = partitions.get(partitionId);
        Partition partition = owner != null ? owner.partition() : view.catalog().partition(partitionId);
        return partition == null ? null : partition(partition);
    }

    EntriesInFlight inFlight() {
        return inFlight;
    }

    void discard(PartitionOwner owner) {
        partitions.remove(owner.partition().id());
    }

    @Override
    public PendingReads reads() {
        return reads;
    }

    @Override
    public LettersUnderWay letters() {
        return letters;
    }

    @Nullable
    public PartitionOwner existing(int partitionId) {
        return partitions.get(partitionId);
    }

    /** Puts in place what recovery has read; before the loops start. */
    void adopt(PartitionOwner owner) {
        partitions.put(owner.partition().id(), owner);
    }

    /** It leads, or has nothing to lead: turns do their work from now on, and what recovery left, as it may append. */
    public void begin() {
        working = true;
        forEachGroup(GroupOwner::onRecovered);
        markDirty();
    }

    @Override
    public boolean isWorking() {
        return working;
    }

    void forEachGroup(Consumer<GroupOwner> action) {
        for (PartitionOwner owner : partitions.values()) {
            for (GroupOwner group : owner.groups().all()) {
                action.accept(group);
            }
        }
    }

    /** Acknowledgements of what was not held, as groups that are open have counted. Called on the loop. */
    public long ignoredAcks() {
        long ignored = 0;
        for (PartitionOwner owner : partitions.values()) {
            for (GroupOwner group : owner.groups().all()) {
                ignored += group.group().totals().ignoredAcks();
            }
        }
        return ignored;
    }

    /** Acknowledgements came from somebody who is not there. */
    void ignored(int acknowledgements) {
        loop.counters().acksIgnored(acknowledgements);
    }

    /** Runs {@code task} once what groups have finished on that partition is as durable as it ever gets. */
    void whenDurable(int partitionId, Runnable task) {
        PartitionOwner partition = partitions.get(partitionId);
        if (partition == null || partition.inMemoryOnly()) {
            task.run();
        } else {
            progress.writeDurably(task);
        }
    }

    @Override
    public void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markOwner(this);
        }
    }

    @Override
    public void markDirty(ShardPartition partition) {
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
        feed.onTurn();
        loop.memory().evict();
        goOn();
    }

    /** Serves what waits for the flusher, where there is room now: another shard's flush may have made it. */
    public void goOn() {
        if (!waiting.isEmpty() && mayServe()) {
            markDirty();
        }
    }

    /** Whether what waits is served; on a low disk it is too, since that may make room there. */
    public boolean mayServe() {
        return mayAppend() || view.diskLow();
    }

    private boolean mayAppend() {
        return inFlight.bytes() < EntriesInFlight.BYTES_MAX && view.behindBytes() < behindBytesMax;
    }

    private void serveWaiting() {
        while (mayServe()) {
            Queued next = waiting.poll();
            if (next == null) {
                break;
            }
            serve(next);
        }
        inFlight.propose(gathered);
        confirms.send();
        progress.ride();
    }

    private void serve(Queued next) {
        if (next instanceof PendingRun run) {
            admit(run);
            return;
        }
        inFlight.propose(gathered);
        if (next instanceof ShardCommand command) {
            command.applyTo(this);
        } else {
            ((InnerTask) next).goOn();
        }
    }

    private void admit(PendingRun run) {
        PartitionOwner owner = partition(run.partition());
        if (owner == null || owner.closing()) {
            run.refuse(GONE);
            return;
        }
        owner.admit(run, admitted);
        for (int i = 0; i < admitted.size(); i++) {
            append(owner, admitted.get(i), gathered);
        }
        admitted.clear();
    }

    private void append(ShardPartition owner, PendingRun run, EntryParts parts) {
        Durability durability = owner.topic().settings().durability();
        if (durability == Durability.MEMORY) {
            owner.appendInMemory(run);
            return;
        }
        int bytes = run.storedBytes();
        boolean isFull = parts.bytes > 0 && parts.bytes + bytes > EntriesInFlight.ENTRY_BYTES_AIM;
        if (isFull || parts.bytes >= EntriesInFlight.ENTRY_BYTES_UNCOPIED && run.isFirst() && parts.areOneArray()) {
            inFlight.propose(parts);
        }
        parts.sync |= durability == Durability.FSYNC && run.synced;
        parts.add(owner, run, owner.take(run));
    }

    @Override
    public void appendNow(ShardPartition owner, List<PendingRun> runs) {
        EntryParts parts = new EntryParts();
        for (PendingRun run : runs) {
            append(owner, run, parts);
        }
        inFlight.propose(parts);
        confirms.send();
    }

    @Override
    public void confirm(PendingRun run, long baseOffset) {
        confirms.add(run, baseOffset);
    }

    @Override
    public void markUnflushed(ShardPartition partition) {
        feed.add(partition);
    }

    @Override
    public void propose(EntryType type, byte[] body, Runnable onApplied) {
        inFlight.propose(type, body, onApplied);
    }

    /** What is committed by that is applied and confirmed. */
    void onSynced(long epoch, long index) {
        feed.onCommitted(inFlight.commit(log.onSynced(epoch, index), onCommitted, confirms));
        confirms.send();
        inFlight.tellCommitted();
        markDirty();
    }

    public void onTick(long nowMs) {
        if (!waiting.isEmpty() && mayServe()) {
            markDirty();
        }
        if (effects.readsWait() || loop.memory().memoryTopics().isCrowded()) {
            // Whoever has some of that memory is to give it up, and nobody has a list of these.
            forEachPartition(PartitionOwner::tickSoon);
        }
        due.onTick(nowMs);
        progress.onTick(nowMs);
        tellTime();
        feed.onTick(nowMs);
    }

    /** Counts a pause that has waited for long enough, and tells the log of the time where nothing else does. */
    private void tellTime() {
        ShardClock.Pause pause = clock.look();
        if (pause != null) {
            forEachGroup(group -> group.onPause(pause.fromMs(), pause.ms()));
        }
        if (pause != null || inFlight.bytes() == 0 && clock.wantsStamp()) {
            propose(EntryType.CLOCK, ShardClock.body(pause), Proposed.NOTHING);
        }
    }

    /** What segments are to hold of its partitions. */
    public SegmentFeed feed() {
        return feed;
    }

    /** What the catalog says of its partitions' topics. */
    public ShardTopics topics() {
        return new ShardTopics(this);
    }

    CrowdedPartitions crowded() {
        return crowded;
    }

    @Override
    public void crowded(ShardPartition partition, boolean now) {
        crowded.set(partition, now);
    }

    public void forEachPartition(Consumer<PartitionOwner> action) {
        partitions.values().forEach(action);
    }

    @Override
    public long inflightBytes() {
        return inFlight.bytes();
    }
}

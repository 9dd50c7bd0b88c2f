package dev.recado.node;

import dev.recado.base.Chance;
import dev.recado.base.ErrorCode;
import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.broker.Figure;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.broker.session.CatalogAnswer;
import dev.recado.broker.session.Loop;
import dev.recado.broker.session.LoopBroker;
import dev.recado.broker.session.SessionNode;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Audit;
import dev.recado.shard.FifoShare;
import dev.recado.shard.Finder;
import dev.recado.shard.HandedShare;
import dev.recado.shard.HeldShare;
import dev.recado.shard.PatternQueue;
import dev.recado.shard.SegmentView;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardEffects;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardPort;
import dev.recado.shard.ShardView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One broker node: its loops, its shards, and what they share. Made and started by {@link NodeLife}; what is not final
 * here is set before the loops get work.
 */
public final class Node implements SessionNode, ShardView {

    private static final Refusal DISK_LOW =
            Refusal.of(ErrorCode.DISK_LOW, "free space is below disk.free-min: make room on the disk");
    private static final Refusal DISK_FULL = Refusal.of(ErrorCode.DISK_LOW, "the disk is full: make room on it");
    private static final Refusal MEMORY_LOW =
            Refusal.of(ErrorCode.MEMORY_LOW, "the heap is above memory.heap-mark-percent");

    /** Number of the shard in memory of the first loop; the others' are below. */
    public static final int MEMORY_SHARD = 0xFFFF;

    /** The shard of the catalog comes behind the shards of the partitions. */
    private final int metaShard;

    private volatile Audit audit = Audit.NONE;
    private final String version;
    private final BrokerSettings settings;
    private final TimeSource time;
    private final Chance chance;
    private final List<Loop> loops;
    private final List<ShardOwner> owners = new ArrayList<>();
    private final List<ShardPort> shards = new ArrayList<>();
    private final List<ShardOwner> memoryOwners = new ArrayList<>();
    private final List<ShardPort> memoryShards = new ArrayList<>();
    private final SegmentFlusher segments;
    private final SegmentView stored;
    private final StorageWatch watch;
    private final ColdReads coldReads;
    private final FifoShare deadLetterShare;
    private final HeldShare heldShare;
    private final ShardEffects effects = new NodeEffects(this);
    private final SpaceReturn spaceReturn = new SpaceReturn(this);
    private final LoopBroker sessions;
    private final Function<ShardOwner, ShardPort> asPort;
    private final Consumer<Throwable> onFailure;
    private final Ledger ledger = new Ledger();
    private final List<Supplier<Figure>> shown = new CopyOnWriteArrayList<>();
    private final AtomicLong lamport = new AtomicLong();
    private @Nullable CatalogLog catalogLog;
    private @Nullable GroupCommit journal;
    private volatile Catalog catalog;
    private volatile boolean diskLow;
    private volatile boolean freeIsLow;
    private volatile boolean spills = true;
    private volatile boolean memoryLow;
    private volatile boolean draining;
    private volatile boolean stopping;

    Node(NodeShape shape, NodePorts ports, List<Loop> loops, SegmentFlusher segments, StorageWatch watch) {
        this.version = shape.version();
        this.settings = shape.settings();
        this.time = ports.time();
        this.chance = ports.chance();
        this.metaShard = shape.shards();
        this.loops = List.copyOf(loops);
        this.segments = segments;
        this.stored = new StoreView(segments.store());
        this.watch = watch;
        long largest = settings.publishing().messageBytesMax() + (long) Finder.COLD_BYTES;
        // Two at least: two threads read.
        FifoShare coldShare = new FifoShare(Math.max(settings.storage().memoryTopicBytes() / 2, 2 * largest));
        this.coldReads = new ColdReads(
                ports.threads().readers(), segments.store(), watch, coldShare, largest, ports.onFailure());
        this.deadLetterShare = new FifoShare(Math.max(settings.storage().memoryTopicBytes() / 2, largest));
        this.heldShare = new HeldShare(settings.groups().heldBytesMax());
        this.asPort = ports.shards();
        this.onFailure = ports.onFailure();
        this.catalog = Catalog.empty(shape.shards());
        this.sessions = new LoopBroker(this, loops);
        addShares();
    }

    private void addShares() {
        HandedShare handed = loops.get(0).memory().handed();
        ledger.add("unconfirmed", settings.publishing().mailboxBytesMax(), () -> held(Loop.Held::unconfirmed));
        ledger.add("waiting", settings.publishing().mailboxBytesMax(), () -> held(Loop.Held::waiting));
        ledger.add("parked", settings.publishing().parkedBytesAllMax(), () -> held(Loop.Held::parked));
        ledger.add(
                "tail_cache",
                settings.storage().tailCacheBytes() + settings.flusherBehindBytesMax(),
                () -> held(Loop.Held::tailCache));
        ledger.add("memory_topics", settings.storage().memoryTopicBytes(), () -> held(Loop.Held::memoryTopics));
        ledger.add("pattern_mail", loops.size() * settings.patternMailBytesMax(), () -> loops.stream()
                .mapToLong(loop -> loop.patternMail().bytes())
                .sum());
        ledger.add("dead_letters", deadLetterShare.bytesMax(), deadLetterShare::bytes);
        ledger.add("cold_reads", coldReads.share().bytesMax(), () -> coldReads
                .share()
                .bytes());
        ledger.add("taps", loops.size() * loops.get(0).tapShare().bytesMax(), () -> held(Loop.Held::taps));
        ledger.add("handed", settings.storage().memoryTopicBytes(), () -> held(Loop.Held::handed));
        ledger.add("groups", heldShare.bytesMax(), heldShare::bytes);
        ledger.add("handed_large", handed.largeBytesMax(), handed::largeBytes);
    }

    private long held(ToLongFunction<Loop.Held> share) {
        return loops.stream().map(Loop::held).mapToLong(share).sum();
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public void change(CatalogChange change, ShardLoop loop, CatalogAnswer answer) {
        catalogLog().change(change, loop, answer);
    }

    /** The broker as transports see it, and what its sessions share. */
    LoopBroker sessions() {
        return sessions;
    }

    @Override
    public HeldShare heldShare() {
        return heldShare;
    }

    @Override
    public BrokerSettings settings() {
        return settings;
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public Chance chance() {
        return chance;
    }

    List<Loop> loops() {
        return loops;
    }

    @Override
    public List<ShardPort> shards() {
        return shards;
    }

    @Override
    public ShardPort shard(int number) {
        return shards.get(number);
    }

    @Override
    public ShardPort memoryShard(int loop) {
        return memoryShards.get(loop);
    }

    @Override
    public PatternQueue openQueue(int loop, int id, Topic topic, String pattern) {
        return PatternQueue.open(memoryOwners.get(loop), id, topic, pattern);
    }

    @Override
    public long ignoredAcks(ShardLoop loop) {
        return owners.stream()
                .filter(shard -> shard.loop() == loop)
                .mapToLong(ShardOwner::ignoredAcks)
                .sum();
    }

    /** Those that own {@link #shards}, in the same order. */
    public List<ShardOwner> owners() {
        return owners;
    }

    /** The owner of a shard, of one in memory too. */
    public ShardOwner owner(int number) {
        return number < owners.size() ? owners.get(number) : memoryOwners.get(MEMORY_SHARD - number);
    }

    void add(ShardOwner shard) {
        owners.add(shard);
        shards.add(asPort.apply(shard));
    }

    /** One a loop, in the loops' order. */
    void addMemory(ShardOwner shard) {
        memoryOwners.add(shard);
        memoryShards.add(asPort.apply(shard));
    }

    int metaShard() {
        return metaShard;
    }

    /** The time by which dropped partitions leave the trash: that of the catalog's log. Any thread. */
    long trashTimeMs() {
        return owners.get(metaShard).clock().nowMs();
    }

    /** The loop at home for a shard. */
    Loop homeOf(int shard) {
        return shard == metaShard ? loops.get(0) : loops.get(shard % loops.size());
    }

    SegmentFlusher segments() {
        return segments;
    }

    @Override
    public long behindBytes() {
        return segments.behindBytes();
    }

    @Override
    public SegmentView stored() {
        return stored;
    }

    /** What shards have done by this node. */
    ShardEffects effects() {
        return effects;
    }

    SpaceReturn spaceReturn() {
        return spaceReturn;
    }

    @Override
    public FifoShare deadLetterShare() {
        return deadLetterShare;
    }

    ColdReads coldReads() {
        return coldReads;
    }

    CatalogLog catalogLog() {
        return Objects.requireNonNull(catalogLog, "the node is not built yet");
    }

    void catalogLog(CatalogLog made) {
        catalogLog = made;
    }

    GroupCommit journal() {
        return Objects.requireNonNull(journal, "the journal is not built yet");
    }

    void journal(GroupCommit made) {
        journal = made;
    }

    /** Makes a committed catalog the one that everybody routes by. */
    void publish(Catalog next) {
        catalog = next;
    }

    @Override
    public long nextLamport() {
        return lamport.incrementAndGet();
    }

    @Override
    public long lamport() {
        return lamport.get();
    }

    @Override
    public void onLamportSeen(long stamp) {
        lamport.accumulateAndGet(stamp, Math::max);
    }

    @Override
    public boolean diskLow() {
        return diskLow;
    }

    /**
     * {@code low}: whether nothing is published to it; {@code freeIsLow}: because less is free than the settings want;
     * {@code spills}: whether memory topics may take some of the disk.
     */
    void disk(boolean low, boolean freeIsLow, boolean spills) {
        this.freeIsLow = freeIsLow;
        diskLow = low;
        this.spills = spills;
    }

    @Override
    public boolean spills() {
        return spills;
    }

    boolean memoryLow() {
        return memoryLow;
    }

    void memoryLow(boolean low) {
        memoryLow = low;
    }

    /**
     * Why nothing may be stored now, or null. Asked by owners and not by sessions, so that the resend of a message that
     * is stored already is answered with its offset all the same.
     */
    @Override
    public @Nullable Refusal shortage(Durability durability) {
        if ((diskLow || watch.isReserveUsed()) && durability != Durability.MEMORY) {
            return freeIsLow ? DISK_LOW : DISK_FULL;
        }
        return memoryLow ? MEMORY_LOW : null;
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    /** Publishes are refused from now on. */
    void stopTaking() {
        draining = true;
        stopping = true;
    }

    @Override
    public boolean draining() {
        return draining;
    }

    /** Sessions are about to be ended: what they hold returns without counting. */
    void drain() {
        draining = true;
    }

    /** A bug or a failed storage: the process must not go on. */
    void fail(Throwable failure) {
        onFailure.accept(failure);
    }

    void tellShards(ShardCommand command) {
        shards.forEach(shard -> shard.tell(command));
    }

    @Override
    public boolean isMatched(Topic topic) {
        return sessions.shared().isMatched(topic);
    }

    CatalogChange newTopic(TopicName name, TopicSettings topicSettings) {
        return new CatalogChange.CreateTopic(name, chance.uuid(), topicSettings, true);
    }

    @Override
    public Audit audit() {
        return audit;
    }

    /** Where acts of administration are written down from now on. */
    void audit(Audit to) {
        audit = to;
    }

    /** Shows a figure that who runs the node knows, behind the node's own. Any thread. */
    void show(Supplier<Figure> figure) {
        shown.add(figure);
    }

    @Override
    public List<Figure> figures() {
        JournalCounters counters = journal().counters();
        List<Figure> figures = new ArrayList<>(List.of(
                Figure.counter("journal_groups", "groups of entries written to the journal", counters.groups()),
                Figure.counter("journal_syncs", "groups that ended in a sync of the disk", counters.syncs()),
                Figure.counter("journal_bytes", "bytes written to the journal", counters.bytes()),
                Figure.counter("journal_write_micros", "microseconds spent in writes and syncs", counters.micros()),
                Figure.gauge("segments_behind_bytes", "bytes on their way from the journal to segments", behindBytes()),
                Figure.gauge("topics", "topics, with the broker's own", catalog.topicCount()),
                Figure.gauge("partitions", "partitions of these topics", catalog.partitionCount()),
                Figure.gauge(
                        "groups_held_back",
                        "partitions of groups that hand out nothing new to keep within their memory",
                        heldShare.heldBackCount()),
                Figure.gauge("disk_low", "1 while publishes are refused for want of free space", diskLow ? 1 : 0),
                Figure.gauge("memory_low", "1 while publishes are refused for want of memory", memoryLow ? 1 : 0)));
        shown.forEach(figure -> figures.add(figure.get()));
        return figures;
    }
}

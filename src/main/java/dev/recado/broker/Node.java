package dev.recado.broker;

import dev.recado.base.BrokerException;
import dev.recado.base.Chance;
import dev.recado.base.ErrorCode;
import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.SegmentStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One broker node: its loops, shards and desks, and the {@link Broker} that transports see. Made and started by
 * {@link NodeLife}; what is not final here is set before the loops get work.
 */
public final class Node implements Broker, ShardView {

    private static final Refusal DISK_LOW = Refusal.of(ErrorCode.DISK_LOW, "free space is below disk.free-min");
    private static final Refusal MEMORY_LOW =
            Refusal.of(ErrorCode.MEMORY_LOW, "the heap is above memory.heap-mark-percent");

    /** The shard of the catalog comes behind the shards of the partitions. */
    private final int metaShard;

    private final String version;
    private final BrokerSettings settings;
    private final TimeSource time;
    private final Chance chance;
    private final List<Loop> loops;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<ShardOwner> shards = new ArrayList<>();
    private final List<ShardOwner> memoryShards = new ArrayList<>();
    private final SegmentDesk segments;
    private final StorageWatch watch;
    private final ColdReads coldReads;
    private final FifoShare deadLetterShare;
    private final HeldShare heldShare;
    private final ShardEffects effects = new NodeEffects(this);
    private final BrowseDesk browses = new BrowseDesk(this);
    private final PatternQueues patterns = new PatternQueues(this);
    private final Inboxes inboxes = new Inboxes(this);
    private final Interests interests = new Interests(this);
    private final SpaceReturn spaceReturn = new SpaceReturn(this);
    private final Registry registry;
    private final Consumer<Throwable> onFailure;
    private final Ledger ledger = new Ledger();
    private final AtomicLong lamport = new AtomicLong();
    /**
     * From a random number of 62 bits on: an address that lies in a durable topic must not reach a stranger after a
     * restart.
     */
    private final AtomicLong tokens;

    private @Nullable CatalogDesk catalogDesk;
    private @Nullable GroupCommit journal;
    private volatile Catalog catalog;
    private volatile boolean diskLow;
    private volatile boolean memoryLow;
    private volatile boolean draining;
    private volatile boolean stopping;

    Node(NodeShape shape, NodePorts ports, List<Loop> loops, SegmentDesk segments, StorageWatch watch) {
        this.version = shape.version();
        this.settings = shape.settings();
        this.time = ports.time();
        this.chance = ports.chance();
        this.tokens = new AtomicLong(chance.nextLong() >>> 2);
        this.metaShard = shape.shards();
        this.loops = List.copyOf(loops);
        this.segments = segments;
        this.watch = watch;
        long largest = settings.messageBytesMax() + (long) Finder.COLD_BYTES;
        // Two at least: two threads read.
        FifoShare coldShare = new FifoShare(Math.max(settings.memoryTopicBytes() / 2, 2 * largest));
        this.coldReads = new ColdReads(ports.readers(), segments.store(), watch, coldShare, largest, ports.onFailure());
        this.deadLetterShare = new FifoShare(Math.max(settings.memoryTopicBytes() / 2, largest));
        this.heldShare = new HeldShare(settings.groupHeldBytesMax());
        this.registry = new Registry(loops.get(0));
        this.onFailure = ports.onFailure();
        this.catalog = Catalog.empty(shape.shards());
        for (Loop loop : loops) {
            publishers.add(new Publisher(this, loop));
        }
        addShares();
    }

    private void addShares() {
        HandedShare handed = loops.get(0).memory().handed();
        ledger.add("unconfirmed", settings.mailboxBytesMax(), () -> held(Loop.Held::unconfirmed));
        ledger.add("waiting", settings.mailboxBytesMax(), () -> held(Loop.Held::waiting));
        ledger.add("parked", settings.parkedBytesAllMax(), () -> held(Loop.Held::parked));
        ledger.add(
                "tail_cache",
                settings.tailCacheBytes() + settings.flusherBehindBytesMax(),
                () -> held(Loop.Held::tailCache));
        ledger.add("memory_topics", settings.memoryTopicBytes(), () -> held(Loop.Held::memoryTopics));
        ledger.add("pattern_mail", loops.size() * settings.patternMailBytesMax(), () -> loops.stream()
                .mapToLong(loop -> loop.patternMail().bytes())
                .sum());
        ledger.add("dead_letters", deadLetterShare.bytesMax(), deadLetterShare::bytes);
        ledger.add("cold_reads", coldReads.share().bytesMax(), () -> coldReads
                .share()
                .bytes());
        ledger.add("taps", loops.size() * loops.get(0).tapShare().bytesMax(), () -> held(Loop.Held::taps));
        ledger.add("handed", settings.memoryTopicBytes(), () -> held(Loop.Held::handed));
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
    public String nodeId() {
        return settings.nodeId();
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Link open(SessionPort port, Patience patience) {
        Loop loop = currentLoop();
        long token = tokens.incrementAndGet();
        int before = loop.boundary().enter();
        LoopLink link = new LoopLink(this, loop, port, patience, token);
        loop.links().put(token, link);
        if (link.waits()) {
            // The session gets its link first.
            loop.execute(link.unanswered()::pauseIfCrowded);
        }
        loop.boundary().leave(before);
        return new GuardedLink(link);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        Loop loop = currentLoop();
        loop.boundary().judge(failure);
        loop.counters().sessionBugs++;
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return inboxes.prefix(name) + correlation;
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        Loop loop = currentLoop();
        int before = loop.boundary().enter();
        Future<Catalog> answer = change(change, loop);
        loop.boundary().leave(before);
        return loop.boundary().outside(answer);
    }

    /** Completes on {@code loop}. */
    Future<Catalog> change(CatalogChange change, Loop loop) {
        Promise<Catalog> done = Promise.promise();
        catalogDesk().change(change, loop, (catalog, refusal) -> {
            if (refusal == null) {
                done.complete(catalog);
            } else {
                done.fail(BrokerException.of(refusal));
            }
        });
        return done.future();
    }

    private Loop currentLoop() {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return loop;
            }
        }
        throw new IllegalStateException("a link is opened on one of the broker's event loops");
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

    Chance chance() {
        return chance;
    }

    List<Loop> loops() {
        return loops;
    }

    /** Shards of partitions, then {@code $meta}. */
    List<ShardOwner> shards() {
        return shards;
    }

    List<ShardOwner> memoryShards() {
        return memoryShards;
    }

    ShardOwner shard(int number) {
        return shards.get(number);
    }

    /** Who is told and asked what sessions want of {@code partition}. */
    ShardCommands commands(Partition partition) {
        return new ShardCommands(shard(partition.shard()));
    }

    int metaShard() {
        return metaShard;
    }

    /** The time by which dropped partitions leave the trash: that of the catalog's log. Any thread. */
    long trashTimeMs() {
        return shards.get(metaShard).clock().nowMs();
    }

    /** The loop at home for a shard. */
    Loop homeOf(int shard) {
        return shard == metaShard ? loops.get(0) : loops.get(shard % loops.size());
    }

    /** The shard of pattern subscriptions' queues on {@code loop}. */
    ShardOwner memoryShard(Loop loop) {
        return memoryShards.get(loop.index());
    }

    Publisher publisher(int loop) {
        return publishers.get(loop);
    }

    SegmentDesk segments() {
        return segments;
    }

    @Override
    public long behindBytes() {
        return segments.behindBytes();
    }

    @Override
    public SegmentStore store() {
        return segments.store();
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

    BrowseDesk browses() {
        return browses;
    }

    PatternQueues patterns() {
        return patterns;
    }

    Inboxes inboxes() {
        return inboxes;
    }

    Interests interests() {
        return interests;
    }

    Registry registry() {
        return registry;
    }

    CatalogDesk catalogDesk() {
        return Objects.requireNonNull(catalogDesk, "the node is not built yet");
    }

    void catalogDesk(CatalogDesk desk) {
        catalogDesk = desk;
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

    void diskLow(boolean low) {
        diskLow = low;
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
            return DISK_LOW;
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

    /** Whether sessions end because the broker does. */
    boolean draining() {
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

    void eachShard(Consumer<ShardOwner> action) {
        for (ShardOwner shard : shards) {
            shard.submit(() -> action.accept(shard));
        }
    }

    CatalogChange newTopic(TopicName name, TopicSettings topicSettings) {
        return new CatalogChange.CreateTopic(name, chance.uuid(), topicSettings, true);
    }

    CatalogChange newGroup(Topic topic, String group, GroupKind kind, GroupSettings groupSettings, StartPosition from) {
        return new CatalogChange.CreateGroup(topic.uuid(), group, kind, groupSettings, from, time.wallMs(), true);
    }

    /** Adds what is not counted by loops. */
    void addFigures(Map<String, Long> values) {
        JournalCounters counters = journal().counters();
        values.put("journal_groups", counters.groups());
        values.put("journal_syncs", counters.syncs());
        values.put("journal_bytes", counters.bytes());
        values.put("journal_write_micros", counters.micros());
        values.put("segments_behind_bytes", segments.behindBytes());
        values.put("topics", (long) catalog.topicCount());
        values.put("partitions", (long) catalog.partitionCount());
        values.put("groups_held_back", (long) heldShare.heldBackCount());
        values.put("disk_low", diskLow ? 1L : 0L);
        values.put("memory_low", memoryLow ? 1L : 0L);
        for (Ledger.Share share : ledger.shares()) {
            values.put("bytes_" + share.name(), share.bytes());
            values.put("bytes_" + share.name() + "_max", share.bytesMax());
        }
    }
}

package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.broker.session.PatternFeed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.Asker;
import dev.recado.shard.ColdPiece;
import dev.recado.shard.Measuring;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardEffects;
import dev.recado.shard.ShardOwner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What shards have done by the node. */
final class NodeEffects implements ShardEffects {

    private final Node node;
    /** One a loop. */
    private final Map<Integer, PatternFeed> feeds = new ConcurrentHashMap<>();
    /** One a shard that has published. */
    private final Map<Integer, ShardReceipts> receipts = new ConcurrentHashMap<>();

    NodeEffects(Node node) {
        this.node = node;
    }

    @Override
    public void append(int shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync) {
        node.journal().append(node.owner(shard), epoch, index, bytes, from, length, sync);
    }

    @Override
    public void applyCatalog(ByteReader body) {
        CatalogLog.apply(node, body);
    }

    @Override
    public void openSegments(Partition partition, Topic topic) {
        node.segments().open(partition, topic);
    }

    @Override
    public void flush(int shard, List<List<StoredRun>> runs) {
        node.segments().flush(node.owner(shard), runs);
    }

    @Override
    public void deleteBelow(int partition, long offset) {
        node.segments().deleteBelow(partition, offset);
        node.spaceReturn().onFreed();
    }

    @Override
    public void drop(int partition) {
        node.segments().drop(List.of(partition), node.trashTimeMs());
        node.spaceReturn().onFreed();
    }

    @Override
    public void measure(int shard, Measuring.Wish wish) {
        node.coldReads().execute(() -> {
            Measuring measuring = new Measuring(node.stored(), wish);
            measuring.segments();
            node.owner(shard).loop().dispatch(() -> node.owner(shard).on(new ShardCommand.Measured(measuring)));
        });
    }

    @Override
    public void read(int shard, int partition, long ticket, long offset, int bytesMax) {
        node.coldReads().read(node.owner(shard), partition, ticket, offset, bytesMax);
    }

    @Override
    public boolean readsWait() {
        return node.coldReads().share().isWanted();
    }

    @Override
    public void giveBack(ColdPiece piece) {
        node.coldReads().giveBack(piece);
    }

    @Override
    public void findTime(int shard, int partition, long ticket, long timeMs, long nowMs) {
        node.coldReads().findTime(node.owner(shard), partition, ticket, timeMs, nowMs);
    }

    @Override
    public void endTopic(int shard, Partition first, Topic topic) {
        new TopicEnds(node).end(node.owner(shard), first, topic);
    }

    @Override
    public void createDeadLetterTopic(int shard, long ticket, TopicName name) {
        ShardOwner owner = node.owner(shard);
        node.catalogLog()
                .change(
                        node.newTopic(name, node.settings().defaults().deadLetterTopic()),
                        owner.loop(),
                        (catalog, refusal) -> owner.on(new ShardCommand.TopicMade(ticket, refusal)));
    }

    @Override
    public void changeCatalog(CatalogChange change, Asker from, long ticket) {
        node.catalogLog().onAsked(change, from, ticket);
    }

    @Override
    public @Nullable List<Topic> route(int shard, TopicName exchange, String key, Draft draft) {
        int loop = node.owner(shard).loop().index();
        return node.sessions().shared().router(loop).topics(exchange, key, draft);
    }

    @Override
    public void publish(int shard, long ticket, Topic topic, Draft draft) {
        ShardOwner owner = node.owner(shard);
        Receipts heard = receipts.computeIfAbsent(shard, unused -> new ShardReceipts(owner));
        int loop = owner.loop().index();
        Partition to = node.sessions().shared().router(loop).partition(topic, draft, null, 0);
        node.loops().get(loop).publish(node.shard(to.shard()), to, draft, heard, ticket, null, 0);
    }

    @Override
    public void tap(int loop, int partition, List<StoredRun> runs) {
        node.loops().get(loop).tap(partition, runs);
    }

    @Override
    public void endTaps(int loop, int partition, String reason) {
        node.loops().get(loop).endTaps(partition, reason);
    }

    @Override
    public void feedPatterns(int shard, Topic topic, List<StoredRun> runs) {
        feeds.computeIfAbsent(
                        node.owner(shard).loop().index(),
                        loop -> new PatternFeed(
                                node.sessions().shared(), node.loops().get(loop)))
                .feed(topic, runs);
    }
}

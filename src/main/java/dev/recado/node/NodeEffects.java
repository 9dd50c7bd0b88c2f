package dev.recado.node;

import dev.recado.base.ByteReader;
import dev.recado.broker.session.PatternFeed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.CatalogAnswer;
import dev.recado.shard.ColdPiece;
import dev.recado.shard.Measuring;
import dev.recado.shard.PatternPort;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardEffects;
import dev.recado.shard.ShardLoop;
import java.util.List;

/** What shards have done by the node. */
final class NodeEffects implements ShardEffects {

    private final Node node;

    NodeEffects(Node node) {
        this.node = node;
    }

    @Override
    public void append(int shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync) {
        node.journal().append(node.shard(shard), epoch, index, bytes, from, length, sync);
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
        node.segments().flush(node.shard(shard), runs);
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
    public void measure(int shard, Measuring measuring) {
        node.coldReads().execute(() -> {
            measuring.segments();
            node.shard(shard).onMeasured(measuring);
        });
    }

    @Override
    public void read(int shard, int partition, long ticket, long offset, int bytesMax) {
        node.coldReads().read(node.shard(shard), partition, ticket, offset, bytesMax);
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
        node.coldReads().findTime(node.shard(shard), partition, ticket, timeMs, nowMs);
    }

    @Override
    public void createDeadLetterTopic(TopicName name, ShardLoop home, CatalogAnswer answer) {
        node.catalogLog().change(node.newTopic(name, node.settings().deadLetterTopic()), home, answer);
    }

    @Override
    public void publish(ShardLoop home, Topic topic, Draft draft, Receipts receipts, long ticket) {
        node.sessions().shared().publisher(home.index()).publish(topic, draft, receipts, ticket, null, 0);
    }

    @Override
    public ShardLoop loop(int index) {
        return node.loops().get(index);
    }

    @Override
    public PatternPort patterns(Partition partition, ShardLoop home) {
        // Their own queues are nobody's topic.
        return partition.id() < 0
                ? PatternPort.NONE
                : new PatternFeed(node.sessions().shared(), home);
    }
}

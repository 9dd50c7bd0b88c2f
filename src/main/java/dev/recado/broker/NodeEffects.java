package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What shards have done by the node. */
final class NodeEffects implements ShardEffects {

    private final Node node;

    NodeEffects(Node node) {
        this.node = node;
    }

    @Override
    public void append(ShardOwner shard, long epoch, long index, byte[] bytes, int from, int length, boolean sync) {
        node.journal().append(shard, epoch, index, bytes, from, length, sync);
    }

    @Override
    public void applyCatalog(ByteReader body) {
        CatalogDesk.apply(node, body);
    }

    @Override
    public void openSegments(Partition partition, Topic topic) {
        node.segments().open(partition, topic);
    }

    @Override
    public void flush(ShardOwner shard) {
        node.segments().flush(shard);
    }

    @Override
    public void deleteBelow(Partition partition, long offset) {
        node.segments().deleteBelow(partition, offset);
        node.spaceReturn().onFreed();
    }

    @Override
    public void drop(Partition partition) {
        node.segments().drop(List.of(partition.id()), node.trashTimeMs());
        node.spaceReturn().onFreed();
    }

    @Override
    public void measure(Runnable task) {
        node.coldReads().execute(task);
    }

    @Override
    public void read(PartitionOwner owner, long offset, int bytesMax, Consumer<ColdPiece> then) {
        node.coldReads().read(owner, offset, bytesMax, then);
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
    public void offsetOf(PartitionOwner owner, long timeMs, long nowMs, LongConsumer then) {
        node.coldReads().offsetOf(owner, timeMs, nowMs, then);
    }

    @Override
    public void createDeadLetterTopic(TopicName name, ShardLoop home, CatalogAnswer answer) {
        node.catalogDesk().change(node.newTopic(name, node.settings().deadLetterTopic()), home, answer);
    }

    @Override
    public void publish(ShardLoop home, Topic topic, Draft draft, Receipts receipts, long ticket) {
        node.publisher(home.index()).publish(topic, draft, receipts, ticket, null, 0);
    }

    @Override
    public ShardLoop loop(int index) {
        return node.loops().get(index);
    }

    @Override
    public PatternPort patterns(Partition partition, ShardLoop home) {
        // Their own queues are nobody's topic.
        return partition.id() < 0 ? PatternPort.NONE : new PatternFeed(node, home);
    }
}

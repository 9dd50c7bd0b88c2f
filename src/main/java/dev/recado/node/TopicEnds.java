package dev.recado.node;

import dev.recado.base.Countdown;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.Asker;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardLoop;
import dev.recado.shard.ShardOwner;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/** Topics that end without anybody's wish: with the start of the node, or by their owner's decision. */
final class TopicEnds {

    private final Node node;

    TopicEnds(Node node) {
        this.node = node;
    }

    /**
     * Ends what is transient, or belonged to a connection of the last run, with the messages that are left; completes
     * when that is in force.
     */
    Future<Void> endTransient() {
        List<Topic> ending = node.catalog().topics().stream()
                .filter(topic ->
                        topic.settings().isTransient() || topic.settings().isExclusive())
                .toList();
        Promise<Void> ended = Promise.promise();
        ShardLoop loop = node.homeOf(node.metaShard());
        loop.dispatch(() -> {
            Countdown left = new Countdown(ending.size(), ended::complete);
            for (Topic topic : ending) {
                node.catalogLog()
                        .change(new CatalogChange.DeleteTopic(topic.uuid()), loop, (catalog, refusal) -> left.down());
            }
        });
        return ended.future();
    }

    /**
     * Deletes a topic as the owner of its first partition, in {@code shard}, has decided, which has no dead letters on
     * their way: behind those of the other partitions.
     */
    void end(ShardOwner shard, Partition first, Topic topic) {
        Countdown others = new Countdown(topic.partitionCount() - 1, () -> drop(shard, first, topic));
        Asker answered = new NodeAsker(answer -> shard.loop().dispatch(others::down));
        for (int index = 1; index < topic.partitionCount(); index++) {
            Partition other = topic.partition(index);
            node.shard(other.shard())
                    .tell(new ShardCommand.ToPartition(
                            other,
                            answered,
                            0,
                            new PartitionCommand.AwaitLetters(PartitionCommand.AwaitLetters.OF_ALL)));
        }
    }

    private void drop(ShardOwner shard, Partition first, Topic topic) {
        node.catalogLog().change(new CatalogChange.DeleteTopic(topic.uuid()), shard.loop(), (catalog, refusal) -> {
            if (refusal != null) {
                shard.on(new ShardCommand.ToPartition(first, new PartitionCommand.Reopen()));
            }
        });
    }

    /** Has the owners of all topics that expire count from now on: who has none stored is not there yet. */
    void countAnew() {
        node.catalog().topics().forEach(this::used);
    }

    /** Tells whoever counts how long a topic is unused that it was used. */
    void used(Topic topic) {
        if (topic.settings().expiresMs() >= 0) {
            Partition first = topic.partition(0);
            node.shard(first.shard()).tell(new ShardCommand.ToPartition(first, new PartitionCommand.Used()));
        }
    }
}

package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Countdown;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.ShardCommand;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes one topic, behind the dead letters of it that are on their way. On a condition every partition's owner looks
 * and shuts its door, first that of partition 0, which alone looks at members; then the drop is proposed, or all doors
 * open again. Owned by the loop that was asked.
 */
final class Deletion {

    private final SessionNode node;
    private final Loop loop;
    private final Asks asks;
    private final Topic topic;
    private final Promise<Catalog> dropped = Promise.promise();
    private final List<Partition> shut = new ArrayList<>();
    private long ready;
    private @Nullable Refusal why;

    Deletion(SessionNode node, Loop loop, Asks asks, Topic topic) {
        this.node = node;
        this.loop = loop;
        this.asks = asks;
        this.topic = topic;
    }

    /** Whatever it is used for; answers the catalog without it. */
    Future<Catalog> start() {
        awaitLetters(this::drop);
        return dropped.future();
    }

    /** Answers how many messages were ready. */
    Future<Long> start(DeleteIf condition) {
        awaitLetters(() -> shut(condition));
        return dropped.future().map(catalog -> ready);
    }

    private void awaitLetters(Runnable then) {
        awaitLetters(loop, asks, topic, PartitionCommand.AwaitLetters.OF_ALL, then);
    }

    /** Runs {@code then} on {@code loop} behind the dead letters of a group, by its number, or of all. */
    static void awaitLetters(Loop loop, Asks asks, Topic topic, int group, Runnable then) {
        loop.sealAll();
        Countdown left = new Countdown(topic.partitionCount(), then);
        for (Partition partition : topic.partitions()) {
            asks.ask(partition, new PartitionCommand.AwaitLetters(group), answer -> left.down());
        }
    }

    private void shut(DeleteIf condition) {
        ask(topic.partition(0), condition, () -> {
            if (why == null) {
                askTheOthers(new DeleteIf(false, condition.empty()));
            } else {
                giveUp(why);
            }
        });
    }

    /** Who is a member anywhere is one on partition 0, which has shut its door. */
    private void askTheOthers(DeleteIf condition) {
        Countdown others = new Countdown(topic.partitionCount() - 1, this::decide);
        for (int index = 1; index < topic.partitionCount(); index++) {
            ask(topic.partition(index), condition, others::down);
        }
    }

    private void ask(Partition partition, DeleteIf condition, Runnable then) {
        PartitionCommand question = new PartitionCommand.Shut(condition.unused(), condition.empty());
        asks.ask(partition, question, answer -> {
            onAnswer(partition, answer);
            then.run();
        });
    }

    private void onAnswer(Partition partition, PartitionAnswer answer) {
        if (answer instanceof PartitionAnswer.Value value) {
            shut.add(partition);
            ready += value.value();
        } else {
            why = answer instanceof PartitionAnswer.Refused refused
                    ? refused.why()
                    : Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + topic.name());
        }
    }

    private void decide() {
        if (why == null) {
            drop();
        } else {
            giveUp(why);
        }
    }

    private void drop() {
        node.change(new CatalogChange.DeleteTopic(topic.uuid()), loop, (catalog, refusal) -> {
            if (refusal == null) {
                dropped.complete(catalog);
            } else {
                giveUp(refusal);
            }
        });
    }

    private void giveUp(Refusal refusal) {
        for (Partition partition : shut) {
            PartitionCommand reopen = new PartitionCommand.Reopen();
            node.shard(partition.shard()).tell(new ShardCommand.ToPartition(partition, reopen));
        }
        dropped.fail(BrokerException.of(refusal));
    }
}

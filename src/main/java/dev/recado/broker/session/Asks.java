package dev.recado.broker.session;

import dev.recado.core.topic.Partition;
import dev.recado.shard.Asker;
import dev.recado.shard.PartitionAnswer;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardPort;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What a session has asked partitions' owners and waits for. Owned by the session's loop. */
final class Asks implements Asker {

    private final SessionNode node;
    private final Loop loop;
    private final Map<Long, Consumer<PartitionAnswer>> open = new HashMap<>(0);
    private long lastTicket;
    /** Read on the owners' loops. */
    private volatile boolean gone;

    Asks(SessionNode node, Loop loop) {
        this.node = node;
        this.loop = loop;
    }

    /** {@code then} gets the answer on the session's loop. */
    void ask(Partition partition, PartitionCommand command, Consumer<PartitionAnswer> then) {
        node.shard(partition.shard()).tell(new ShardCommand.ToPartition(partition, this, ticketOf(then), command));
    }

    /** As {@link ShardCommand.NextNumber}; {@code then} gets the answer on the session's loop. */
    void askProducer(ShardPort shard, String namespace, String id, Consumer<PartitionAnswer> then) {
        shard.tell(new ShardCommand.NextNumber(namespace, id, this, ticketOf(then)));
    }

    private long ticketOf(Consumer<PartitionAnswer> then) {
        lastTicket++;
        open.put(lastTicket, then);
        return lastTicket;
    }

    @Override
    public void answered(long ticket, PartitionAnswer answer) {
        loop.dispatch(() -> {
            Consumer<PartitionAnswer> then = open.remove(ticket);
            if (then != null) {
                then.accept(answer);
            }
        });
    }

    @Override
    public boolean isThere() {
        return !gone;
    }

    /** The session has ended: long searches for it may stop. What was asked is answered all the same. */
    void end() {
        gone = true;
    }
}

package dev.recado.broker;

import dev.recado.core.topic.Partition;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What a session has asked partitions' owners and waits for. Owned by the session's loop. */
final class Asks implements Asker {

    private final LoopLink link;
    private final Map<Long, Consumer<PartitionAnswer>> open = new HashMap<>(0);
    private long lastTicket;
    /** Read on the owners' loops. */
    private volatile boolean gone;

    Asks(LoopLink link) {
        this.link = link;
    }

    /** {@code then} gets the answer on the session's loop. */
    void ask(Partition partition, PartitionCommand command, Consumer<PartitionAnswer> then) {
        lastTicket++;
        open.put(lastTicket, then);
        link.node().commands(partition).ask(partition, this, lastTicket, command);
    }

    @Override
    public void answered(long ticket, PartitionAnswer answer) {
        link.loop().dispatch(() -> {
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

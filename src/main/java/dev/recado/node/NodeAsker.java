package dev.recado.node;

import dev.recado.shard.Asker;
import dev.recado.shard.PartitionAnswer;
import java.util.function.Consumer;

/** The node asks a shard itself: {@code then} gets the answer on the shard's loop. */
record NodeAsker(Consumer<PartitionAnswer> then) implements Asker {

    @Override
    public void answered(long ticket, PartitionAnswer answer) {
        then.accept(answer);
    }

    @Override
    public boolean isThere() {
        return true;
    }
}

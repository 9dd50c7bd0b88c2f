package dev.recado.shard;

/** Where a shard is told what is said to it, in the order in which each loop says it: the one way to it. Any loop. */
public interface ShardPort extends RunTarget {

    /** Has {@code command} done; now, where this is the shard's loop and it does not wait for its turn. */
    void tell(ShardCommand command);

    /** Of a shard in this process: a call. */
    static ShardPort of(ShardOwner shard) {
        return new ShardPort() {
            @Override
            public void tell(ShardCommand command) {
                shard.loop().dispatch(() -> shard.on(command));
            }

            @Override
            public void accept(PendingRun run) {
                shard.publish(run);
            }

            @Override
            public ShardLoop loop() {
                return shard.loop();
            }
        };
    }
}

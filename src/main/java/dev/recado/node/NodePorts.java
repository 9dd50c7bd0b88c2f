package dev.recado.node;

import dev.recado.base.Chance;
import dev.recado.base.LoopTurns;
import dev.recado.base.TimeSource;
import dev.recado.base.Turns;
import dev.recado.base.WorkerTurns;
import dev.recado.broker.session.Loop;
import dev.recado.journal.Disk;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardPort;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The world as a node sees it: threads, storage, time and chance, and what lies between sessions and
 * shards. The machine's in production, a simulation's in tests.
 *
 * @param loops event loops, one {@link Loop} each
 * @param shards how what is said reaches a shard: by a call, as long as both are of one process
 * @param onFailure hears of bugs and of failed storage, from any thread: the node must not go on
 */
record NodePorts(
        List<LoopTurns> loops,
        Threads threads,
        Disk disk,
        TimeSource time,
        Chance chance,
        Function<ShardOwner, ShardPort> shards,
        Consumer<Throwable> onFailure) {

    /**
     * Threads beside the loops.
     *
     * @param journal one that writes and syncs the journal
     * @param flusher one that writes segments
     * @param readers those that read segments
     * @param life where start and stop do what blocks
     */
    record Threads(Turns journal, WorkerTurns flusher, WorkerTurns readers, Turns life) {}
}

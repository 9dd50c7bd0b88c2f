package dev.recado.node;

import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.SimDisk;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardProbe;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What has happened in simulations, so that a run can say whether it has seen what it is for. */
final class WorldFacts {

    static final String CRASH_IN_TRIM = "crash during a trim";
    static final String DROPPED_OVER_LEASE = "dropped over a lease";
    static final String PURGED_IN_CHECKPOINT = "purge during a checkpoint";
    static final String FULL_DISK = "full disk";
    static final String COLD_READ = "cold read";
    static final String SPILLED = "spilled";
    static final String AS_BYTES = "as bytes ";
    static final String SETTLED_AS_BYTES = AS_BYTES + "Settle";

    /** What a run has to meet. */
    static final List<String> WANTED = List.of(
            CRASH_IN_TRIM, DROPPED_OVER_LEASE, PURGED_IN_CHECKPOINT, FULL_DISK, COLD_READ, SPILLED, SETTLED_AS_BYTES);

    /** Every kind of change of the disk that a node makes while it lives. */
    static final List<String> CHANGES = List.of(
            "create journal",
            "write journal",
            "sync journal",
            "rename journal",
            "delete journal",
            "truncate journal",
            "sync directory journal",
            "create topics",
            "write topics",
            "sync topics",
            "truncate topics",
            "delete topics",
            "rename topics",
            "sync directory topics",
            "create state-0.tmp",
            "write state-0.tmp",
            "sync state-0.tmp",
            "rename state-0",
            "create state-1.tmp",
            "write state-1.tmp",
            "sync state-1.tmp",
            "rename state-1",
            "sync directory ");

    private final Map<String, Integer> seeds = new TreeMap<>();
    private final Map<String, Integer> now = new TreeMap<>();
    private final Map<String, Integer> crashes = new TreeMap<>();
    private SimSchedule.@Nullable Line readers;

    void readers(SimSchedule.Line line) {
        readers = line;
    }

    void count(String fact) {
        now.merge(fact, 1, Integer::sum);
    }

    /** A command or an answer went as bytes. */
    void onCrossed(Object said) {
        count(AS_BYTES + said.getClass().getSimpleName());
    }

    /** A life ends; {@code atDisk}: in the middle of a change of the disk. */
    void onCrash(SimDisk disk, @Nullable NodeLife life, boolean atDisk) {
        if (atDisk) {
            crashes.merge(disk.lostAt(), 1, Integer::sum);
        }
        look(disk);
        if (life != null && isTrimming(life.node())) {
            count(CRASH_IN_TRIM);
        }
    }

    /** Whether a trim, and the progress before it, are on their way to the log. */
    static boolean isTrimming(Node node) {
        return anyOwner(node, owner -> ShardProbe.trimmedTo(owner) > owner.logStart());
    }

    /** Whether a group has something in hand that is older than what was dropped for its topic's limit. */
    static boolean isDroppedOverLease(Node node) {
        return anyOwner(node, owner -> {
            TopicSettings settings = owner.topic().settings();
            return settings.overflow() == Overflow.DROP_OLDEST
                    && ShardProbe.dropped(owner) > 0
                    && ShardProbe.groups(owner).stream()
                            .anyMatch(group ->
                                    group.leased() > 0 && owner.end() - group.floor() > settings.limitMessages());
        });
    }

    private static boolean anyOwner(Node node, Predicate<PartitionOwner> holds) {
        return node.owners().stream()
                .anyMatch(shard -> shard.partitions().stream().anyMatch(holds));
    }

    private void look(SimDisk disk) {
        if (disk.fullCount() > 0) {
            count(FULL_DISK);
        }
        if (disk.exists(DataDirectory.SPILL)) {
            count(SPILLED);
        }
        if (readers != null && readers.ran() > 0) {
            count(COLD_READ);
        }
    }

    /** A simulation has ended: what it has seen counts once. */
    void endSeed(SimDisk disk) {
        look(disk);
        now.keySet().forEach(fact -> seeds.merge(fact, 1, Integer::sum));
        now.clear();
    }

    /** Takes over what one simulation has seen; any thread. */
    synchronized void add(WorldFacts one) {
        one.seeds.forEach((fact, count) -> seeds.merge(fact, count, Integer::sum));
        one.crashes.forEach((change, count) -> crashes.merge(change, count, Integer::sum));
    }

    /** Crashes in the middle of a change of the disk, by what and where that was. */
    Map<String, Integer> crashes() {
        return crashes;
    }

    /** In how many seeds {@code fact} occurred. */
    int seeds(String fact) {
        return seeds.getOrDefault(fact, 0);
    }

    @Override
    public String toString() {
        return "seeds with " + seeds + " crashes at " + crashes;
    }
}

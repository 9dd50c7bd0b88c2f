package dev.recado.shard;

import dev.recado.base.ByteWriter;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Lets tests of other rooms look into a shard. */
public final class ShardProbe {

    private ShardProbe() {}

    /** The groups that are open on a partition. */
    public static List<PartitionGroup> groups(PartitionOwner owner) {
        return Arrays.stream(owner.groups().all()).map(GroupOwner::group).toList();
    }

    /** Shows {@code look} each group that is open on a partition. */
    public static void eachGroup(PartitionOwner owner, BiConsumer<GroupDef, PartitionGroup> look) {
        for (GroupOwner group : owner.groups().all()) {
            look.accept(group.def(), group.group());
        }
    }

    /** The group of that name where it is open. */
    public static @Nullable PartitionGroup group(PartitionOwner owner, String name) {
        GroupOwner group = owner.groups().named(name);
        return group == null ? null : group.group();
    }

    /** How each group that is open stands, by its name. */
    public static Map<String, String> groupStates(PartitionOwner owner) {
        Map<String, String> states = new TreeMap<>();
        for (GroupOwner group : owner.groups().all()) {
            ByteWriter bytes = new ByteWriter(64);
            group.group().writeState(0, 0, bytes);
            states.put(
                    group.def().name(),
                    "floor=" + group.group().floor() + " cursor="
                            + group.group().cursor() + " " + HexFormat.of().formatHex(bytes.toByteArray()));
        }
        return states;
    }

    /** Behind the last message that was given an offset. */
    public static long nextOffset(PartitionOwner owner) {
        return owner.nextOffset();
    }

    /** Where the log will start once all trims that are under way are done. */
    public static long trimmedTo(PartitionOwner owner) {
        return owner.trimmedTo();
    }

    /** Messages given up for the topic's limit. */
    public static long dropped(PartitionOwner owner) {
        return owner.backlog().dropped();
    }

    public static boolean isTailEmpty(PartitionOwner owner) {
        return owner.tail().isEmpty();
    }

    /** What segments hold leaves memory. */
    public static long evict(PartitionOwner owner) {
        return owner.tail().evict(Long.MAX_VALUE);
    }

    /** The number behind the last committed one of a producer. */
    public static long nextCommitted(PartitionOwner owner, String producer) {
        return owner.producers().nextCommitted(producer);
    }

    /** Partitions that the clock had visited, each as often as it was. */
    public static long visits(ShardOwner shard) {
        return shard.due().visits();
    }

    /** Ends the subscriptions of all members on a partition. */
    public static void endMembers(PartitionOwner owner, String reason) {
        for (GroupOwner group : owner.groups().all()) {
            for (int slot = 0; slot < group.memberCount(); slot++) {
                Objects.requireNonNull(group.member(slot)).port().end(reason);
            }
        }
    }

    /** Runs {@code onDurable} once what groups have finished is as durable as it ever gets. */
    public static void writeProgress(ShardOwner shard, Runnable onDurable) {
        shard.progress().writeDurably(onDurable);
    }

    /** How old a time of the shard's log is. */
    public static long ageMs(ShardOwner shard, long stampMs) {
        return shard.clock().ageMs(stampMs);
    }
}

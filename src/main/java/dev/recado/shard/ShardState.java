package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.replication.LogClock;
import dev.recado.replication.ShardLog;
import java.util.function.BiConsumer;

/**
 * A shard's applied state as a section of the state file.
 *
 * <pre>
 * byte   version        3
 * long   epoch, appliedIndex, appliedEpoch, lamport
 *        clock          see {@link LogClock}
 * int    partitions     each: int id, long logStart, long end, long finishedBelow, block producers,
 *                       varint groups, each: int id, block state
 * </pre>
 *
 * <p>The state of a group is its version 2; in versions 1 and 2 it is its version 1, and there is no {@code
 * finishedBelow}. Version 1 has, instead of the clock, the last publish time before {@code lamport}: it was the log
 * time.
 */
public final class ShardState {

    private static final int VERSION = 3;
    private static final int VERSION_2 = 2;
    private static final int VERSION_1 = 1;

    private ShardState() {}

    /**
     * Whether {@link #encode} would tell now of messages as settled whose transaction the journal may not hold yet: it
     * has to, before such a state is on the disk. Other progress may be told early. Called on the shard's loop.
     */
    public static boolean isAhead(ShardOwner shard) {
        return shard.inFlight().anyTransaction();
    }

    /** Everything up to the shard's commit; called on its loop. */
    public static byte[] encode(ShardOwner shard) {
        ByteWriter out = new ByteWriter(1024);
        ShardLog log = shard.log();
        out.put(VERSION).putLong(log.epoch()).putLong(log.commitIndex()).putLong(log.commitEpoch());
        out.putLong(shard.view().lamport());
        shard.clock().encode(out);
        int countAt = out.skip(4);
        int count = 0;
        ByteWriter block = new ByteWriter(256);
        for (PartitionOwner owner : shard.partitions()) {
            if (!owner.inMemoryOnly()) {
                encode(owner, out, block);
                count++;
            }
        }
        out.setInt(countAt, count);
        return out.toByteArray();
    }

    private static void encode(PartitionOwner owner, ByteWriter out, ByteWriter block) {
        out.putInt(owner.partition().id()).putLong(owner.logStart()).putLong(owner.end());
        out.putLong(owner.backlog().finishedBelow());
        block.clear();
        owner.producers().encode(block);
        out.putBlock(block.array(), 0, block.size());
        out.putVarLong(owner.groups().counted().length);
        long nowMs = owner.view().time().monotonicMs();
        long logTimeMs = owner.shard().clock().nowMs();
        for (GroupOwner group : owner.groups().counted()) {
            block.clear();
            group.group().writeState(nowMs, logTimeMs, block);
            out.putInt(group.def().id()).putBlock(block.array(), 0, block.size());
        }
    }

    /** The log as it stood, without its partitions. */
    public static ShardLog decodeLog(int shard, byte[] section) {
        ByteReader in = new ByteReader(section);
        int version = in.readByte();
        check(version >= VERSION_1 && version <= VERSION, shard);
        long epoch = in.readLong();
        long index = in.readLong();
        long lastEpoch = in.readLong();
        LogClock clock;
        if (version == VERSION_1) {
            clock = new LogClock(in.readLong());
        } else {
            in.skip(Long.BYTES);
            clock = LogClock.decode(in);
        }
        check(!in.failed(), shard);
        return new ShardLog(shard, epoch, index, lastEpoch, clock);
    }

    /** Reads up to the partitions and answers the logical time. */
    private static long passHead(ByteReader in) {
        boolean old = in.readByte() == VERSION_1;
        in.skip((old ? 4 : 3) * Long.BYTES);
        long lamport = in.readLong();
        if (!old) {
            LogClock.decode(in);
        }
        return lamport;
    }

    /** Puts the partitions in place; those whose topic the catalog no longer knows are passed over. */
    public static void decodePartitions(ShardOwner shard, byte[] section) {
        ByteReader in = new ByteReader(section);
        shard.view().onLamportSeen(passHead(in));
        int count = in.readInt();
        for (int i = 0; i < count && !in.failed(); i++) {
            decodePartition(shard, in, section[0]);
        }
        check(in.consumed(), shard.log().shard());
    }

    private static void decodePartition(ShardOwner shard, ByteReader in, int version) {
        int id = in.readInt();
        long logStart = in.readLong();
        long end = in.readLong();
        long finishedBelow = version <= VERSION_2 ? 0 : in.readLong();
        byte[] producers = in.readBlock();
        Partition partition = shard.view().catalog().partition(id);
        Topic topic = partition == null ? null : shard.view().catalog().topic(partition.topicId());
        PartitionOwner owner = partition == null || topic == null
                ? null
                : new PartitionOwner(shard, topic, partition, logStart, end, producers);
        int groups = in.readVarInt(Integer.MAX_VALUE);
        for (int i = 0; i < groups && !in.failed(); i++) {
            int groupId = in.readInt();
            byte[] state = in.readBlock();
            if (owner != null) {
                finishedBelow = Math.max(finishedBelow, restoreGroup(owner, groupId, version, state));
            }
        }
        if (owner != null) {
            if (owner.groups().isEmpty()) {
                owner.backlog().finishedBelow(finishedBelow);
            }
            shard.adopt(owner);
        }
    }

    /** Answers the floor of a group that the catalog, which may be newer, knows no more; 0 of one that it knows. */
    private static long restoreGroup(PartitionOwner owner, int groupId, int version, byte[] state) {
        int groupVersion = version <= VERSION_2 ? 1 : PartitionGroup.FORMAT_VERSION;
        for (GroupDef def : owner.topic().groups()) {
            if (def.id() == groupId) {
                PartitionGroup group = PartitionGroup.readState(def.settings(), groupVersion, new ByteReader(state));
                owner.groups().put(new GroupOwner(owner, def, group));
                return 0;
            }
        }
        return PartitionGroup.readState(GroupSettings.DEFAULT, groupVersion, new ByteReader(state))
                .floor();
    }

    /** Tells of each partition the end, and of each of its groups the cursor; builds nothing. */
    public static void readEnds(byte[] section, BiConsumer<Integer, Long> ends, BiConsumer<Integer, Long> cursors) {
        ByteReader in = new ByteReader(section);
        passHead(in);
        int count = in.readInt();
        for (int i = 0; i < count && !in.failed(); i++) {
            int partition = in.readInt();
            cursors.accept(partition, in.readLong());
            ends.accept(partition, in.readLong());
            in.skip(section[0] <= VERSION_2 ? 0 : Long.BYTES);
            in.readBlock();
            int groups = in.readVarInt(Integer.MAX_VALUE);
            for (int j = 0; j < groups && !in.failed(); j++) {
                in.readInt();
                ByteReader state = new ByteReader(in.readBlock());
                state.readVarLong();
                cursors.accept(partition, state.readVarLong());
            }
        }
    }

    private static void check(boolean good, int shard) {
        if (!good) {
            throw new IllegalStateException("state file: section of shard cannot be read shard=" + shard);
        }
    }
}

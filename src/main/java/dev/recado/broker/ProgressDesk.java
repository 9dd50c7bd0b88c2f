package dev.recado.broker;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.EntryType;
import dev.recado.journal.JournalRecovery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes what the groups of one shard have finished into its log: riding on a group of entries that is being written
 * anyway, else alone within {@code progressEveryMs}, at once where an acknowledgement asks for it.
 *
 * <p>Body of a {@code PROGRESS} entry: a byte for the version, then for each group the partition's number (int), the
 * group's number (int) and the group's delta as a block. That of a {@code PROGRESS_1} has no version.
 */
final class ProgressDesk {

    /** Progress older than that rides on the next entries. */
    private static final long RIDE_AGE_MS = 10;

    private final ShardOwner shard;
    private final Set<GroupOwner> dirty = new LinkedHashSet<>();
    private final List<Runnable> waiters = new ArrayList<>();
    private long dirtySinceMs;

    ProgressDesk(ShardOwner shard) {
        this.shard = shard;
    }

    /** The group has progress that the log does not hold. */
    void mark(GroupOwner group) {
        if (dirty.isEmpty()) {
            dirtySinceMs = shard.view().time().monotonicMs();
        }
        dirty.add(group);
    }

    /** The group has ended: nothing of it is written any more, and what it has counted is the loop's from now on. */
    void forget(GroupOwner group) {
        dirty.remove(group);
        shard.loop().counters().acksIgnored += group.group().ignoredAcksTotal();
    }

    /** Runs {@code onCommit} once everything that is finished now is committed; the write goes out at once. */
    void writeDurably(Runnable onCommit) {
        waiters.add(onCommit);
        shard.markDirty();
    }

    /**
     * End of the shard's turn: goes along where something waits for it or where it is old enough and entries go out.
     */
    void ride() {
        if (!waiters.isEmpty()) {
            write();
        } else if (!dirty.isEmpty()
                && shard.inflightBytes() > 0
                && shard.view().time().monotonicMs() - dirtySinceMs >= RIDE_AGE_MS) {
            write();
        }
    }

    void onTick(long nowMs) {
        if (!dirty.isEmpty() && nowMs - dirtySinceMs >= shard.view().settings().progressEveryMs()) {
            write();
        }
    }

    /** Writes what is dirty, in entries of bounded size. */
    void write() {
        List<Runnable> waiting = List.copyOf(waiters);
        waiters.clear();
        ByteWriter body = new ByteWriter(256).put(PartitionGroup.FORMAT_VERSION);
        long nowMs = shard.view().time().monotonicMs();
        long logTimeMs = shard.clock().nowMs();
        ByteWriter delta = new ByteWriter(64);
        List<GroupOwner> ready = new ArrayList<>(dirty);
        dirty.clear();
        for (GroupOwner group : ready) {
            if (group.resetting()) {
                dirty.add(group);
                continue;
            }
            while (group.group().progressDirty()) {
                delta.clear();
                group.group().writeProgress(nowMs, logTimeMs, delta);
                body.putInt(group.partition().partition().id())
                        .putInt(group.def().id());
                body.putBlock(delta.array(), 0, delta.size());
                if (body.size() >= ShardOwner.ENTRY_BYTES_AIM) {
                    shard.propose(EntryType.PROGRESS, body.toByteArray(), Proposed.NOTHING);
                    body.clear();
                    body.put(PartitionGroup.FORMAT_VERSION);
                }
            }
        }
        dirtySinceMs = nowMs;
        if (body.size() > 1 || !waiting.isEmpty()) {
            shard.propose(EntryType.PROGRESS, body.toByteArray(), () -> waiting.forEach(Runnable::run));
        }
    }

    /** Reads the version of a body, behind which the groups begin; unknown ones turn {@code in.failed()} on. */
    static int readVersion(EntryType type, ByteReader in) {
        int version = type == EntryType.PROGRESS_1 || in.remaining() == 0 ? 1 : in.readByte();
        if (version < 1 || version > PartitionGroup.FORMAT_VERSION) {
            in.skip(-1);
        }
        return version;
    }

    /** Applies a {@code PROGRESS} entry during recovery. */
    static void apply(ShardOwner shard, EntryType type, ByteReader in) {
        int version = readVersion(type, in);
        if (in.failed()) {
            throw new JournalRecovery.UnsoundEntry("progress of an unknown version=" + version);
        }
        while (in.remaining() > 0 && !in.failed()) {
            PartitionOwner partition = shard.existing(in.readInt());
            int groupId = in.readInt();
            byte[] delta = in.readBlock();
            GroupOwner group = partition == null ? null : partition.group(groupId);
            if (group != null) {
                group.group().applyProgress(version, new ByteReader(delta));
            }
        }
    }
}

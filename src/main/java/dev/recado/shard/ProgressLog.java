package dev.recado.shard;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.EntryType;
import java.util.ArrayList;
import java.util.Collection;
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
public final class ProgressLog {

    /** Progress older than that rides on the next entries. */
    private static final long RIDE_AGE_MS = 10;

    private final ShardContext shard;
    private final Set<GroupView> dirty = new LinkedHashSet<>();
    private final List<Runnable> waiters = new ArrayList<>();
    private long dirtySinceMs;

    ProgressLog(ShardContext shard) {
        this.shard = shard;
    }

    /** The group has progress that the log does not hold. */
    void mark(GroupView group) {
        if (dirty.isEmpty()) {
            dirtySinceMs = shard.view().time().monotonicMs();
        }
        dirty.add(group);
    }

    /** The group has ended: nothing of it is written any more, and what it has counted is the loop's from now on. */
    void forget(GroupView group) {
        dirty.remove(group);
        shard.loop().counters().acksIgnored(group.group().totals().ignoredAcks());
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
        List<GroupView> ready = new ArrayList<>(dirty);
        dirty.clear();
        for (GroupView group : ready) {
            if (group.resetting()) {
                dirty.add(group);
                continue;
            }
            while (group.group().progressDirty()) {
                putDelta(group, nowMs, logTimeMs, delta, body);
                if (body.size() >= EntriesInFlight.ENTRY_BYTES_AIM) {
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

    private static void putDelta(GroupView group, long nowMs, long logTimeMs, ByteWriter delta, ByteWriter body) {
        delta.clear();
        group.group().writeProgress(nowMs, logTimeMs, delta);
        body.putInt(group.partition().partition().id()).putInt(group.def().id());
        body.putBlock(delta.array(), 0, delta.size());
    }

    /**
     * What the log does not know of {@code groups}, as the body of an entry, which the caller proposes before anything
     * else happens; empty where there is nothing. None of them is being moved.
     */
    byte[] take(Collection<? extends GroupView> groups) {
        ByteWriter body = new ByteWriter(256).put(PartitionGroup.FORMAT_VERSION);
        ByteWriter delta = new ByteWriter(64);
        long nowMs = shard.view().time().monotonicMs();
        long logTimeMs = shard.clock().nowMs();
        for (GroupView group : groups) {
            dirty.remove(group);
            while (group.group().progressDirty()) {
                putDelta(group, nowMs, logTimeMs, delta, body);
            }
        }
        return body.size() > 1 ? body.toByteArray() : Proposed.NO_BODY;
    }

    /** Reads the version of a body, behind which the groups begin; unknown ones turn {@code in.failed()} on. */
    public static int readVersion(EntryType type, ByteReader in) {
        int version = type == EntryType.PROGRESS_1 || in.remaining() == 0 ? 1 : in.readByte();
        if (version < 1 || version > PartitionGroup.FORMAT_VERSION) {
            in.skip(-1);
        }
        return version;
    }
}

package dev.recado.broker.session;

import dev.recado.base.ByteWriter;
import dev.recado.base.IntMap;
import dev.recado.core.message.Draft;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.RunLayout;
import dev.recado.core.topic.Partition;
import dev.recado.shard.HandedShare;
import dev.recado.shard.PendingRun;
import dev.recado.shard.Receipts;
import dev.recado.shard.RunTarget;
import dev.recado.shard.ShardLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open runs of one event loop, one a partition, sealed once per turn and sent to their owners: one mailbox message
 * per owning loop, whatever the number of runs. Owned by its loop.
 *
 * <p>Small runs that begin in one turn and go to one target share an array, in the order in which they begin: where the
 * target takes them as they come, that array is the entry.
 */
final class RunBuilders {

    /** A run that reaches this size is sealed at once; entries are at most this large. */
    static final int RUN_BYTES_MAX = 256 * 1024 - 1024;

    /** A run that begins larger has an array of its own. */
    private static final int SHARING_BYTES_MAX = 4 * 1024;

    /** How large such an array is made. */
    private static final int SHARED_BYTES_MAX = 64 * 1024;

    private final ShardLoop loop;
    private final Runnable onDirty;
    private final IntMap<PendingRun> open = new IntMap<>();
    /** All of this turn, open or sealed, in the order in which they began: the order of what they share. */
    private List<PendingRun> begun = new ArrayList<>();

    private @Nullable PendingRun last;
    /** The partition with the largest runs of late and what they grow to: its next run begins as large. */
    private int busiest = -1;

    private int busiestBytes;
    private final Map<RunTarget, Shared> shared = new HashMap<>();
    private final List<Shared> sharedNow = new ArrayList<>();

    /**
     * The arrays that runs of one target share in this turn. The first is a little smaller than what a turn brings of
     * late, so that it is nearly always filled; what comes beyond goes into small ones.
     */
    private static final class Shared {
        private @Nullable ByteWriter array;
        private int filledBytes;
        private int usualBytes;

        ByteWriter array(int runBytes) {
            ByteWriter known = array;
            if (known == null) {
                known = begin(usualBytes - usualBytes / 4, runBytes);
            } else if (known.array().length - known.size() < runBytes) {
                filledBytes += known.size();
                known = begin(usualBytes / 4, runBytes);
            }
            return known;
        }

        private ByteWriter begin(int bytesWanted, int runBytes) {
            ByteWriter fresh = new ByteWriter(
                    EntryLayout.HEADER_BYTES + Math.max(runBytes, Math.min(bytesWanted, SHARED_BYTES_MAX)));
            array = fresh;
            return fresh;
        }

        void endTurn() {
            ByteWriter last = array;
            int bytes = filledBytes + (last == null ? 0 : last.size());
            usualBytes += (bytes - usualBytes) / 4;
            filledBytes = 0;
            array = null;
        }
    }

    /** {@code onDirty} asks for an end of turn. */
    RunBuilders(ShardLoop loop, Runnable onDirty) {
        this.loop = loop;
        this.onDirty = onDirty;
    }

    boolean isDirty() {
        return !begun.isEmpty();
    }

    /** Adds a message for a partition of {@code target}; answers its stored bytes. */
    int add(
            RunTarget target,
            Partition partition,
            Draft draft,
            Receipts owner,
            long ticket,
            @Nullable String producer,
            long sequence) {
        if (draft.bytes() > HandedShare.LARGE_MESSAGE_BYTES) {
            return addLarge(target, partition, draft, owner, ticket, producer, sequence);
        }
        PendingRun run = last;
        if (run == null || run.partition().id() != partition.id()) {
            run = open.get(partition.id());
        }
        if (run != null && !run.takes(producer, sequence)) {
            seal(run);
            run = null;
        }
        if (run == null) {
            run = begin(target, partition, expectedBytes(partition, draft));
            open.put(partition.id(), run);
            begun.add(run);
            onDirty.run();
        }
        last = run;
        int length = run.add(draft, owner, ticket, producer, sequence);
        if (run.bytes() >= RUN_BYTES_MAX) {
            seal(run);
        }
        return length;
    }

    private PendingRun begin(RunTarget target, Partition partition, int bytesExpected) {
        if (bytesExpected > SHARING_BYTES_MAX) {
            return new PendingRun(loop, target, partition, bytesExpected);
        }
        Shared places = shared.computeIfAbsent(target, unused -> new Shared());
        if (places.array == null) {
            sharedNow.add(places);
        }
        return new PendingRun(loop, target, partition, places.array(RunLayout.HEADER_BYTES + bytesExpected));
    }

    private int addLarge(
            RunTarget target,
            Partition partition,
            Draft draft,
            Receipts owner,
            long ticket,
            @Nullable String producer,
            long sequence) {
        PendingRun before = open.get(partition.id());
        if (before != null) {
            seal(before);
        }
        PendingRun run = PendingRun.ofOne(loop, target, partition, draft, owner, ticket, producer, sequence);
        begun.add(run);
        onDirty.run();
        return run.bytes();
    }

    /** Sends everything to its owners. */
    void sealAll() {
        open.values().forEach(this::learn);
        open.clear();
        last = null;
        sharedNow.forEach(Shared::endTurn);
        sharedNow.clear();
        if (!begun.isEmpty()) {
            List<PendingRun> runs = begun;
            begun = new ArrayList<>(runs.size());
            send(runs);
        }
    }

    private int expectedBytes(Partition partition, Draft first) {
        int busy = partition.id() == busiest ? busiestBytes + busiestBytes / 16 : 0;
        return Math.max(MessageLayout.sizeAtMost(first), busy);
    }

    private void learn(PendingRun run) {
        int bytes = run.count() <= 1 ? 0 : Math.min(run.bytes(), RUN_BYTES_MAX);
        if (run.partition().id() == busiest) {
            busiestBytes += (bytes - busiestBytes) / 8;
        } else if (bytes > busiestBytes) {
            busiest = run.partition().id();
            busiestBytes = bytes;
        } else {
            busiestBytes -= busiestBytes / 16;
        }
    }

    private void seal(PendingRun run) {
        learn(run);
        open.remove(run.partition().id());
        last = null;
    }

    private void send(List<PendingRun> runs) {
        Map<ShardLoop, List<PendingRun>> remote = new HashMap<>(4);
        for (PendingRun run : runs) {
            if (run.count() == 0) {
                continue; // its message could not be written
            }
            ShardLoop home = run.target().loop();
            if (home == loop) {
                run.target().accept(run);
            } else {
                remote.computeIfAbsent(home, unused -> new ArrayList<>()).add(run);
            }
        }
        remote.forEach((home, theirs) -> home.execute(() -> {
            for (PendingRun run : theirs) {
                run.target().accept(run);
            }
        }));
    }
}

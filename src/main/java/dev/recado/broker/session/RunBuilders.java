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
 * <p>Runs that begin in one turn and go to one target share an array, in the order in which they begin: where the
 * target takes them as they come, that array is the entry. A run that fills it goes on as another one in the next
 * array.
 */
final class RunBuilders {

    /** A run that reaches this size is sealed at once; entries are at most this large. */
    static final int RUN_BYTES_MAX = 256 * 1024 - 1024;

    /** A run of that size ends with its array, and another begins; a smaller one has it grow. */
    private static final int FULL_BYTES_MIN = 1024;

    /** An array of that size is worth an entry of its own. */
    private static final int WORTH_BYTES = 16 * 1024;

    private final ShardLoop loop;
    private final Runnable onDirty;
    private final IntMap<PendingRun> open = new IntMap<>();
    /** All of this turn, open or sealed, in the order in which they began: the order of what they share. */
    private List<PendingRun> begun = new ArrayList<>();

    private @Nullable PendingRun last;
    private final Map<RunTarget, Shared> shared = new HashMap<>();
    private final List<Shared> sharedNow = new ArrayList<>();

    /**
     * The arrays that runs of one target share in this turn: of what a turn brings of late the first takes three
     * quarters and the others a quarter each, or a quarter each where that is much, so that nearly all of them are
     * filled. One that is not costs its room and a copy of what is in it.
     */
    private static final class Shared {
        private @Nullable ByteWriter array;
        private int filledBytes;
        private int usualBytes;

        ByteWriter array(int runBytes) {
            ByteWriter known = array;
            if (known == null) {
                known = begin(Math.max(usualBytes / 4, Math.min(usualBytes - usualBytes / 4, WORTH_BYTES)), runBytes);
            } else if (known.array().length - known.size() < runBytes) {
                filledBytes += known.size();
                known = begin(usualBytes / 4, runBytes);
            }
            return known;
        }

        private ByteWriter begin(int bytesWanted, int runBytes) {
            ByteWriter fresh =
                    new ByteWriter(EntryLayout.HEADER_BYTES + Math.max(runBytes, Math.min(bytesWanted, RUN_BYTES_MAX)));
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
        int bytesAtMost = MessageLayout.sizeAtMost(draft);
        if (run != null
                && (!run.takes(producer, sequence) || run.bytes() >= FULL_BYTES_MIN && run.isFull(bytesAtMost))) {
            seal(run);
            run = null;
        }
        if (run == null) {
            run = begin(target, partition, bytesAtMost);
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

    private PendingRun begin(RunTarget target, Partition partition, int bytesAtMost) {
        Shared places = shared.computeIfAbsent(target, unused -> new Shared());
        if (places.array == null) {
            sharedNow.add(places);
        }
        return new PendingRun(loop, target, partition, places.array(RunLayout.HEADER_BYTES + bytesAtMost));
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

    private void seal(PendingRun run) {
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

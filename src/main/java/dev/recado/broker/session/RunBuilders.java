package dev.recado.broker.session;

import dev.recado.base.IntMap;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
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
 */
final class RunBuilders {

    /** A run that reaches this size is sealed at once; entries are at most this large. */
    static final int RUN_BYTES_MAX = 256 * 1024 - 1024;

    private final ShardLoop loop;
    private final Runnable onDirty;
    private final IntMap<PendingRun> open = new IntMap<>();
    private final List<PendingRun> sealed = new ArrayList<>();
    private @Nullable PendingRun last;
    /** The partition with the largest runs of late and what they grow to: its next run begins as large. */
    private int busiest = -1;

    private int busiestBytes;

    /** {@code onDirty} asks for an end of turn. */
    RunBuilders(ShardLoop loop, Runnable onDirty) {
        this.loop = loop;
        this.onDirty = onDirty;
    }

    boolean isDirty() {
        return !open.isEmpty() || !sealed.isEmpty();
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
            run = new PendingRun(loop, target, partition, expectedBytes(partition, draft));
            open.put(partition.id(), run);
            onDirty.run();
        }
        last = run;
        int length = run.add(draft, owner, ticket, producer, sequence);
        if (run.bytes() >= RUN_BYTES_MAX) {
            seal(run);
        }
        return length;
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
        sealed.add(run);
        onDirty.run();
        return run.bytes();
    }

    /** Sends everything that is open to its owners. */
    void sealAll() {
        if (!open.isEmpty()) {
            for (PendingRun run : open.values()) {
                if (run.count() > 0) {
                    learn(run);
                    sealed.add(run);
                }
            }
            open.clear();
            last = null;
        }
        if (!sealed.isEmpty()) {
            List<PendingRun> runs = new ArrayList<>(sealed);
            sealed.clear();
            send(runs);
        }
    }

    private int expectedBytes(Partition partition, Draft first) {
        int busy = partition.id() == busiest ? busiestBytes + busiestBytes / 16 : 0;
        return Math.max(MessageLayout.sizeAtMost(first), busy);
    }

    private void learn(PendingRun run) {
        int bytes = run.count() == 1 ? 0 : Math.min(run.bytes(), RUN_BYTES_MAX);
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
        sealed.add(run);
        last = null;
    }

    private void send(List<PendingRun> runs) {
        Map<ShardLoop, List<PendingRun>> remote = new HashMap<>(4);
        for (PendingRun run : runs) {
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

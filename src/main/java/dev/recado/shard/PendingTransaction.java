package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.Durability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction does in one shard: runs that it publishes, each of one partition, in their order, and what it
 * settles. It belongs to the shard's loop from its commit on.
 */
public final class PendingTransaction {

    /** Who hears what came of it; called on the publisher's loop, once. */
    public interface Receipt {

        /** All of it is stored, as durably as each topic promises. */
        void onStored();

        /** Nothing of it was done. */
        void onRefused(Refusal why);
    }

    /** Something that a member says of messages that it holds: {@link MemberCommand.Settle} or one of its like. */
    public record Settled(MemberId id, MemberPort from, MemberCommand command) {}

    private static final long NOT_WAITING = -1;
    private static final long LOOK_AGAIN_MS = 50;
    private static final Refusal GONE = Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted");
    private static final Refusal NOT_HELD = Refusal.of(
            ErrorCode.NOT_FOUND, "a message that the transaction settles is not held any more and is delivered again");
    private static final Refusal MOVING = Refusal.of(ErrorCode.TIMEOUT, "a group is being moved");

    private final ShardLoop origin;
    private final Receipts session;
    private final Receipt receipt;
    private final List<PendingRun> runs;
    private final List<Settled> settled;
    private volatile boolean abandoned;
    private long waitsSinceMs = NOT_WAITING;

    public PendingTransaction(
            ShardLoop origin, Receipts session, Receipt receipt, List<PendingRun> runs, List<Settled> settled) {
        this.origin = origin;
        this.session = session;
        this.receipt = receipt;
        this.runs = runs;
        this.settled = settled;
    }

    List<PendingRun> runs() {
        return runs;
    }

    List<Settled> settled() {
        return settled;
    }

    /** Whether it would rather wait for the end of a shortage than be refused. */
    boolean waits() {
        return session.waits();
    }

    /** The session is gone: what still waits is not to be done. Any thread. */
    public void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** For how long it has waited by {@code nowMs}; the first call begins the wait. */
    long waitedMs(long nowMs) {
        if (waitsSinceMs == NOT_WAITING) {
            waitsSinceMs = nowMs;
        }
        return nowMs - waitsSinceMs;
    }

    void stored() {
        origin.dispatch(receipt::onStored);
    }

    void refuse(Refusal why) {
        origin.dispatch(() -> receipt.onRefused(why));
    }

    /** On the shard's loop. */
    void perform(ShardOwner shard) {
        new Commit(shard, this).perform();
    }

    /**
     * Does what a transaction asks of one shard: looks first whether all of it can be done now, then settles, publishes
     * and proposes both as one entry, in one step of the loop. What cannot be done now, and may be later, is looked at
     * again until {@link ShardSettings#blockTimeoutMs} are over; then nothing of it is done. Owned by the shard's loop.
     *
     * <p>A message that it settles has to be held by that member still, or finished: else somebody else gets it, and
     * what was published in its place would come twice.
     */
    private static final class Commit {
        private final ShardOwner shard;
        private final PendingTransaction part;
        /** The highest offset in each partition of what is stored already. */
        private final Map<PartitionOwner, Long> known = new LinkedHashMap<>();

        Commit(ShardOwner shard, PendingTransaction part) {
            this.shard = shard;
            this.part = part;
        }

        void perform() {
            if (part.isAbandoned() || shard.view().stopping()) {
                part.refuse(ShardView.STOPPING);
                return;
            }
            Hindrance hindrance = hindrance();
            if (hindrance == null) {
                commit();
            } else if (hindrance.mayPass() && mayWait()) {
                shard.loop().after(LOOK_AGAIN_MS, () -> shard.on(new ShardCommand.Commit(part)));
            } else {
                part.refuse(hindrance.why());
            }
        }

        private boolean mayWait() {
            long nowMs = shard.view().time().monotonicMs();
            return part.waitedMs(nowMs) < shard.view().settings().blockTimeoutMs();
        }

        private @Nullable Hindrance hindrance() {
            for (PendingTransaction.Settled settled : part.settled()) {
                Hindrance hindrance = hindrance(settled);
                if (hindrance != null) {
                    return hindrance;
                }
            }
            for (Map.Entry<Integer, List<PendingRun>> runs : runsByPartition().entrySet()) {
                PartitionOwner owner = shard.partition(runs.getValue().get(0).partition());
                Hindrance hindrance = owner == null || owner.closing()
                        ? new Hindrance(GONE, false)
                        : hindrance(owner, runs.getValue());
                if (hindrance != null) {
                    return hindrance;
                }
            }
            return null;
        }

        /** What is stored already needs no room. */
        private @Nullable Hindrance hindrance(PartitionOwner owner, List<PendingRun> runs) {
            FreshNumbers numbers =
                    new FreshNumbers(owner.producers(), owner.shard().clock());
            List<PendingRun> fresh = new ArrayList<>(runs.size());
            boolean[] tooOld = new boolean[1];
            for (PendingRun run : runs) {
                Refusal refusal = run.producer() == null ? null : numbers.refusal(run);
                if (refusal != null) {
                    return new Hindrance(refusal, false);
                }
                fresh.addAll(
                        run.producer() == null
                                ? List.of(run)
                                : numbers.of(run, (message, offset) -> tooOld[0] |= offset < 0));
            }
            return tooOld[0]
                    ? new Hindrance(FreshNumbers.TOO_OLD, false)
                    : owner.admission().hindrance(fresh, part.waits());
        }

        private Map<Integer, List<PendingRun>> runsByPartition() {
            Map<Integer, List<PendingRun>> runs = new LinkedHashMap<>();
            for (PendingRun run : part.runs()) {
                runs.computeIfAbsent(run.partition().id(), unused -> new ArrayList<>())
                        .add(run);
            }
            return runs;
        }

        private @Nullable Hindrance hindrance(PendingTransaction.Settled settled) {
            GroupOwner group = group(settled.id());
            if (group == null) {
                return null; // nobody gets those messages any more
            }
            if (group.resetting()) {
                return new Hindrance(MOVING, true);
            }
            int member = group.member(settled.id()) == null
                    ? PartitionGroup.NONE
                    : settled.id().slot();
            return isOwn(settled.command(), group.group(), member) ? null : new Hindrance(NOT_HELD, false);
        }

        private @Nullable GroupOwner group(MemberId id) {
            PartitionOwner partition = shard.existing(id.partition());
            return partition == null ? null : partition.group(id.group());
        }

        private static boolean isOwn(MemberCommand command, PartitionGroup group, int member) {
            if (command instanceof MemberCommand.Settle settle) {
                long[] ranges = settle.ranges();
                boolean own = true;
                for (int i = 0; i < ranges.length; i += 2) {
                    own &= group.holdsOrFinished(member, ranges[i], ranges[i + 1]);
                }
                return own;
            }
            long offset = command instanceof MemberCommand.Return given
                    ? given.offset()
                    : ((MemberCommand.Reject) command).offset();
            return group.holdsOrFinished(member, offset, offset);
        }

        private void commit() {
            byte[] progress = Proposed.NO_BODY;
            if (!part.settled().isEmpty()) {
                shard.progress().write(); // what others have finished is no part of this
                progress = shard.progress().take(settle());
            }
            EntryParts parts = new EntryParts();
            for (PendingRun run : part.runs()) {
                PartitionOwner owner = shard.partition(run.partition());
                if (owner == null) {
                    throw new AssertionError("a partition went while a transaction was looked at");
                }
                append(owner, run, parts);
            }
            if (parts.runs.isEmpty() && progress.length == 0) {
                whenKnownIsCommitted();
            } else {
                shard.inFlight().proposeTogether(parts, progress, part::stored);
            }
        }

        /** All of it is stored already, or on its way to the disk: it is stored when that is. */
        private void whenKnownIsCommitted() {
            int[] left = {known.size()};
            if (known.isEmpty()) {
                part.stored();
            }
            known.forEach((owner, offset) -> owner.whenCommitted(Math.max(offset + 1, owner.end()), () -> {
                left[0]--;
                if (left[0] == 0) {
                    part.stored();
                }
            }));
        }

        /** Answers the groups whose progress is to be durable. */
        private Set<GroupOwner> settle() {
            Set<GroupOwner> durable = new LinkedHashSet<>();
            for (PendingTransaction.Settled settled : part.settled()) {
                MemberId id = settled.id();
                new ShardCommand.ToMember(id, settled.from(), settled.command()).applyTo(shard);
                GroupOwner group = group(id);
                if (group != null && !group.partition().inMemoryOnly()) {
                    durable.add(group);
                }
            }
            return durable;
        }

        /** A numbered message that is stored already, or stands in this transaction twice, is not stored again. */
        private void append(PartitionOwner owner, PendingRun run, EntryParts parts) {
            if (run.producer() == null) {
                appendFresh(owner, run, parts);
                return;
            }
            new FreshNumbers(owner.producers(), owner.shard().clock())
                    .of(run, (message, offset) -> known.merge(owner, offset, Math::max))
                    .forEach(fresh -> appendFresh(owner, fresh, parts));
        }

        private static void appendFresh(PartitionOwner owner, PendingRun run, EntryParts parts) {
            Durability durability = owner.topic().settings().durability();
            if (durability == Durability.MEMORY) {
                owner.appendInMemory(run);
            } else {
                parts.sync |= durability == Durability.FSYNC;
                parts.add(owner, run, owner.take(run));
            }
        }
    }
}

package dev.recado.broker;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.ProducerWindow;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Decides what of a run may be appended to a partition now: duplicates of numbered producers are answered with the old
 * offset, a full topic refuses, parks or makes room as its overflow policy says, a topic that a slow tap holds up keeps
 * its runs. Owned by the partition's loop.
 *
 * <p>A topic's limits are shared evenly by its partitions. Bytes of the backlog are told from the mean size of what is
 * kept.
 */
final class Admission {

    private static final Refusal FULL = Refusal.of(ErrorCode.TOPIC_FULL, "topic full");
    private static final Refusal TOO_OLD = Refusal.of(ErrorCode.SEQUENCE_TOO_OLD, "sequence too old");

    private static final Refusal TOO_MANY_PRODUCERS =
            Refusal.of(ErrorCode.LIMIT_REACHED, "too many producers number their messages on this partition");

    private final PartitionOwner owner;
    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private final Map<Receipts, Long> parkedBytes = new HashMap<>();
    private final ArrayDeque<PendingRun> held = new ArrayDeque<>();

    /** A run that waits for room since {@code sinceMs}; all of it is one publisher's. */
    private record Parked(PendingRun run, long sinceMs) {}

    Admission(PartitionOwner owner) {
        this.owner = owner;
    }

    void admit(PendingRun run, List<PendingRun> out) {
        if (owner.taps().holdUp() || !held.isEmpty()) {
            held.add(run);
            return;
        }
        admitNow(run, out);
    }

    private void admitNow(PendingRun run, List<PendingRun> out) {
        if (run.producer() != null) {
            for (PendingRun fresh : withoutDuplicates(run)) {
                limit(fresh, out);
            }
        } else {
            limit(run, out);
        }
    }

    private void limit(PendingRun run, List<PendingRun> out) {
        TopicSettings settings = owner.topic().settings();
        Refusal shortage = owner.node().shortage(settings.durability());
        if (shortage != null) {
            run.refuse(shortage);
            return;
        }
        if (!isLimited(settings) || settings.overflow() == Overflow.DROP_OLDEST) {
            out.add(run);
            return;
        }
        int room = parked.isEmpty() ? room(run, pendingIn(out)) : 0;
        if (room >= run.count()) {
            out.add(run);
            return;
        }
        if (room > 0) {
            out.add(run.part(0, room));
        }
        PendingRun rest = room == 0 ? run : run.part(room, run.count());
        if (settings.overflow() == Overflow.REJECT) {
            rest.refuse(FULL);
        } else {
            park(rest);
        }
    }

    private static int pendingIn(List<PendingRun> out) {
        int count = 0;
        for (PendingRun run : out) {
            count += run.count();
        }
        return count;
    }

    private boolean isLimited(TopicSettings settings) {
        return settings.limitMessages() > 0 || settings.limitBytes() > 0 || owner.inMemoryOnly();
    }

    /** How many messages of {@code run} the limits leave room for, beyond {@code pending} that are let in already. */
    private int room(PendingRun run, int pending) {
        TopicSettings settings = owner.topic().settings();
        int partitions = settings.partitions();
        long backlog = backlog() + pending;
        long room = run.count();
        if (settings.limitMessages() > 0) {
            room = Math.min(room, Math.max(1, settings.limitMessages() / partitions) - backlog);
        }
        long meanBytes = Math.max(1, run.bytes() / run.count());
        if (settings.limitBytes() > 0) {
            room = Math.min(room, settings.limitBytes() / partitions / meanBytes - backlog);
        }
        if (owner.inMemoryOnly()) {
            room = Math.min(room, owner.memory().memoryTopicRoom() / meanBytes);
        }
        return (int) Math.max(0, room);
    }

    /** Messages that count against the limits, those on their way to the disk included. */
    private long backlog() {
        long inflight = owner.nextOffset() - owner.end();
        if (owner.groups().isEmpty()) {
            return inflight + owner.end() - owner.logStart();
        }
        boolean queue = owner.topic().settings().kind() == TopicKind.QUEUE;
        long most = 0;
        for (GroupOwner group : owner.groups().all()) {
            most = Math.max(most, queue ? group.group().ready() : group.group().backlog());
        }
        return inflight + most;
    }

    private List<PendingRun> withoutDuplicates(PendingRun run) {
        String producer = Objects.requireNonNull(run.producer());
        ProducerWindow window = owner.producers().window(producer);
        if (window == null
                && !owner.producers().admits(producer, owner.node().time().wallMs())) {
            run.refuse(TOO_MANY_PRODUCERS);
            return List.of();
        }
        if (window == null || run.firstSequence() >= window.next()) {
            return List.of(run);
        }
        List<PendingRun> fresh = new ArrayList<>();
        int freshFrom = 0;
        for (int i = 0; i < run.count(); i++) {
            long known = window.offsetOf(run.firstSequence() + (long) i * run.stride());
            if (known == ProducerWindow.NOT_SEEN) {
                continue;
            }
            addRange(run, freshFrom, i, fresh);
            freshFrom = i + 1;
            answerKnown(run.part(i, i + 1), known);
        }
        addRange(run, freshFrom, run.count(), fresh);
        return fresh;
    }

    private static void addRange(PendingRun run, int from, int to, List<PendingRun> out) {
        if (from < to) {
            out.add(run.part(from, to));
        }
    }

    private void answerKnown(PendingRun message, long known) {
        if (known == ProducerWindow.TOO_OLD) {
            message.refuse(TOO_OLD);
        } else {
            owner.whenCommitted(
                    Math.max(known + 1, owner.end()), () -> message.origin().dispatch(() -> message.confirm(known)));
        }
    }

    private void park(PendingRun run) {
        long nowMs = owner.node().time().monotonicMs();
        int from = 0;
        for (int slice = 0; slice < run.slices(); slice++) {
            int to = from + run.count(slice);
            // It may wait for long: it must not hold more memory than it counts.
            PendingRun part = run.slices() == 1 && run.isCompact() ? run : run.part(from, to);
            Receipts publisher = run.receipts(slice);
            long bytes = parkedBytes.getOrDefault(publisher, 0L) + part.bytes();
            if (bytes > owner.node().settings().parkedBytesMax()) {
                part.refuse(FULL);
            } else {
                parkedBytes.put(publisher, bytes);
                owner.shard().crowded().add(owner);
                parked.add(new Parked(part, nowMs));
                part.tellParked(1);
            }
            from = to;
        }
    }

    private void unpark(Parked entry) {
        Receipts publisher = entry.run().receipts(0);
        long left = parkedBytes.getOrDefault(publisher, 0L) - entry.run().bytes();
        if (left > 0) {
            parkedBytes.put(publisher, left);
        } else {
            parkedBytes.remove(publisher);
        }
        if (parked.isEmpty()) {
            owner.shard().crowded().remove(owner);
        }
        entry.run().tellParked(-1);
    }

    /** Lets in what was parked or held, as far as there is room now. */
    void letIn() {
        if (parked.isEmpty() && (held.isEmpty() || owner.taps().holdUp())) {
            return;
        }
        while (!parked.isEmpty()) {
            Parked first = parked.element();
            int room = room(first.run(), 0);
            if (room == 0) {
                break;
            }
            parked.remove();
            unpark(first);
            letInPart(first, room);
        }
        while (!held.isEmpty() && !owner.taps().holdUp()) {
            List<PendingRun> out = new ArrayList<>();
            admitNow(held.remove(), out);
            append(out);
        }
    }

    /** Appended one by one, so that a second copy of a numbered message meets the first. */
    private void append(List<PendingRun> runs) {
        if (!runs.isEmpty()) {
            owner.shard().appendNow(owner, runs);
        }
    }

    private void letInPart(Parked entry, int room) {
        PendingRun run = entry.run();
        PendingRun now = room >= run.count() ? run : run.part(0, room);
        // Its producer may have come again meanwhile and sent the same numbers.
        append(now.producer() == null ? List.of(now) : withoutDuplicates(now));
        if (now != run) {
            PendingRun rest = run.part(room, run.count());
            parkedBytes.merge(rest.receipts(0), (long) rest.bytes(), Long::sum);
            parked.addFirst(new Parked(rest, entry.sinceMs()));
            owner.shard().crowded().add(owner);
            rest.tellParked(1);
        }
    }

    /** Refuses at once what {@code publisher} has waiting here. */
    void refuseParked(Receipts publisher) {
        parked.removeIf(entry -> {
            if (entry.run().receipts(0) != publisher) {
                return false;
            }
            unpark(entry);
            entry.run().refuse(FULL);
            return true;
        });
    }

    void onTick(long nowMs) {
        long timeoutMs = owner.node().settings().blockTimeoutMs();
        while (!parked.isEmpty() && nowMs - parked.element().sinceMs() >= timeoutMs) {
            Parked entry = parked.remove();
            unpark(entry);
            entry.run().refuse(FULL);
        }
        if (!parked.isEmpty() || !held.isEmpty()) {
            owner.markDirty();
        }
    }

    /** {@code overflow=drop-oldest}: groups over the limit finish their oldest ready messages. */
    void enforceDropOldest() {
        TopicSettings settings = owner.topic().settings();
        if (settings.overflow() != Overflow.DROP_OLDEST || !isLimited(settings)) {
            return;
        }
        long limit = limitMessages(settings);
        boolean queue = settings.kind() == TopicKind.QUEUE;
        for (GroupOwner group : owner.groups().all()) {
            while ((queue ? group.group().ready() : group.group().backlog()) > limit) {
                if (group.group().dropOldest() == PartitionGroup.NONE) {
                    break;
                }
                group.onProgress();
            }
        }
        // In steps: each trim is an entry of the log.
        if (owner.groups().isEmpty() && owner.end() - owner.logStart() > limit + limit / 16) {
            Trims.trim(owner, owner.end() - limit);
        }
    }

    private long limitMessages(TopicSettings settings) {
        int partitions = settings.partitions();
        long limit = Long.MAX_VALUE;
        if (settings.limitMessages() > 0) {
            limit = Math.max(1, settings.limitMessages() / partitions);
        }
        long kept = Math.max(1, owner.end() - owner.tail().start());
        long meanBytes = Math.max(1, owner.tail().bytes() / kept);
        if (settings.limitBytes() > 0) {
            limit = Math.min(limit, Math.max(1, settings.limitBytes() / partitions / meanBytes));
        }
        if (owner.inMemoryOnly() && owner.memory().memoryTopicRoom() <= 0) {
            limit = Math.min(limit, Math.max(1, kept / 2));
        }
        return limit;
    }

    void close() {
        Refusal gone = Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted");
        while (!parked.isEmpty()) {
            Parked entry = parked.remove();
            unpark(entry);
            entry.run().refuse(gone);
        }
        while (!held.isEmpty()) {
            held.remove().refuse(gone);
        }
    }
}

package dev.recado.shard;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.topic.BacklogLimit;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.ProducerWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a run may be appended to a partition now: duplicates of numbered producers are answered with the old
 * offset, a full topic refuses, parks or makes room as its overflow policy says, a topic that a slow tap holds up keeps
 * its runs; a shortage refuses, or parks what its publisher would rather wait with. Owned by the partition's loop.
 *
 * <p>A topic's limits are shared evenly by its partitions; see {@link Backlog} for what counts. A message that no empty
 * partition has room for is refused, whoever sends it. For {@code drop-oldest} see {@link DropOldest}.
 */
final class Admission {

    private static final Refusal FULL = Refusal.of(ErrorCode.TOPIC_FULL, "topic full");
    private static final Refusal UNSETTLED = Refusal.of(
            ErrorCode.DISK_LOW, "no state file could be written yet since a loss of power: make room on the disk");

    private final PartitionOwner owner;
    /** Made when the first run waits. */
    private @Nullable ParkedRuns parked;

    /** Made for the first. */
    private @Nullable ArrayDeque<PendingRun> held;

    private boolean unsettled;
    private boolean heldUp;
    private boolean limited;
    /** Nothing waits: there never is room. */
    private boolean handsOver;

    Admission(PartitionOwner owner) {
        this.owner = owner;
        onSettings();
    }

    /** The topic's settings are new. */
    void onSettings() {
        handsOver = HandOver.isOf(owner.topic().settings());
        limited = handsOver || !owner.backlog().limit().isNone();
    }

    boolean isHeldUp() {
        return heldUp;
    }

    /** A tap holds publishing up, or none does any longer. */
    void heldUp(boolean yes) {
        heldUp = yes;
        owner.markDirty();
    }

    void admit(PendingRun run, List<PendingRun> out) {
        if (heldUp || anyHeld()) {
            run.detach();
            ArrayDeque<PendingRun> known = held == null ? new ArrayDeque<>() : held;
            held = known;
            known.add(run);
            owner.tickSoon();
            return;
        }
        admitNow(run, out);
    }

    /**
     * Why {@code runs} cannot all be let in now, one behind the other, or null. A topic that {@code block}s may have
     * room later, and a shortage may end for who waits; what waits here already goes first.
     */
    @Nullable
    Hindrance hindrance(List<PendingRun> runs, boolean waits) {
        Refusal shortage = shortage();
        if (heldUp || anyHeld() || shortage != null) {
            return new Hindrance(shortage == null ? FULL : shortage, shortage == null || waits);
        }
        List<PendingRun> before = new ArrayList<>(runs.size());
        for (PendingRun run : runs) {
            for (int length : run.lengths()) {
                if (!canEverFit(run, length)) {
                    return new Hindrance(tooLong(length + owner.backlog().headOf(run)), false);
                }
            }
            if (anyParked() || isTooMuch(run, before)) {
                return new Hindrance(FULL, !overflow().refuses());
            }
            before.add(run);
        }
        return null;
    }

    /** What makes room by dead letters may be more at once than how many of these may be on their way. */
    private boolean isTooMuch(PendingRun run, List<PendingRun> before) {
        return makesRoom() ? Deaths.letterRoom(owner.groups()) == 0 : roomNow(run, before) < run.count();
    }

    /** Whether others are dropped for what comes. */
    private boolean makesRoom() {
        return overflow() == Overflow.DROP_OLDEST && !owner.spill().isOn();
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
        if (canEverFit(run, run.bytes())) {
            limitFitting(run, out);
            return;
        }
        int[] lengths = run.lengths();
        for (int from = 0; from < lengths.length; ) {
            boolean fits = canEverFit(run, lengths[from]);
            int to = from + 1;
            while (to < lengths.length && (fits ? canEverFit(run, lengths[to]) : lengths[to] == lengths[from])) {
                to++;
            }
            PendingRun part = from == 0 && to == lengths.length ? run : run.part(from, to);
            if (fits) {
                limitFitting(part, out);
            } else {
                refuseTooLong(part);
            }
            from = to;
        }
    }

    /** Whether an empty partition has room for messages of {@code run}; patterns get what their topics took. */
    private boolean canEverFit(PendingRun run, long messageBytes) {
        if (!limited || owner.partition().id() < 0) {
            return true;
        }
        Backlog backlog = owner.backlog();
        return backlog.limit().canEverFit(messageBytes + backlog.headOf(run));
    }

    /** All messages of {@code run} are of one length. */
    private void refuseTooLong(PendingRun run) {
        run.refuse(tooLong(run.firstLength() + owner.backlog().headOf(run)));
    }

    private Refusal tooLong(long bytes) {
        return Refusal.of(
                ErrorCode.MESSAGE_TOO_LONG,
                bytes + " bytes, limit " + owner.backlog().limit().bytesMax());
    }

    private void limitFitting(PendingRun run, List<PendingRun> out) {
        Refusal shortage = shortage();
        if (shortage == null && !anyParked()) {
            limitByRoom(run, out);
        } else if (shortage != null && !anyWaits(run)) {
            run.refuse(shortage);
        } else {
            queueUp(run, shortage, out);
        }
    }

    /** Whether this start found messages here that no state file tells of yet: none may follow them. */
    void settled(boolean yes) {
        unsettled = !yes;
        owner.markDirty();
    }

    private @Nullable Refusal shortage() {
        return unsettled
                ? UNSETTLED
                : owner.view().shortage(owner.topic().settings().durability());
    }

    private static boolean anyWaits(PendingRun run) {
        for (int slice = 0; slice < run.slices().count(); slice++) {
            if (run.slices().receipts(slice).waits()) {
                return true;
            }
        }
        return false;
    }

    private void limitByRoom(PendingRun run, List<PendingRun> out) {
        int room = roomNow(run, out);
        if (room >= run.count()) {
            out.add(run);
            return;
        }
        if (room > 0) {
            out.add(run.part(0, room));
        }
        PendingRun rest = room == 0 ? run : run.part(room, run.count());
        if (overflow().refuses()) {
            refuse(rest);
        } else {
            for (PendingRun part : ParkedRuns.bySlice(rest)) {
                parkOrLetIn(part, out);
            }
        }
    }

    private void refuse(PendingRun run) {
        if (overflow() == Overflow.REJECT_DEAD_LETTER) {
            new RefusedLetters(owner).publish(run);
        }
        run.refuse(FULL);
    }

    /** Others wait, or nothing may be stored: nothing overtakes what the same publisher has waiting. */
    private void queueUp(PendingRun run, @Nullable Refusal shortage, List<PendingRun> out) {
        for (PendingRun part : ParkedRuns.bySlice(run)) {
            if (part.slices().receipts(0).waits() || shortage == null && isWaitedFor()) {
                parkOrLetIn(part, out);
            } else if (shortage != null) {
                part.refuse(shortage);
            } else {
                limitByRoom(part, out);
            }
        }
    }

    private Overflow overflow() {
        return owner.topic().settings().overflow();
    }

    /** Whether a full topic may have its publishers wait: for want of memory if it spills, or for its dead letters. */
    private boolean isWaitedFor() {
        return overflow() == Overflow.BLOCK
                || overflow() == Overflow.DROP_OLDEST
                        && (owner.spill().isOn() || owner.topic().settings().deadLetters() != null);
    }

    /** How many messages of {@code run} may be let in beyond {@code pending}, which are let in already. */
    private int roomNow(PendingRun run, List<PendingRun> pending) {
        if (overflow() != Overflow.DROP_OLDEST) {
            return limited || owner.inMemoryOnly() ? room(run, pending) : run.count();
        }
        int room = limited ? roomByDrops(run, pending) : run.count();
        return owner.spill().isOn()
                ? Math.min(room, within(run, owner.memory().memoryTopics().roomFor(run, sizeOf(pending))))
                : room;
    }

    /** How many the limits leave room for, or will once others have been dropped, each that has to with its letter. */
    private int roomByDrops(PendingRun run, List<PendingRun> pending) {
        long letters = Deaths.letterRoom(owner.groups()) - countOf(pending);
        return letters >= run.count()
                ? run.count()
                : (int) Math.min(run.count(), room(run, pending) + Math.max(0, letters));
    }

    /** How many messages of {@code run} the limits leave room for, beyond {@code pending}. */
    private int room(PendingRun run, List<PendingRun> pending) {
        if (handsOver) {
            return 0;
        }
        Backlog backlog = owner.backlog();
        BacklogLimit limit = backlog.limit();
        long pendingBytes = sizeOf(pending);
        long room = run.count();
        if (limit.messagesMax() > 0) {
            room = Math.min(room, limit.roomForMessages(backlog.messages() + countOf(pending)));
        }
        long left = Long.MAX_VALUE;
        if (limit.bytesMax() > 0) {
            left = limit.roomForBytes(backlog.bytes() + pendingBytes) - backlog.headOf(run);
        }
        if (owner.inMemoryOnly()) {
            left = Math.min(left, owner.memory().memoryTopics().roomFor(run, pendingBytes));
        }
        return (int) Math.max(0, Math.min(room, within(run, left)));
    }

    private static int within(PendingRun run, long bytesMax) {
        return bytesMax < run.bytes() ? run.countWithin(bytesMax) : run.count();
    }

    private static long countOf(List<PendingRun> pending) {
        long messages = 0;
        for (PendingRun run : pending) {
            messages += run.count();
        }
        return messages;
    }

    private long sizeOf(List<PendingRun> pending) {
        long bytes = 0;
        for (PendingRun before : pending) {
            bytes += owner.backlog().sizeOf(before);
        }
        return bytes;
    }

    private List<PendingRun> withoutDuplicates(PendingRun run) {
        FreshNumbers numbers = new FreshNumbers(owner.producers(), owner.shard().clock());
        Refusal refusal = numbers.refusal(run);
        if (refusal != null) {
            run.refuse(refusal);
            return List.of();
        }
        return numbers.of(run, this::answerKnown);
    }

    private void answerKnown(PendingRun message, long known) {
        if (known == ProducerWindow.TOO_OLD) {
            message.refuse(FreshNumbers.TOO_OLD);
        } else {
            owner.whenCommitted(
                    Math.max(known + 1, owner.end()), () -> message.origin().dispatch(() -> message.confirm(known)));
        }
    }

    private void parkOrLetIn(PendingRun part, List<PendingRun> out) {
        if (part.slices().receipts(0).ofLetters() && makesRoom()) {
            out.add(part);
        } else {
            park(part);
        }
    }

    private void park(PendingRun part) {
        if (owner.view().stopping()) {
            part.refuse(ShardView.STOPPING);
        } else if (!parked().add(part)) {
            part.refuse(FULL);
        }
        owner.tickSoon();
    }

    private ParkedRuns parked() {
        ParkedRuns runs = parked;
        if (runs == null) {
            runs = new ParkedRuns(owner);
            parked = runs;
        }
        return runs;
    }

    private boolean anyParked() {
        return parked != null && !parked.isEmpty();
    }

    private boolean anyHeld() {
        return held != null && !held.isEmpty();
    }

    /** Lets in what was parked or held, as far as there is room now. */
    void letIn() {
        if (!anyParked() && (!anyHeld() || heldUp)) {
            return;
        }
        if (parked != null && shortage() == null) {
            letInParked(parked);
        }
        while (held != null && !held.isEmpty() && !heldUp) {
            List<PendingRun> out = new ArrayList<>();
            admitNow(held.remove(), out);
            append(out);
        }
    }

    private void letInParked(ParkedRuns runs) {
        for (PendingRun first = runs.first(); first != null; first = runs.first()) {
            if (!canEverFit(first, first.firstLength())) {
                refuseTooLong(runs.take(1)); // the limit was made smaller
                continue;
            }
            int room = roomForParked(first);
            if (room > 0) {
                PendingRun now = runs.take(room);
                // Its producer may have come again meanwhile and sent the same numbers.
                append(now.producer() == null ? List.of(now) : withoutDuplicates(now));
            } else if (overflow().refuses()) {
                refuse(runs.take(first.count()));
            } else {
                return;
            }
        }
    }

    /** An empty memory takes one message of a publisher that waits, whatever its size: it would wait for ever. */
    private int roomForParked(PendingRun first) {
        int room = roomNow(first, List.of());
        boolean stuck = room == 0
                && first.slices().receipts(0).waits()
                && isWaitedFor()
                && owner.inMemoryOnly()
                && (overflow() == Overflow.DROP_OLDEST || owner.backlog().messages() == 0)
                && owner.memory().memoryTopics().firmBytes() == 0
                && Deaths.letterRoom(owner.groups()) > 0;
        return stuck ? 1 : room;
    }

    /** Appended one by one, so that a second copy of a numbered message meets the first. */
    private void append(List<PendingRun> runs) {
        if (!runs.isEmpty()) {
            owner.shard().appendNow(owner, runs);
        }
    }

    /** Refuses at once what {@code publisher} has waiting here, unless it waits for ever. */
    void refuseParked(Receipts publisher) {
        if (parked != null) {
            parked.refuse(publisher, FULL);
        }
    }

    /** Refuses at once whatever waits here for room. */
    void refuseAllParked(Refusal refusal) {
        if (parked != null) {
            parked.refuseAll(refusal);
        }
    }

    /** Whether runs are parked or held: then each tick looks at them. */
    boolean isWaiting() {
        return anyParked() || anyHeld();
    }

    void onTick(long nowMs) {
        if (parked != null) {
            parked.refuseOlder(nowMs - owner.view().settings().blockTimeoutMs(), FULL);
        }
        if (isWaiting()) {
            owner.memory().memoryTopics().lookAgain();
            owner.markDirty();
        }
    }

    void close() {
        Refusal gone = Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "the topic was deleted");
        refuseAllParked(gone);
        while (held != null && !held.isEmpty()) {
            held.remove().refuse(gone);
        }
    }
}

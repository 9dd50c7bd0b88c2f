package dev.recado.shard;

import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets go of what every group has finished although an older message is still needed: runs of which nothing is needed
 * leave, and what is needed of a run that is mostly finished is copied out of it. Owned by the partition's loop.
 *
 * <p>It begins where much more is held than is in somebody's hands, and looks again at what it kept when an eighth of
 * that may have become finished; so a message is looked at and copied a few times, however long it stays. One turn
 * takes a bounded number of steps.
 */
final class TailSweep {

    /** Steps of one turn: a run looked at, eight messages walked over, or 512 bytes copied. */
    static final int STEPS_A_TURN = 4_096;

    /** Steps of a turn in which others wait for the memory. */
    static final int STEPS_IN_NEED = 65_536;

    /** Finished bytes that may stay beside as many as are in hand, while there is memory. */
    private static final long SLACK_BYTES = 64 * 1024;

    private static final List<StoredRun> NOTHING = List.of();

    private final Tail tail;
    private final Needs needs;
    private boolean passing;
    private boolean wanted;
    private long passAt;
    private long finishedThen;
    private long settledThen;
    private int steps;

    TailSweep(Tail tail, Needs needs) {
        this.tail = tail;
        this.needs = needs;
    }

    /** Somebody who needed messages is gone: what is kept is looked at once more. */
    void want() {
        wanted = true;
    }

    /** Answers whether more is to be done. {@code tight}: nothing finished shall stay that can go. */
    boolean work(long end, boolean tight, int stepsMax) {
        steps = stepsMax;
        if (passing || isPassDue()) {
            pass();
        }
        if (!passing) {
            settleHandedOut(end, tight);
        }
        return steps <= 0;
    }

    private boolean isPassDue() {
        KeptRuns kept = tail.kept();
        if (kept.isEmpty()) {
            return false;
        }
        long finished = Math.abs(needs.finishedCount() - finishedThen);
        long settled = needs.settledBytes() - settledThen;
        boolean byCount = finished >= atLeastOne(kept.count() / 8) && kept.count() > needs.inHandCount() * 9 / 8;
        boolean byBytes = settled >= atLeastOne(kept.bytes() / 8) && kept.bytes() > needs.inHandBytes() * 9 / 8;
        if (!byCount && !byBytes && !wanted) {
            return false;
        }
        wanted = false;
        passing = true;
        passAt = 0;
        finishedThen = needs.finishedCount();
        settledThen = needs.settledBytes();
        return true;
    }

    private static long atLeastOne(long value) {
        return Math.max(1, value);
    }

    private void pass() {
        StoredRun run = tail.kept().from(passAt);
        while (run != null && steps > 0) {
            passAt = run.endOffset();
            List<StoredRun> pieces = needed(run);
            if (pieces != null) {
                tail.settleKept(run, pieces);
            }
            run = tail.kept().from(passAt);
        }
        passing = run != null;
    }

    private void settleHandedOut(long end, boolean tight) {
        if (tail.firstHandedOut(end) == null) {
            return;
        }
        long cursor = needs.lowestCursor(end);
        long allowed = tight ? needs.inHandBytes() : 2 * needs.inHandBytes() + SLACK_BYTES;
        long excess = tail.bytesHandedOut(cursor) + tail.kept().bytes() - allowed;
        StoredRun run = tail.firstHandedOut(cursor);
        while (run != null && excess > 0 && steps > 0) {
            long before = tail.bytes();
            tail.settleFirst(needed(run));
            excess -= before - tail.bytes();
            run = tail.firstHandedOut(cursor);
        }
    }

    /** Copies of what is needed of a run, where they take half of its memory at most; null where all of it stays. */
    private @Nullable List<StoredRun> needed(StoredRun run) {
        steps--;
        long first = needs.next(run.baseOffset());
        if (first >= run.endOffset()) {
            return NOTHING;
        }
        if (first == run.baseOffset() && needs.nextGap(first, run.endOffset()) == run.endOffset()) {
            return null;
        }
        steps -= run.count() / 8;
        List<Piece> pieces = new ArrayList<>();
        long bytes = measure(run, first, pieces);
        if (2 * bytes > run.length() + Tail.RUN_OVERHEAD_BYTES) {
            return null;
        }
        steps -= (int) (bytes / 512);
        List<StoredRun> copies = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            copies.add(run.copyOf(piece.at, piece.bytes, piece.offset, piece.count));
        }
        return copies;
    }

    /** Messages that follow one another in a run. */
    private record Piece(int at, int bytes, long offset, int count) {}

    /** Finds the pieces from offset {@code first} on; answers what they would take. */
    private long measure(StoredRun run, long first, List<Piece> pieces) {
        long sum = 0;
        long offset = run.baseOffset();
        int at = run.messagesStart();
        long from = first;
        while (from < run.endOffset()) {
            long to = needs.nextGap(from, run.endOffset());
            at = skip(run, at, from - offset);
            int pieceEnd = skip(run, at, to - from);
            pieces.add(new Piece(at, pieceEnd - at, from, (int) (to - from)));
            sum += pieceEnd - at + Tail.RUN_OVERHEAD_BYTES;
            at = pieceEnd;
            offset = to;
            from = needs.next(to);
        }
        return sum;
    }

    private static int skip(StoredRun run, int start, long messages) {
        int at = start;
        for (long i = 0; i < messages; i++) {
            at += MessageLayout.length(run.bytes(), at);
        }
        return at;
    }
}

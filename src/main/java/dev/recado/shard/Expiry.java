package dev.recado.shard;

import dev.recado.core.group.GroupNeeds;
import dev.recado.core.topic.TopicSettings;
import java.util.IdentityHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finishes messages of one partition that lived for longer than they may, for every group and whether or not it has
 * members: what nobody will be handed neither fills the topic nor keeps its space. Owned by the partition's loop.
 *
 * <p>Each group is looked at from its head: what came back and is ready, the first of each priority, and its cursor, as
 * far as messages there have expired; those behind one that has not are judged once they are at the head, or handed
 * out. A log without a group loses what has expired at its start.
 */
final class Expiry {

    /** How often heads are looked at. */
    static final long EVERY_MS = 5_000;
    /** How often at most where somebody waits for what expires, which else may stay until the next look. */
    private static final long SOON_MS = 250;
    /** Messages that are judged in one turn before others get theirs. */
    private static final int STEPS_A_TURN = 4_096;

    /** Read at once where heads lie in segments: mostly it is one head that is wanted. */
    private static final int PIECE_BYTES = 64 * 1024;

    private static final long SPREAD = 1_237;
    private static final long NONE = -1;
    /** One for each level that messages may have. */
    private static final Object[] LEVELS =
            Stream.generate(Object::new).limit(TopicSettings.PRIORITIES_MAX + 1).toArray();

    private final PartitionOwner owner;
    /** While heads are looked for. */
    private @Nullable Finder finder;

    /** By the group for its cursor, by its needs for what came back, by a level, by this where there is no group. */
    private @Nullable IdentityHashMap<Object, Head> heads;

    private long nextMs;
    private boolean working;
    /** Nothing at a head ends, as far as is known; what happens to the partition may change that. */
    private boolean resting;
    /** In this pass something was met that ends, or could not be judged. */
    private boolean mortal;
    /** When the first of the heads that were met in this pass ends. */
    private long overMs;

    private long lookedMs;
    private int steps;
    /** Where there is no group: below that all have expired. */
    private long reached;

    /** A message at a head that has not expired, so that it need not be read again. */
    private record Head(long offset, long logTimeMs, long ttlMs) {}

    private enum Verdict {
        LIVES,
        OVER,
        GONE,
        /** It is being read, which goes on with the work, or the turn is used up. */
        LATER
    }

    Expiry(PartitionOwner owner) {
        this.owner = owner;
        // Not all at once: of many topics that nobody has read since the start, each may mean a read.
        nextMs = owner.view().time().monotonicMs()
                + Math.floorMod(owner.partition().id() * SPREAD, EVERY_MS);
    }

    /** The topic's time to live may be another. */
    void onSettings() {
        heads = null;
        reached = 0;
    }

    /** Something happened to the partition. */
    void onChange() {
        resting = false;
        if (isAwaited()) {
            nextMs = Math.min(nextMs, lookedMs + SOON_MS);
        }
    }

    /** Whether what expires is published elsewhere, for which it has to be in time. */
    private boolean isAwaited() {
        return owner.topic().settings().deadLetters() != null;
    }

    /** When it is to be looked again. */
    long dueMs() {
        return resting ? DueTimes.NEVER : nextMs;
    }

    void onTick(long nowMs) {
        if (!resting && nowMs >= nextMs) {
            lookedMs = nowMs;
            nextMs = nowMs + EVERY_MS;
            forgetClosed();
            working = true;
            work();
        }
    }

    private void forgetClosed() {
        if (heads != null && heads.size() > 2 * owner.groups().counted().length + 1 + LEVELS.length) {
            heads = null;
        }
    }

    /** Goes on from where it stands; comes again by itself while segments are read or much has expired. */
    private void work() {
        if (!working || owner.closing()) {
            endSearch();
            return;
        }
        steps = STEPS_A_TURN;
        mortal = false;
        overMs = Long.MAX_VALUE;
        boolean done = true;
        for (GroupOwner group : owner.groups().counted()) {
            done &= done && expire(group);
        }
        if (owner.groups().isEmpty() && owner.tail().isDurable()) {
            done = expireAtStart();
        }
        if (done) {
            working = false;
            resting = !mortal;
            if (isAwaited()) {
                nextMs = Math.min(nextMs, Math.max(overMs, lookedMs + SOON_MS));
            }
            endSearch();
        } else if (steps == 0) {
            owner.shard().loop().execute(this::work); // behind this turn
        }
    }

    private void endSearch() {
        if (finder != null) {
            finder.release();
            finder = null;
        }
    }

    private Finder finder() {
        Finder current = finder == null ? new Finder(owner, PIECE_BYTES, this::work) : finder;
        finder = current;
        return current;
    }

    /** Answers false where it has to go on later. */
    private boolean expire(GroupOwner group) {
        GroupNeeds needs = group.needs();
        boolean done = expire(group, needs, needs::firstReadyAgain)
                && expireByLevel(group, needs)
                && expire(group, group, () -> needs.cursor() < owner.end() ? needs.cursor() : NONE);
        if (steps < STEPS_A_TURN) {
            owner.markDirty();
        }
        return done;
    }

    private boolean expireByLevel(GroupOwner group, GroupNeeds needs) {
        boolean done = true;
        for (int level = needs.levelFrom(0); done && level != NONE; level = needs.levelFrom(level + 1)) {
            int current = level;
            done = expire(group, LEVELS[level], () -> needs.firstOf(current));
        }
        return done;
    }

    private boolean expire(GroupOwner group, Object of, LongSupplier heading) {
        for (long at = heading.getAsLong(); at != NONE; at = heading.getAsLong()) {
            Verdict verdict = steps == 0 ? Verdict.LATER : judge(of, at);
            if (verdict == Verdict.OVER) {
                if (!Deaths.expire(group, at)) {
                    mortal = true;
                    overMs = 0;
                    return true;
                }
            } else if (verdict == Verdict.GONE) {
                group.finish(at);
            } else {
                return verdict == Verdict.LIVES;
            }
            steps--;
        }
        return true;
    }

    /** Trims once the first that lives on is found, or the end: each trim is an entry of the log. */
    private boolean expireAtStart() {
        long from = Math.max(owner.backlog().floor(), owner.trimmedTo());
        reached = Math.max(reached, from);
        Verdict verdict = Verdict.OVER;
        while (reached < owner.end() && (verdict == Verdict.OVER || verdict == Verdict.GONE)) {
            verdict = steps == 0 ? Verdict.LATER : judge(this, reached);
            if (verdict == Verdict.OVER || verdict == Verdict.GONE) {
                reached++;
                steps--;
            }
        }
        if (verdict == Verdict.LATER) {
            return false;
        }
        if (reached > from) {
            owner.backlog().onExpired(reached - from);
            Trims.trim(owner, reached);
        }
        return true;
    }

    private Verdict judge(Object of, long offset) {
        Head known = heads == null ? null : heads.get(of);
        if (known != null && known.offset() == offset) {
            return isOver(known) ? Verdict.OVER : livesOn(known);
        }
        Finder search = finder();
        Finder.Outcome outcome = search.seek(offset);
        if (outcome != Finder.Outcome.FOUND) {
            mortal = true;
            return outcome == Finder.Outcome.LATER
                    ? Verdict.LATER
                    : outcome == Finder.Outcome.MISSING ? Verdict.GONE : Verdict.LIVES;
        }
        long ttlMs = search.cursor()
                .ttlMs(owner.shard().messageView(), owner.topic().settings().ttlMs());
        Head head = new Head(offset, search.cursor().run().logTimeMs(), ttlMs);
        if (isOver(head)) {
            return Verdict.OVER;
        }
        IdentityHashMap<Object, Head> all = heads == null ? new IdentityHashMap<>(2) : heads;
        heads = all;
        all.put(of, head);
        return livesOn(head);
    }

    private Verdict livesOn(Head head) {
        if (head.ttlMs() >= 0) {
            mortal = true;
            long leftMs = head.ttlMs() - owner.shard().clock().ageMs(head.logTimeMs());
            overMs = Math.min(overMs, owner.view().time().monotonicMs() + Math.max(0, leftMs));
        }
        return Verdict.LIVES;
    }

    private boolean isOver(Head head) {
        return owner.shard().clock().isOver(head.logTimeMs(), head.ttlMs());
    }
}

package dev.recado.shard;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When the groups of a loop hand out what was read of segments. Nobody publishes: as fast as it goes. Else in slices,
 * one group after the other, the loop's sockets being served before each; and none begins while a publish is on its way
 * to the disk, on whatever loop, since what is to be done for its answer needs a core at once.
 *
 * <p>No reader starves by that. What was waited is made up for: waits are two fifths of the time at most, and {@link
 * #WAIT_NANOS_MAX} besides. Where something is always under way, a wait ends after two such times at the latest and
 * {@link #PAID_BACK_NANOS} of slices follow. Who waits is bounded by the groups of the loop. Owned by its loop.
 */
public final class ColdPace {

    /** Bytes of messages in a slice, or one message. */
    static final int SLICE_BYTES = 64 * 1024;
    /** How many slices go as one where a turn of the loop takes long: what readers get is a share of the time. */
    static final int SLICES_MAX = 4;

    /** What a slice may take of a core; where a turn takes longer, the next slice is larger. */
    static final long SLICE_NANOS = 100_000;

    /** As fine as timers are. */
    static final long WAIT_NANOS_MAX = 1_000_000;
    /** After a wait in which there was always something under way, so that more of it would be in vain. */
    static final long PAID_BACK_NANOS = 4 * WAIT_NANOS_MAX;

    private final Home home;
    private final PublishesUnderWay publishes;
    /** Groups that have more to hand out, in the order of asking. */
    private final Set<Runnable> waiting = new LinkedHashSet<>();

    /** Whose turn it is: it begins its slice in its next turn, or lets it go at the end of that. */
    private @Nullable Runnable granted;

    private long grantedBytes = SLICE_BYTES;
    private boolean lookComes;
    private long lookAskedNanos;
    private boolean timerRuns;
    /** No slice begins, because of what is under way. Written by the loop. */
    private volatile boolean closed;

    private long closedNanos;
    /** Up to when {@link #owedNanos} counts. */
    private long countedNanos;
    /** Time for slices that readers have in hand, whatever is under way. */
    private long owedNanos;

    /** The loop that it belongs to. */
    public interface Home {

        /** Runs {@code task} on this loop, in the order of calls from one thread. Any thread. */
        void execute(Runnable task);

        /** Runs {@code task} on this loop, once it has served what its sockets have by now. Called on the loop. */
        void executeBehindSockets(Runnable task);

        /** Runs {@code task} on this loop once, in so many milliseconds, unless the broker has ended by then. */
        void after(long ms, Runnable task);
    }

    public ColdPace(Home home, PublishesUnderWay publishes) {
        this.home = home;
        this.publishes = publishes;
        this.countedNanos = publishes.nowNanos();
        publishes.whenNone(this::onNoneUnderWay);
    }

    PublishesUnderWay publishes() {
        return publishes;
    }

    /**
     * How many bytes the group that {@code wake} wakes may hand out in this turn, {@link Long#MAX_VALUE} for any; where
     * that is none it is woken once it may.
     */
    long begin(Runnable wake) {
        if (!publishes.isRecent(publishes.nowNanos())) {
            return Long.MAX_VALUE;
        }
        if (granted == wake) {
            granted = null;
            return grantedBytes;
        }
        await(wake);
        return 0;
    }

    /** The group that {@code wake} wakes has more to hand out: it is woken when it may. */
    void await(Runnable wake) {
        waiting.add(wake);
        lookSoon();
    }

    /** Whether the group that {@code wake} wakes will be woken. */
    boolean isWaiting(Runnable wake) {
        return waiting.contains(wake);
    }

    /** The turn of the group that {@code wake} wakes is over: a slice that it was granted and did not begin is gone. */
    void endTurn(Runnable wake) {
        if (granted == wake) {
            granted = null;
        }
    }

    /** Nobody of the group that {@code wake} wakes reads any more. */
    void forget(Runnable wake) {
        waiting.remove(wake);
        endTurn(wake);
    }

    private void lookSoon() {
        if (!lookComes && !closed) {
            lookComes = true;
            lookAskedNanos = publishes.nowNanos();
            home.executeBehindSockets(this::look);
        }
    }

    /** Grants a slice to whoever waits first, where one may go. */
    private void look() {
        lookComes = false;
        long nowNanos = publishes.nowNanos();
        if (!publishes.isRecent(nowNanos)) {
            List<Runnable> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(Runnable::run);
            return;
        }
        count(nowNanos, false);
        if (waiting.isEmpty() || owedNanos <= 0 && closes(nowNanos)) {
            return;
        }
        Runnable first = waiting.iterator().next();
        waiting.remove(first);
        granted = first;
        grantedBytes = SLICE_BYTES * Math.min(SLICES_MAX, Math.max(1, (nowNanos - lookAskedNanos) / SLICE_NANOS));
        first.run();
        if (!waiting.isEmpty()) {
            lookSoon();
        }
    }

    /** The time since the last count went to slices, or was {@code waited}. */
    private void count(long nowNanos, boolean waited) {
        long passed = Math.min(WAIT_NANOS_MAX, nowNanos - countedNanos);
        countedNanos = nowNanos;
        owedNanos = Math.max(-WAIT_NANOS_MAX, owedNanos + (waited ? passed * 3 / 2 : -passed));
    }

    /** Whether slices wait from now on. Looks twice, as what is under way may end on another thread in between. */
    private boolean closes(long nowNanos) {
        if (!publishes.isAny()) {
            return false;
        }
        closed = true;
        closed = publishes.isAny();
        if (closed) {
            closedNanos = nowNanos;
            startTimer();
        }
        return closed;
    }

    private void startTimer() {
        if (!timerRuns) {
            timerRuns = true;
            home.after(WAIT_NANOS_MAX / 1_000_000, this::onTimer);
        }
    }

    private void onTimer() {
        timerRuns = false;
        if (!closed) {
            return;
        }
        long nowNanos = publishes.nowNanos();
        if (nowNanos - closedNanos >= WAIT_NANOS_MAX) {
            count(nowNanos, true);
            owedNanos = PAID_BACK_NANOS;
            open();
        } else {
            startTimer();
        }
    }

    /** Any thread. */
    private void onNoneUnderWay() {
        if (closed) {
            home.execute(() -> {
                if (closed) {
                    count(publishes.nowNanos(), true);
                    open();
                }
            });
        }
    }

    private void open() {
        closed = false;
        lookSoon();
    }
}

package dev.recado.apps.monitor;

import dev.recado.apps.monitor.MonitorMessage.Kind;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The Bully algorithm (Garcia-Molina 1982) for one monitor: of those that reach each other the one with the highest id
 * leads. Pure: time comes in, messages go out by {@link Effects}; one owner.
 *
 * <p>A leader that was held up for half the leader's time-out no longer takes itself for one, since another may have
 * taken over: it asks again. Where the network is cut each part has a leader of its own until it heals; what keeps two
 * of them from acting is {@link ActingLock}.
 */
final class Bully {

    /** What the machine wants done; called from within its events. */
    interface Effects {
        void send(int to, Kind kind);

        /** Another leads now, or this one does. */
        void onLeader(int leader);
    }

    /**
     * Its times.
     *
     * @param heartbeatMs between two signs of life of the leader
     * @param leaderTimeoutMs without one, after which a follower asks for an election; several heartbeats
     * @param answerMs how long the higher ones have to answer one
     */
    record Times(long heartbeatMs, long leaderTimeoutMs, long answerMs) {}

    private enum Phase {
        /** Nothing was begun. */
        NEW,
        /** The higher ones were asked. */
        ELECTING,
        /** One of them is there, and has not said yet who leads. */
        WAITING,
        FOLLOWING,
        LEADING
    }

    /** No monitor has this id. */
    static final int NOBODY = 0;

    private final int id;
    private final SortedSet<Integer> others;
    private final Times times;
    private final Effects effects;
    private Phase phase = Phase.NEW;
    private int leader = NOBODY;
    private long untilMs;
    private long tickedMs;

    /** {@code others} are all monitors but this one. */
    Bully(int id, SortedSet<Integer> others, Times times, Effects effects) {
        this.id = id;
        this.others = new TreeSet<>(others);
        this.others.remove(id);
        this.times = times;
        this.effects = effects;
    }

    void start(long nowMs) {
        tickedMs = nowMs;
        elect(nowMs);
    }

    /** Who leads, as far as this one knows; {@link #NOBODY} while that is open. */
    int leader() {
        return leader;
    }

    boolean leads() {
        return phase == Phase.LEADING;
    }

    /** A message of another monitor; from one that is not known it says nothing. */
    void on(MonitorMessage message, long nowMs) {
        int from = message.from();
        if (phase == Phase.NEW || !others.contains(from)) {
            return;
        }
        switch (message.kind()) {
            case ELECTION -> onElection(from, nowMs);
            case ALIVE -> onAlive(from, nowMs);
            case VICTORY -> onLeads(from, true, nowMs);
            case HEARTBEAT -> onLeads(from, false, nowMs);
        }
    }

    private void onElection(int from, long nowMs) {
        if (from > id) {
            return;
        }
        effects.send(from, Kind.ALIVE);
        if (phase == Phase.LEADING) {
            effects.send(from, Kind.VICTORY);
        } else if (phase == Phase.FOLLOWING) {
            elect(nowMs);
        }
    }

    private void onAlive(int from, long nowMs) {
        if (from > id && phase == Phase.ELECTING) {
            phase = Phase.WAITING;
            untilMs = nowMs + times.leaderTimeoutMs();
        }
    }

    private void onLeads(int from, boolean anew, long nowMs) {
        if (from < id) {
            // It does not know of this one.
            if (phase == Phase.LEADING) {
                effects.send(from, Kind.VICTORY);
            } else if (phase == Phase.FOLLOWING) {
                elect(nowMs);
            }
        } else if (anew || phase != Phase.FOLLOWING || from >= leader) {
            follow(from, nowMs);
        }
    }

    private void follow(int from, long nowMs) {
        phase = Phase.FOLLOWING;
        untilMs = nowMs + times.leaderTimeoutMs();
        tell(from);
    }

    private void tell(int now) {
        if (leader != now) {
            leader = now;
            effects.onLeader(now);
        }
    }

    private void elect(long nowMs) {
        SortedSet<Integer> higher = others.tailSet(id + 1);
        if (higher.isEmpty()) {
            lead(nowMs);
            return;
        }
        phase = Phase.ELECTING;
        untilMs = nowMs + times.answerMs();
        tell(NOBODY);
        higher.forEach(one -> effects.send(one, Kind.ELECTION));
    }

    private void lead(long nowMs) {
        phase = Phase.LEADING;
        untilMs = nowMs + times.heartbeatMs();
        tell(id);
        others.forEach(one -> effects.send(one, Kind.VICTORY));
    }

    /** To be called several times a heartbeat. */
    void onTick(long nowMs) {
        boolean heldUp = nowMs - tickedMs > times.leaderTimeoutMs() / 2;
        tickedMs = nowMs;
        switch (phase) {
            case NEW -> {}
            case ELECTING -> {
                if (nowMs >= untilMs) {
                    lead(nowMs);
                }
            }
            case WAITING, FOLLOWING -> {
                if (nowMs >= untilMs) {
                    elect(nowMs);
                }
            }
            case LEADING -> {
                if (heldUp) {
                    tell(NOBODY);
                    elect(nowMs);
                } else if (nowMs >= untilMs) {
                    untilMs = nowMs + times.heartbeatMs();
                    others.forEach(one -> effects.send(one, Kind.HEARTBEAT));
                }
            }
        }
    }
}

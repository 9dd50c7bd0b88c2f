package dev.recado.core.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a {@link PartitionGroup} should be, as simply as it can be said: one object a message, every question a walk.
 */
final class GroupModel {

    enum State {
        READY,
        LEASED,
        BACKING_OFF,
        DYING,
        DONE
    }

    static final class Message {
        final long offset;
        State state = State.READY;
        int member;
        int attempt;
        int uncounted;
        long deadline;
        /** Handed out or passed before. */
        boolean seen;
        /** Its holder may have nothing else. */
        boolean alone;

        Message(long offset) {
            this.offset = offset;
        }

        Message(Message other) {
            offset = other.offset;
            state = other.state;
            attempt = other.attempt;
            uncounted = other.uncounted;
            deadline = other.deadline;
            seen = other.seen;
        }
    }

    GroupSettings settings;
    final List<Message> messages = new ArrayList<>();
    final List<Integer> ring = new ArrayList<>();
    final Map<Integer, Integer> credit = new HashMap<>();
    final List<Integer> paused = new ArrayList<>();
    final Set<Integer> silent = new HashSet<>();
    /** Members by when they were last heard of. */
    final List<Integer> heard = new ArrayList<>();

    int turn;
    int active = PartitionGroup.NONE;
    int draining = PartitionGroup.NONE;
    private int kept = PartitionGroup.NONE;
    private long keptUntil;
    long saved = 4_000;
    private long lookedAt = Long.MIN_VALUE;
    private long nowMs;
    /** Leases that each member was given. */
    private final Map<Integer, Integer> leases = new HashMap<>();
    /** Of late, since there was nothing to hand out. */
    final Map<Integer, Integer> handed = new HashMap<>();

    private int handedSum;
    /** How many of them had ended when its turn was kept in vain. */
    private final Map<Integer, Long> lapsed = new HashMap<>();

    private long drainEnds = Long.MAX_VALUE;
    private long drainRests = Long.MAX_VALUE;

    GroupModel(GroupSettings settings) {
        this.settings = settings;
    }

    /** What survives a crash, if the log knows everything. */
    GroupModel afterRestart() {
        GroupModel copy = new GroupModel(settings);
        for (Message message : messages) {
            Message again = new Message(message);
            if (again.state != State.DONE && again.state != State.BACKING_OFF) {
                again.state = State.READY;
            }
            copy.messages.add(again);
        }
        return copy;
    }

    void grow(int count) {
        for (int i = 0; i < count; i++) {
            messages.add(new Message(messages.size()));
        }
    }

    long count(Predicate<Message> which) {
        return messages.stream().filter(which).count();
    }

    long count(State state) {
        return count(message -> message.state == state);
    }

    long inFlight(int member) {
        return count(message -> message.state == State.LEASED && message.member == member);
    }

    int credit(int member) {
        return credit.getOrDefault(member, 0);
    }

    boolean hasRoom(int member) {
        return member != draining && hasRoomNow(member);
    }

    /** Whether there is room, if the member does not drain. */
    boolean hasRoomNow(int member) {
        return mayGet(member) && !holdsAlone(member) && inFlight(member) < credit(member);
    }

    boolean isShut(int member) {
        return silent.contains(member) && ring.size() > 1;
    }

    private boolean mayGet(int member) {
        return !paused.contains(member) && !isShut(member);
    }

    boolean holdsAlone(int member) {
        return count(message -> message.state == State.LEASED && message.member == member && message.alone) > 0;
    }

    boolean isIdle(int member) {
        return mayGet(member) && credit(member) > 0 && inFlight(member) == 0;
    }

    boolean goesAlone(Message message) {
        int max = settings.maxDeliveries();
        return max > 1 && message.seen && message.attempt - message.uncounted >= max - 1;
    }

    void hear(int member) {
        if (ring.contains(member)) {
            silent.remove(member);
            heard.remove((Integer) member);
            heard.add(member);
        }
    }

    int active() {
        boolean idle = active != PartitionGroup.NONE && silent.contains(active) && inFlight(active) == 0;
        if (active == PartitionGroup.NONE || idle) {
            int heir = active == PartitionGroup.NONE && !ring.isEmpty() ? ring.get(0) : active;
            active = ring.stream()
                    .filter(member -> !silent.contains(member))
                    .findFirst()
                    .orElse(heir);
        }
        return active;
    }

    /** Of the idle ones the one that was heard of last. */
    int chooseIdle() {
        int latest = PartitionGroup.NONE;
        for (int member : heard) {
            boolean mayHave = settings.strategy() != Strategy.SINGLE_ACTIVE || member == active();
            latest = mayHave && isIdle(member) ? member : latest;
        }
        return latest;
    }

    private boolean mayDrain(int member) {
        return mayGet(member) && credit(member) > 0 && !holdsAlone(member);
    }

    private boolean isFull(int member) {
        return member != draining
                && mayGet(member)
                && !holdsAlone(member)
                && credit(member) > 0
                && inFlight(member) >= credit(member)
                && lapsed.getOrDefault(member, -1L) != returned(member);
    }

    /** How many of its leases have ended. */
    private long returned(int member) {
        return leases.getOrDefault(member, 0) - inFlight(member);
    }

    private void lapse() {
        lapsed.put(kept, returned(kept));
        kept = PartitionGroup.NONE;
    }

    /** The turn of a member that is full is kept for 20 ms, and for one sixteenth of the time. */
    private boolean keepsTurn() {
        look();
        int from = turn >= ring.size() ? 0 : turn;
        int full = PartitionGroup.NONE;
        int next = PartitionGroup.NONE;
        for (int i = 0; i < ring.size() && next == PartitionGroup.NONE; i++) {
            int member = ring.get((from + i) % ring.size());
            next = hasRoom(member) ? member : next;
            full = full == PartitionGroup.NONE && next == PartitionGroup.NONE && isFull(member) ? member : full;
        }
        int apart = handed.getOrDefault(next, 0) - handed.getOrDefault(full, 0);
        if (full == PartitionGroup.NONE
                || credit(full) > 64
                || credit(full) < credit(next)
                || apart <= Math.max(credit(full), handedSum / (5 * ring.size()))) {
            kept = PartitionGroup.NONE;
        } else if (kept != full) {
            keptUntil = nowMs + Math.min(20, saved / 16);
            kept = keptUntil > nowMs ? full : PartitionGroup.NONE;
        } else if (keptUntil <= nowMs) {
            lapse();
        }
        return kept != PartitionGroup.NONE;
    }

    private void look() {
        long passed = lookedAt == Long.MIN_VALUE ? 0 : nowMs - lookedAt;
        lookedAt = nowMs;
        saved = kept == PartitionGroup.NONE ? Math.min(4_000, saved + passed) : Math.max(0, saved - 16 * passed);
    }

    /** A drain ends after a lease, and for another one nobody drains; a kept turn passes. */
    void boundWaits(long now) {
        nowMs = now;
        if (kept != PartitionGroup.NONE && keptUntil <= nowMs) {
            look();
            lapse();
        }
        long patience = settings.leaseMs() == 0 ? 30_000 : settings.leaseMs();
        if (drainRests <= nowMs) {
            drainRests = Long.MAX_VALUE;
        } else if (draining == PartitionGroup.NONE) {
            drainEnds = Long.MAX_VALUE;
        } else if (drainEnds == Long.MAX_VALUE) {
            drainEnds = nowMs + patience;
        } else if (drainEnds <= nowMs) {
            draining = PartitionGroup.NONE;
            drainRests = nowMs + patience;
        }
    }

    private void drainAny() {
        if (drainRests != Long.MAX_VALUE) {
            draining = PartitionGroup.NONE;
            return;
        }
        if (draining != PartitionGroup.NONE && mayDrain(draining)) {
            return;
        }
        draining = PartitionGroup.NONE;
        for (int member : ring) {
            boolean may = mayDrain(member) && (settings.strategy() != Strategy.SINGLE_ACTIVE || member == active());
            if (may && (draining == PartitionGroup.NONE || inFlight(member) < inFlight(draining))) {
                draining = member;
            }
        }
    }

    long floor() {
        return messages.stream()
                .filter(message -> message.state != State.DONE)
                .mapToLong(message -> message.offset)
                .findFirst()
                .orElse(messages.size());
    }

    void endBackOffs(long nowMs) {
        for (Message message : messages) {
            if (message.state == State.BACKING_OFF && message.deadline <= nowMs) {
                message.state = State.READY;
            }
        }
    }

    long next() {
        if (settings.strategy() == Strategy.SINGLE_ACTIVE) {
            active();
        }
        long alone = aloneNext();
        if (alone != PartitionGroup.NONE && chooseIdle() != PartitionGroup.NONE) {
            return alone;
        }
        if (alone != PartitionGroup.NONE) {
            drainAny();
        } else {
            draining = PartitionGroup.NONE;
        }
        boolean anyRoom = settings.strategy() == Strategy.SINGLE_ACTIVE
                ? active != PartitionGroup.NONE && hasRoom(active)
                : ring.stream().anyMatch(this::hasRoom);
        long next = anyRoom ? nextInCompany() : PartitionGroup.NONE;
        if (anyRoom && next == PartitionGroup.NONE) {
            handed.clear();
            handedSum = 0;
        }
        boolean kept = next != PartitionGroup.NONE && settings.strategy() == Strategy.ROUND_ROBIN && keepsTurn();
        return kept ? PartitionGroup.NONE : next;
    }

    /** What goes alone, if it comes before every other redelivery. */
    long aloneNext() {
        long again = oldest(message -> message.state == State.READY && message.seen);
        boolean alone = again != PartitionGroup.NONE && goesAlone(messages.get((int) again));
        return alone ? again : PartitionGroup.NONE;
    }

    long nextInCompany() {
        long again = oldest(message -> message.state == State.READY && message.seen && !goesAlone(message));
        return again != PartitionGroup.NONE ? again : oldest(message -> message.state == State.READY && !message.seen);
    }

    long nextPulled(int member) {
        long alone = aloneNext();
        return alone != PartitionGroup.NONE && inFlight(member) == 0 ? alone : nextInCompany();
    }

    long oldest(Predicate<Message> which) {
        return messages.stream()
                .filter(which)
                .mapToLong(message -> message.offset)
                .findFirst()
                .orElse(PartitionGroup.NONE);
    }

    int choose() {
        if (settings.strategy() == Strategy.SINGLE_ACTIVE) {
            return active;
        }
        int best = -1;
        for (int i = 0; i < ring.size(); i++) {
            int at = (turn + i) % ring.size();
            boolean better = best == -1
                    || (settings.strategy() == Strategy.LEAST_IN_FLIGHT
                            && inFlight(ring.get(at)) < inFlight(ring.get(best)));
            best = hasRoom(ring.get(at)) && better ? at : best;
        }
        turn = best + 1;
        return ring.get(best);
    }

    void lease(long offset, int member, long nowMs) {
        Message message = messages.get((int) offset);
        message.alone = goesAlone(message);
        draining = message.alone && member == draining ? PartitionGroup.NONE : draining;
        message.state = State.LEASED;
        leases.merge(member, 1, Integer::sum);
        handed.merge(member, 1, Integer::sum);
        handedSum++;
        message.member = member;
        message.attempt++;
        message.seen = true;
        message.deadline = settings.leaseMs() == 0 ? Long.MAX_VALUE : nowMs + settings.leaseMs();
    }

    void comeBack(Message message, long delayMs, boolean counts, long nowMs) {
        message.uncounted += counts ? 0 : 1;
        if (isSpent(message)) {
            die(message);
        } else {
            message.state = delayMs > 0 ? State.BACKING_OFF : State.READY;
            message.deadline = nowMs + delayMs;
        }
    }

    void release(Message message) {
        message.attempt--;
        comeBack(message, 0, true, 0);
    }

    private boolean isSpent(Message message) {
        int max = settings.maxDeliveries();
        return max > 0 && message.attempt - message.uncounted >= max;
    }

    void die(Message message) {
        boolean nowhere = "".equals(settings.deadLetter());
        message.state = nowhere ? State.DONE : State.DYING;
    }

    void expire(long nowMs) {
        for (Message message : messages) {
            if (message.state == State.LEASED && message.deadline <= nowMs) {
                silent.add(message.member);
                comeBack(message, backOff(message), true, nowMs);
            }
        }
    }

    long backOff(Message message) {
        return Math.min(150, settings.backOffMs() << Math.max(0, Math.min(20, message.attempt - 1)));
    }

    /** The process that handed messages out is gone, or the limit is another. */
    void giveUpSpent() {
        for (Message message : messages) {
            boolean again = message.state == State.READY && message.seen || message.state == State.BACKING_OFF;
            if (again && isSpent(message)) {
                die(message);
            }
        }
    }

    void leave(int member, boolean vanished, long nowMs) {
        int place = ring.indexOf(member);
        ring.remove(place);
        turn -= turn > place ? 1 : 0;
        credit.remove(member);
        paused.remove((Integer) member);
        silent.remove(member);
        heard.remove((Integer) member);
        active = active == member ? PartitionGroup.NONE : active;
        draining = draining == member ? PartitionGroup.NONE : draining;
        kept = kept == member ? PartitionGroup.NONE : kept;
        lapsed.remove(member);
        leases.remove(member);
        for (Message message : messages) {
            if (message.state == State.LEASED && message.member == member) {
                comeBack(message, 0, vanished, nowMs);
            }
        }
    }

    void reset(long offset) {
        for (int i = 0; i < messages.size(); i++) {
            messages.set(i, new Message(i));
            if (i < offset) {
                messages.get(i).state = State.DONE;
            }
        }
    }
}

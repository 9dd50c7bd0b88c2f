package dev.recado.core.group;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        /** A release just before a crash may or may not be known: the next attempt is 1 or 2. */
        boolean unsure;

        Message(long offset) {
            this.offset = offset;
        }

        Message(Message other) {
            offset = other.offset;
            state = other.state;
            attempt = other.attempt;
            uncounted = other.uncounted;
            seen = other.seen;
            unsure = other.unsure;
        }
    }

    GroupSettings settings;
    final List<Message> messages = new ArrayList<>();
    final List<Integer> ring = new ArrayList<>();
    final Map<Integer, Integer> credit = new HashMap<>();
    final List<Integer> paused = new ArrayList<>();
    int turn;

    GroupModel(GroupSettings settings) {
        this.settings = settings;
    }

    /** What survives a crash, if the log knows everything. */
    GroupModel afterRestart() {
        GroupModel copy = new GroupModel(settings);
        for (Message message : messages) {
            Message again = new Message(message);
            if (again.state != State.DONE) {
                again.state = State.READY;
                again.unsure |= again.seen && again.attempt == 0;
                again.attempt = again.seen ? Math.max(1, again.attempt) : 0;
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
        return !paused.contains(member) && inFlight(member) < credit(member);
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
        boolean anyRoom = settings.strategy() == Strategy.SINGLE_ACTIVE
                ? !ring.isEmpty() && hasRoom(ring.get(0))
                : ring.stream().anyMatch(this::hasRoom);
        return anyRoom ? nextReady() : PartitionGroup.NONE;
    }

    long nextReady() {
        long again = oldest(message -> message.state == State.READY && message.seen);
        return again != PartitionGroup.NONE ? again : oldest(message -> message.state == State.READY);
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
            return ring.get(0);
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
        message.state = State.LEASED;
        message.member = member;
        message.attempt++;
        message.seen = true;
        message.deadline = settings.leaseMs() == 0 ? Long.MAX_VALUE : nowMs + settings.leaseMs();
    }

    void comeBack(Message message, long delayMs, boolean counts, long nowMs) {
        message.uncounted += counts ? 0 : 1;
        int max = settings.maxDeliveries();
        if (counts && max > 0 && message.attempt - message.uncounted >= max) {
            die(message);
        } else {
            message.state = delayMs > 0 ? State.BACKING_OFF : State.READY;
            message.deadline = nowMs + delayMs;
        }
    }

    void die(Message message) {
        boolean nowhere = "".equals(settings.deadLetter());
        message.state = nowhere ? State.DONE : State.DYING;
    }

    void expire(long nowMs) {
        for (Message message : messages) {
            if (message.state == State.LEASED && message.deadline <= nowMs) {
                comeBack(message, 0, true, nowMs);
            }
        }
    }

    void leave(int member, long nowMs) {
        int place = ring.indexOf(member);
        ring.remove(place);
        turn -= turn > place ? 1 : 0;
        credit.remove(member);
        paused.remove((Integer) member);
        for (Message message : messages) {
            if (message.state == State.LEASED && message.member == member) {
                comeBack(message, 0, true, nowMs);
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

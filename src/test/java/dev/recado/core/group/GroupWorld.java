package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupModel.Message;
import dev.recado.core.group.GroupModel.State;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One random life of a group and of its model, compared after every step. */
final class GroupWorld implements GroupEffects {

    private static final int MEMBERS = 5;
    private static final List<Strategy> STRATEGIES = List.of(Strategy.values());
    private static final int NONE = PartitionGroup.NONE;

    private final Random random;
    private final KeyRules keys;
    /** False once key order began or ended while messages were in flight. */
    private boolean keysKnown = true;

    private final Set<Long> dying = new HashSet<>();
    private final GroupLog log;
    private PartitionGroup group;
    private GroupModel model;
    private GroupModel durable;
    private long nowMs;
    private long floorBefore;
    private String lastAction = "";

    GroupWorld(int seed) {
        random = new Random(seed);
        keys = new KeyRules(1 + random.nextInt(20));
        nowMs = random.nextInt(1_000) - 500L;
        GroupSettings settings = randomSettings(STRATEGIES.get(random.nextInt(4)));
        group = new PartitionGroup(settings, 0);
        model = new GroupModel(settings);
        durable = model.afterRestart();
        log = new GroupLog(group);
    }

    private GroupSettings randomSettings(Strategy strategy) {
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, strategy)
                .with(GroupSettings.LEASE_MS, new int[] {0, 50, 1000}[random.nextInt(3)])
                .with(GroupSettings.MAX_DELIVERIES, new int[] {0, 1, 2, 16}[random.nextInt(4)])
                .with(GroupSettings.BACK_OFF_MS, new int[] {0, 10, 100}[random.nextInt(3)])
                .with(GroupSettings.BACK_OFF_MAX_MS, 150)
                .with(GroupSettings.NACK_COUNTS, random.nextBoolean())
                .with(GroupSettings.DEAD_LETTER, random.nextInt(4) == 0 ? "" : GroupSettings.DEAD_LETTER_OF_TOPIC);
    }

    private void alter() {
        Strategy strategy = random.nextBoolean() ? group.settings().strategy() : STRATEGIES.get(random.nextInt(4));
        GroupSettings settings = randomSettings(strategy);
        keysKnown &= (strategy == Strategy.KEY_ORDERED) == (group.settings().strategy() == Strategy.KEY_ORDERED);
        group.alter(settings);
        model.settings = settings;
        model.draining = NONE;
        group.giveUpSpent(this);
        model.giveUpSpent();
    }

    void writeState(ByteWriter out) {
        group.writeState(nowMs, GroupLog.timeMs(nowMs), out);
    }

    String describe() {
        return "after " + lastAction + " " + group.settings();
    }

    @Override
    public void deadLetter(long offset, int attempts, String reason) {
        assertThat(dying.add(offset)).as("told twice of %d", offset).isTrue();
        if (random.nextInt(4) == 0) {
            answerDeath(offset);
        }
    }

    void step() {
        int choice = random.nextInt(100);
        if (choice < 30) {
            act("deliver", this::deliver);
        } else if (choice < 60) {
            act("settle", this::settle);
        } else if (choice < 72) {
            act("members", this::changeMembers);
        } else if (choice < 82) {
            act("time", this::passTime);
        } else if (choice < 88) {
            act("finish", this::finishSome);
        } else if (choice < 92) {
            act("deaths", () -> List.copyOf(dying).forEach(this::answerDeath));
        } else if (choice < 94) {
            act("log", () -> {
                flush();
                if (random.nextBoolean()) {
                    log.checkpoint(group, nowMs);
                }
            });
        } else if (choice < 95) {
            boolean alter = random.nextInt(3) > 0;
            act(alter ? "alter" : "restart", alter ? this::alter : this::restart);
        } else {
            act("grow", () -> {
                int count = random.nextInt(12);
                model.grow(count);
                group.onEnd(model.messages.size());
            });
        }
    }

    /** Everybody works until nothing is left. */
    void drain() {
        for (int member : List.copyOf(model.ring)) {
            leave(member);
        }
        join(0, 1_000);
        for (int round = 0; round < 100 && group.backlog() > 0; round++) {
            act("drain", () -> {
                deliver();
                group.ack(0, 0, model.messages.size());
                model.hear(0);
                for (Message message : model.messages) {
                    message.state = message.state == State.LEASED ? State.DONE : message.state;
                }
                List.copyOf(dying).forEach(this::answerDeath);
                passTime();
            });
        }
        assertThat(group.backlog()).isZero();
        assertThat(group.floor()).isEqualTo(model.messages.size());
        assertThat(group.inFlight(0)).isZero();
    }

    private void act(String action, Runnable body) {
        lastAction = action;
        boolean mayFall = action.equals("restart") || action.equals("finish");
        floorBefore = group.floor();
        body.run();
        assertThat(mayFall || group.floor() >= floorBefore).isTrue();
        compare();
    }

    private void compare() {
        long leased = model.count(State.LEASED);
        long waiting = model.count(State.BACKING_OFF);
        long deaths = model.count(State.DYING);
        assertThat(List.of(
                        group.floor(),
                        group.backlog(),
                        (long) group.leased(),
                        (long) group.waiting(),
                        (long) group.deadLettering(),
                        group.ready()))
                .as("floor, backlog, leased, waiting, dying, ready")
                .isEqualTo(List.of(
                        model.floor(),
                        model.count(message -> message.state != State.DONE),
                        leased,
                        waiting,
                        deaths,
                        model.count(State.READY)));
        for (int member : model.ring) {
            assertThat((long) group.inFlight(member)).isEqualTo(model.inFlight(member));
            assertThat(group.credit(member)).isEqualTo(model.credit(member));
            assertThat(group.isSilent(member)).isEqualTo(model.silent.contains(member));
            assertThat(new LastChances(group).holdsAlone(member)).isEqualTo(model.holdsAlone(member));
        }
        for (Message message : model.messages) {
            if (group.isFinished(message.offset) != (message.state == State.DONE)) {
                throw new AssertionError("finished or not: " + message.offset);
            }
        }
    }

    private void deliver() {
        int max = random.nextInt(10);
        for (int i = 0; i < max; i++) {
            model.endBackOffs(nowMs);
            model.boundWaits(nowMs);
            long offset = group.next(nowMs);
            if (group.settings().strategy() != Strategy.KEY_ORDERED) {
                assertThat(offset).isEqualTo(model.next());
            } else if (offset == NONE) {
                keys.checkAllSlotsBlocked(keysKnown ? model : new GroupModel(model.settings));
            }
            if (offset == NONE) {
                break;
            }
            model.boundWaits(nowMs);
            assertThat(group.next(nowMs)).isEqualTo(offset);
            if (random.nextInt(30) == 0) {
                finish(offset);
            } else {
                assign(offset);
            }
        }
    }

    private void assign(long offset) {
        assertThat(model.messages.get((int) offset).state).isEqualTo(State.READY);
        boolean keyOrdered = group.settings().strategy() == Strategy.KEY_ORDERED;
        boolean alone = model.goesAlone(model.messages.get((int) offset));
        int expected = keyOrdered ? NONE : alone ? model.chooseIdle() : model.choose();
        int member = group.assign(offset, keys.hash(offset), nowMs);
        if (!keyOrdered) {
            assertThat(member).isEqualTo(expected);
        } else if (member == NONE) {
            model.messages.get((int) offset).seen = true;
            return;
        } else {
            assertThat(alone ? model.isIdle(member) : model.hasRoomNow(member)).isTrue();
            keys.checkOrder(keysKnown ? model : new GroupModel(model.settings), offset, member);
        }
        leased(offset, member);
    }

    private void pull() {
        int member = random.nextInt(MEMBERS);
        model.hear(member);
        boolean may = model.ring.contains(member)
                && !model.paused.contains(member)
                && !model.holdsAlone(member)
                && (group.settings().strategy() != Strategy.SINGLE_ACTIVE || model.active() == member);
        model.endBackOffs(nowMs);
        long offset = group.pull(member, nowMs);
        if (group.settings().strategy() != Strategy.KEY_ORDERED || !may) {
            assertThat(offset).isEqualTo(may ? model.nextPulled(member) : NONE);
        }
        while (offset != NONE) {
            model.messages.get((int) offset).seen = true;
            boolean alone = model.goesAlone(model.messages.get((int) offset));
            if (group.assignTo(offset, member, keys.hash(offset), nowMs)) {
                assertThat(alone && model.inFlight(member) > 0)
                        .as("%d beside others", offset)
                        .isFalse();
                if (group.settings().strategy() == Strategy.KEY_ORDERED) {
                    keys.checkOrder(keysKnown ? model : new GroupModel(model.settings), offset, member);
                }
                leased(offset, member);
                return;
            }
            offset = group.pull(member, nowMs);
        }
    }

    private void leased(long offset, int member) {
        model.lease(offset, member, nowMs);
        Message message = model.messages.get((int) offset);
        assertThat(group.attempt(offset)).as("attempt of %d", offset).isEqualTo(message.attempt);
    }

    private void settle() {
        if (random.nextInt(4) == 0) {
            pull();
        }
        new RandomSettling(random, group, model, nowMs, this).settle(random.nextInt(MEMBERS));
    }

    private void changeMembers() {
        int member = random.nextInt(MEMBERS);
        if (!model.ring.contains(member)) {
            join(member, random.nextInt(3) == 0 ? 0 : random.nextInt(1 << random.nextInt(7)));
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> leave(member);
            case 1 -> {
                model.silent.add(member);
                group.silence(member);
            }
            case 2 -> {
                assertThat(group.hear(member)).isEqualTo(model.silent.contains(member));
                model.hear(member);
            }
            case 3 -> {
                boolean pause = !model.paused.remove((Integer) member);
                if (pause) {
                    model.paused.add(member);
                }
                group.pauseMember(member, pause);
            }
            default -> {
                int delta = random.nextInt(12) - 6;
                long free = Math.max(0, model.credit(member) - model.inFlight(member));
                int taken = delta < 0 ? (int) Math.min(-delta, free) : 0;
                assertThat(group.addCredit(member, delta)).isEqualTo(taken);
                model.credit.merge(member, Math.max(delta, -taken), Integer::sum);
            }
        }
    }

    private void join(int member, int credit) {
        group.join(member, credit);
        model.saved = 4_000;
        model.handed.put(
                member,
                model.ring.stream()
                        .mapToInt(other -> model.handed.getOrDefault(other, 0))
                        .min()
                        .orElse(0));
        model.ring.add(member);
        model.credit.put(member, credit);
        model.hear(member);
    }

    private void leave(int member) {
        boolean vanished = random.nextBoolean();
        model.leave(member, vanished, nowMs);
        group.leave(member, vanished, nowMs, this);
    }

    private void passTime() {
        nowMs += random.nextInt(5) == 0 ? 20_000 : random.nextInt(80);
        if (random.nextInt(5) > 0 || lastAction.equals("drain")) {
            model.expire(nowMs);
            model.endBackOffs(nowMs);
            model.boundWaits(nowMs);
            group.onTick(nowMs, this);
            assertThat(group.nextDeadlineMs()).isGreaterThan(nowMs);
        }
    }

    private void finishSome() {
        int size = model.messages.size();
        switch (random.nextInt(10)) {
            case 0 -> {
                long below = Math.min(size, model.floor() + random.nextInt(20));
                group.finishBelow(below);
                model.messages.subList(0, (int) below).forEach(message -> message.state = State.DONE);
            }
            case 1 -> {
                long to = random.nextInt(size + 1);
                dying.clear();
                model.reset(to);
                group.reset(to);
            }
            case 2, 3, 4 -> {
                long oldest = model.oldest(message -> message.state == State.READY);
                assertThat(new GroupNeeds(group).dropOldest()).isEqualTo(oldest);
                if (oldest != NONE) {
                    model.messages.get((int) oldest).state = State.DONE;
                }
            }
            default -> {
                if (size > 0) {
                    finish(random.nextInt(size));
                }
            }
        }
        dying.removeIf(offset -> model.messages.get(offset.intValue()).state == State.DONE);
    }

    private void finish(long offset) {
        group.finish(offset);
        model.messages.get((int) offset).state = State.DONE;
    }

    private void answerDeath(long offset) {
        dying.remove(offset);
        if (random.nextInt(3) == 0) {
            group.deadLetterRefused(offset, nowMs);
        } else {
            group.deadLetterDone(offset);
            model.messages.get((int) offset).state = State.DONE;
        }
    }

    private void flush() {
        log.flush(group, nowMs);
        durable = model.afterRestart();
        for (Message message : durable.messages) {
            message.seen |= message.offset < group.cursor();
        }
    }

    /** The process dies: what the log did not know is forgotten, all members are gone. */
    private void restart() {
        int size = model.messages.size();
        group = log.replay(group.settings(), 1);
        group.onEnd(size);
        model = durable.afterRestart();
        model.settings = group.settings();
        model.grow(size - model.messages.size());
        dying.clear();
        model.endBackOffs(nowMs);
        model.giveUpSpent();
        long timeMs = GroupLog.timeMs(nowMs);
        group.onRecovered(nowMs, timeMs, stamp -> timeMs - stamp, this);
    }
}

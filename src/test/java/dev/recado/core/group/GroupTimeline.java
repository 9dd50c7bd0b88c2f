package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One group beside the log that tells of it. Records get their places when they are proposed and take effect when they
 * are committed, progress counts as told when it is proposed: as in a shard.
 */
final class GroupTimeline implements GroupEffects {

    private static final int MEMBERS = 3;
    private static final List<Strategy> STRATEGIES = List.of(Strategy.values());

    private final Random random;
    private final GroupSettings settings;
    private final PartitionGroup live;
    private final List<Told> log = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private int committed;
    private int resetting;
    private long proposedEnd;
    private long committedEnd;
    private long logStart;
    private long trimming;
    private long nowMs;

    private enum Kind {
        DATA,
        TRIM,
        RESET,
        PROGRESS
    }

    private record Told(Kind kind, long offset, byte[] delta) {
        private void applyTo(PartitionGroup group) {
            switch (kind) {
                case DATA -> group.onEnd(offset);
                case TRIM -> group.onLogStart(offset);
                case RESET -> group.reset(offset);
                case PROGRESS -> group.applyProgress(PartitionGroup.FORMAT_VERSION, new ByteReader(delta));
            }
        }
    }

    /** The state as of {@code committed} records of the log, possibly ahead of it. */
    private record Checkpoint(int committed, long logStart, long end, byte[] state) {}

    GroupTimeline(int seed) {
        random = new Random(seed);
        Strategy strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
        int leaseMs = random.nextBoolean() ? 0 : 30;
        settings = GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, strategy)
                .with(GroupSettings.LEASE_MS, leaseMs)
                .with(GroupSettings.MAX_DELIVERIES, random.nextInt(4))
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 10)
                .with(GroupSettings.NACK_COUNTS, random.nextBoolean())
                .with(GroupSettings.DEAD_LETTER, "");
        live = new PartitionGroup(settings, 0);
        checkpoints.add(new Checkpoint(0, 0, 0, state(live)));
    }

    @Override
    public void deadLetter(long offset, int attempts, String reason) {
        throw new AssertionError("nobody wants dead letters here");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        log.forEach(record ->
                text.append(record.kind()).append(' ').append(record.offset()).append(", "));
        return text.append("committed=")
                .append(committed)
                .append(" of ")
                .append(log.size())
                .toString();
    }

    void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> grow(random.nextInt(12));
            case 3, 4, 5 -> deliver();
            case 6, 7, 8 -> settle();
            case 9 -> changeMembers();
            case 10 -> tell();
            case 11 -> trim(live.floor(), random.nextBoolean());
            case 12 -> purge(random.nextBoolean());
            case 13 -> proposeReset(proposedEnd == 0 ? 0 : random.nextLong(proposedEnd));
            case 14 -> checkpoint();
            default -> commit(random.nextInt(5));
        }
        checkSound(live);
    }

    void grow(int count) {
        proposedEnd += count;
        log.add(new Told(Kind.DATA, proposedEnd, new byte[0]));
    }

    /** What every group has finished goes, or part of it; {@code told} says whether the log knows of that first. */
    void trim(long offset, boolean told) {
        if (offset <= Math.max(logStart, trimming) || resetting > 0) {
            return;
        }
        if (told) {
            tell();
        }
        trimming = offset;
        log.add(new Told(Kind.TRIM, offset, new byte[0]));
    }

    void purge(boolean told) {
        live.onLogStart(committedEnd);
        if (committedEnd > Math.max(logStart, trimming)) {
            if (told) {
                tell();
            }
            trimming = committedEnd;
            log.add(new Told(Kind.TRIM, committedEnd, new byte[0]));
        }
    }

    private void proposeReset(long offset) {
        resetting++;
        log.add(new Told(Kind.RESET, Math.max(offset, logStart), new byte[0]));
    }

    /** Writes what the log does not know, unless a move is under way. */
    void tell() {
        while (resetting == 0 && live.progressDirty()) {
            ByteWriter delta = new ByteWriter(64);
            live.writeProgress(nowMs, nowMs, delta);
            log.add(new Told(Kind.PROGRESS, 0, delta.toByteArray()));
        }
    }

    void finishAll() {
        for (long offset = live.floor(); offset < live.end(); offset++) {
            live.finish(offset);
        }
    }

    void commitAll() {
        commit(log.size());
    }

    private void commit(int count) {
        for (int i = 0; i < count && committed < log.size(); i++) {
            Told record = log.get(committed++);
            resetting -= record.kind() == Kind.RESET ? 1 : 0;
            logStart = record.kind() == Kind.TRIM ? record.offset() : logStart;
            committedEnd = record.kind() == Kind.DATA ? record.offset() : committedEnd;
            if (record.kind() != Kind.PROGRESS) {
                record.applyTo(live);
            }
        }
    }

    private void checkpoint() {
        checkpoints.add(new Checkpoint(committed, logStart, committedEnd, state(live)));
    }

    private void deliver() {
        for (int i = random.nextInt(8); i > 0; i--) {
            long offset = live.next(nowMs);
            if (offset == PartitionGroup.NONE) {
                return;
            }
            live.assign(offset, (int) (offset % 5), nowMs);
        }
    }

    private void settle() {
        if (live.end() == live.floor()) {
            return;
        }
        int member = random.nextInt(MEMBERS);
        long offset = live.floor() + random.nextLong(live.end() - live.floor());
        switch (random.nextInt(6)) {
            case 0 -> live.nack(member, offset, random.nextInt(20), nowMs, this);
            case 1 -> live.release(member, offset, nowMs);
            case 2 -> live.finish(offset);
            case 3 -> live.onTick(nowMs += random.nextInt(40), this);
            default -> live.ack(member, live.floor(), offset);
        }
    }

    private void changeMembers() {
        int member = random.nextInt(MEMBERS);
        if (live.isJoined(member)) {
            live.leave(member, random.nextBoolean(), nowMs, this);
        } else {
            live.join(member, 1 + random.nextInt(10));
        }
    }

    /** Everybody leaves, everything is told and committed. */
    void quiesce() {
        commitAll();
        for (int member = 0; member < MEMBERS; member++) {
            if (live.isJoined(member)) {
                live.leave(member, true, nowMs, this);
            }
        }
        live.onTick(nowMs += 100, this);
        tell();
        commitAll();
    }

    /** The replay of the whole log from its beginning. */
    PartitionGroup replay() {
        return replay(checkpoints.get(0), log.size());
    }

    void checkReplays() {
        for (Checkpoint checkpoint : checkpoints) {
            PartitionGroup replayed = replay(checkpoint, log.size());
            assertThat(state(replayed)).isEqualTo(state(live));
            assertThat(replayed.floor()).isEqualTo(live.floor());
            assertThat(replayed.end()).isEqualTo(live.end());
        }
    }

    void checkCrashes() {
        for (int durable = committed; durable <= log.size(); durable++) {
            for (Checkpoint checkpoint : checkpoints) {
                PartitionGroup recovered = replay(checkpoint, durable);
                recovered.onRecovered(0, 0, stamp -> Long.MAX_VALUE / 2, this);
                checkSound(recovered);
                List<Long> unfinished = new ArrayList<>();
                for (long offset = recovered.floor(); offset < recovered.end(); offset++) {
                    if (!recovered.isFinished(offset)) {
                        unfinished.add(offset);
                    }
                }
                assertThat(handedOut(recovered)).containsExactlyElementsOf(unfinished);
            }
        }
    }

    private PartitionGroup replay(Checkpoint from, int to) {
        PartitionGroup group =
                PartitionGroup.readState(settings, PartitionGroup.FORMAT_VERSION, new ByteReader(from.state()));
        group.onEnd(from.end());
        group.onLogStart(from.logStart());
        for (Told record : log.subList(from.committed(), to)) {
            record.applyTo(group);
            checkSound(group);
        }
        return group;
    }

    /** What a new member gets and acknowledges, until there is no more; an offset that is named twice fails. */
    static List<Long> handedOut(PartitionGroup group) {
        List<Long> handed = new ArrayList<>();
        group.join(0, Integer.MAX_VALUE);
        for (long offset = group.next(0); offset != PartitionGroup.NONE; offset = group.next(0)) {
            boolean assigned = handed.size() <= group.end() && group.assign(offset, 0, 0) == 0;
            int record = group.inHand.open.find(offset);
            int counted = assigned ? group.inHand.open.attempt[record] - group.inHand.open.uncounted[record] : 0;
            if (!assigned || group.ack(0, offset, offset) != 1) {
                throw new AssertionError("offset " + offset + " behind " + handed);
            }
            handed.add(offset);
            int max = group.settings().maxDeliveries();
            if (max > 0 && counted > max) {
                throw new AssertionError("offset " + offset + " was delivered " + counted + " times");
            }
        }
        return handed;
    }

    /** Between the floor and the cursor an offset is finished or in hand, in exactly one place. */
    private static void checkSound(PartitionGroup group) {
        InHand inHand = group.inHand;
        long open = 0;
        for (long offset = group.floor(); offset < group.cursor(); offset++) {
            int record = inHand.open.find(offset);
            boolean recorded = record != InHand.NONE;
            boolean due = inHand.due.contains(offset)
                    || inHand.lastChance.contains(offset)
                    || !recorded && inHand.slots != null && inHand.slots.isDeferred(offset);
            boolean inOnePlace = !recorded || due == (inHand.open.state[record] == OpenOffsets.DUE);
            if ((recorded || due) == group.isFinished(offset) || !inOnePlace) {
                throw new AssertionError("offset " + offset + " finished=" + group.isFinished(offset) + " due=" + due);
            }
            open += recorded || due ? 1 : 0;
        }
        if (inHand.count() != open) {
            throw new AssertionError("in hand " + inHand.count() + ", of these between floor and cursor " + open);
        }
    }

    private byte[] state(PartitionGroup group) {
        ByteWriter out = new ByteWriter(64);
        group.writeState(nowMs, nowMs, out);
        return out.toByteArray();
    }
}

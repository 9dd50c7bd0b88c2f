package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupEffects;
import dev.recado.core.group.GroupNeeds;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.journal.SegmentStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tail, the sweep over it and real groups in seeded random life, beside a model that keeps every message: what
 * somebody needs is there byte for byte, what nobody needs does not stay, and every figure is exact.
 */
@Timeout(60)
class TailModelTest {

    private static final int STEPS = 1_500;
    private static final int MEMBERS = 3;
    private static final int CHECK_EVERY = 25;

    private final LoopMemory memory = new LoopMemory(1L << 40, 1L << 40, 0);
    private final List<PartitionGroup> groups = new ArrayList<>();
    private final List<GroupNeeds> needs = new ArrayList<>();
    /** Length of each message by its offset. */
    private final List<Integer> lengths = new ArrayList<>();
    /** What was handed to each group's members and not settled. */
    private final List<TreeSet<Long>> held = new ArrayList<>();

    private final TreeSet<Long> inSegments = new TreeSet<>();
    private Random random = new Random(0);
    /** What segments add to a run, by its first offset. */
    private final Map<Long, Long> heads = new HashMap<>();

    private static final int HEAD_BYTES = SegmentStore.recordHeaderBytes();
    private Tail tail = new Tail(memory, Tail.Kind.MEMORY, 0, HEAD_BYTES);
    private TailSweep sweep = new TailSweep(tail, new Needs(() -> needs.toArray(GroupNeeds[]::new)));
    private int largestRun;
    private long nowMs = 1;

    private void begin(long seed) {
        random = new Random(seed);
        boolean durable = seed % 3 == 0;
        tail = new Tail(memory, durable ? Tail.Kind.DURABLE : Tail.Kind.MEMORY, 0, HEAD_BYTES);
        sweep = new TailSweep(tail, new Needs(() -> needs.toArray(GroupNeeds[]::new)));
        open(0);
    }

    private void open(long at) {
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, at);
        group.onEnd(lengths.size());
        for (int member = 0; member < MEMBERS; member++) {
            group.join(member, 10_000);
        }
        GroupNeeds its = new GroupNeeds(group);
        groups.add(group);
        needs.add(its);
        held.add(new TreeSet<>());
        if (!tail.isDurable()) {
            TailRelease.finishGaps(tail, its, at);
        }
    }

    private byte[] payload(long offset) {
        int length = random.nextInt(20) == 0 ? 2_000 + random.nextInt(20_000) : 8 + random.nextInt(200);
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) offset);
        for (int i = 0; i < 8; i++) {
            payload[i] = (byte) (offset >>> 8 * i);
        }
        return payload;
    }

    private void append() {
        long base = lengths.size();
        int count = 1 + random.nextInt(random.nextBoolean() ? 4 : 200);
        int front = random.nextInt(3) * 1_000;
        ByteWriter out = new ByteWriter(1024);
        out.skip(front);
        for (int i = 0; i < count; i++) {
            byte[] payload = payload(base + i);
            lengths.add(MessageLayout.write(out, new Draft().payload(payload, 0, payload.length)));
        }
        StoredRun run = new StoredRun(
                out.toByteArray(), front, front, out.size() - front, 1, base, count, base, base, 0, null, 0, 1);
        largestRun = Math.max(largestRun, run.length());
        if (tail.isDurable()) {
            heads.put(base, SegmentStore.storedBytes(run) - run.messageBytes());
        }
        tail.add(run);
        groups.forEach(group -> group.onEnd(lengths.size()));
    }

    private void handOut() {
        int which = random.nextInt(groups.size());
        PartitionGroup group = groups.get(which);
        for (int left = random.nextInt(300); left > 0; left--) {
            long offset = group.next(nowMs);
            if (offset == PartitionGroup.NONE) {
                return;
            }
            if (tail.find(offset) == null && !inSegments.contains(offset)) {
                throw new AssertionError("not found offset=" + offset);
            }
            group.assign(offset, 0, nowMs);
            assertThat(needs.get(which).handed(offset, lengths.get((int) offset)))
                    .isPositive();
            held.get(which).add(offset);
        }
    }

    private void settle() {
        int which = random.nextInt(groups.size());
        int sort = random.nextInt(10);
        for (Long offset : List.copyOf(held.get(which))) {
            if (sort < 8 && random.nextInt(100) < 97 || sort == 8 && random.nextBoolean()) {
                for (int member = 0; member < MEMBERS; member++) {
                    groups.get(which).ack(member, offset, offset);
                }
                held.get(which).remove(offset);
            } else if (sort == 9 && random.nextInt(10) == 0) {
                for (int member = 0; member < MEMBERS; member++) {
                    groups.get(which).nack(member, offset, 0, nowMs, dropped());
                }
                held.get(which).remove(offset);
            }
        }
    }

    private static GroupEffects dropped() {
        return (offset, attempts, reason) -> {};
    }

    private void drop() {
        int which = random.nextInt(groups.size());
        if (random.nextBoolean()) {
            needs.get(which).dropOldest();
        } else {
            needs.get(which).dropFresh(needs.get(which).cursor() + random.nextInt(100));
        }
    }

    private void flush() {
        List<StoredRun> unflushed = tail.takeUnflushed();
        for (StoredRun run : unflushed) {
            for (long offset = run.baseOffset(); offset < run.endOffset(); offset++) {
                inSegments.add(offset);
            }
        }
        if (!unflushed.isEmpty()) {
            long from = tail.onFlushed(unflushed.get(unflushed.size() - 1).endOffset());
            tail.ownFrom(from);
        }
    }

    private void tidy(int steps) {
        long floor = groups.stream().mapToLong(PartitionGroup::floor).min().orElseThrow();
        tail.dropBelow(floor);
        if (!tail.isEmpty()) {
            sweep.work(lengths.size(), random.nextBoolean(), steps);
        }
    }

    private boolean isNeeded(long offset) {
        return groups.stream().anyMatch(group -> !group.isFinished(offset));
    }

    private void step() {
        nowMs++;
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> append();
            case 3, 4, 5 -> handOut();
            case 6, 7 -> settle();
            case 8 -> {
                if (random.nextInt(5) == 0) {
                    drop();
                }
                flush();
            }
            default -> {
                if (groups.size() < 3 && random.nextInt(40) == 0) {
                    open(groups.get(0).floor());
                } else if (groups.size() > 1 && random.nextInt(80) == 0) {
                    groups.remove(1);
                    needs.remove(1);
                    held.remove(1);
                    sweep.want();
                }
            }
        }
        tidy(random.nextInt(50));
    }

    private void check() {
        long bytes = 0;
        long count = 0;
        int runs = 0;
        long lastFrom = -1;
        MessageView view = new MessageView();
        MessageCursor cursor = new MessageCursor();
        long next = lengths.size();
        for (long offset = lengths.size() - 1L; offset >= 0; offset--) {
            StoredRun run = tail.find(offset);
            if (run == null) {
                checkAbsent(offset, next);
                continue;
            }
            next = offset;
            cursor.enter(run);
            cursor.seek(offset);
            view.read(run.bytes(), cursor.position());
            int low = view.bytes[view.payloadStart] & 0xFF | (view.bytes[view.payloadStart + 1] & 0xFF) << 8;
            if (cursor.length() != lengths.get((int) offset) || low != (int) (offset & 0xFFFF)) {
                throw new AssertionError("another message offset=" + offset);
            }
            if (run.baseOffset() != lastFrom) {
                bytes += run.length();
                count += run.count();
                runs++;
                lastFrom = run.baseOffset();
            }
        }
        assertThat(tail.start()).isEqualTo(next);
        assertThat(tail.bytes()).isEqualTo(bytes);
        assertThat(tail.count()).isEqualTo(count);
        long held = memory.tailBytes() + memory.memoryTopics().bytes();
        assertThat(held).isEqualTo(bytes + (long) runs * Tail.RUN_OVERHEAD_BYTES);
        checkBytes();
    }

    private void checkAbsent(long offset, long next) {
        boolean needed = isNeeded(offset);
        if (needed && (!inSegments.contains(offset) || !tail.leavesToSegments(offset))) {
            throw new AssertionError("lost offset=" + offset);
        }
        if (tail.nextStored(offset) != next) {
            throw new AssertionError("next stored is another offset=" + offset);
        }
    }

    private long bytesFrom(long offset) {
        long sum = 0;
        for (long at = offset; at < lengths.size(); at++) {
            sum += tail.find(at) == null ? 0 : lengths.get((int) at) + heads.getOrDefault(at, 0L);
        }
        return sum;
    }

    private void checkBytes() {
        for (GroupNeeds group : needs) {
            if (tail.kept().endOffset() <= group.cursor()) {
                assertThat(tail.bytesFrom(group.cursor())).isEqualTo(bytesFrom(group.cursor()));
            } else {
                assertThat(tail.bytesFrom(group.cursor())).isGreaterThanOrEqualTo(bytesFrom(group.cursor()));
            }
        }
        long max = random.nextInt(100_000);
        long from = tail.firstWithin(max);
        if (!tail.isEmpty() && from < lengths.size() - 1) {
            assertThat(bytesFrom(from)).isLessThanOrEqualTo(max);
        }
        if (from > 0 && tail.find(from - 1) != null && tail.kept().endOffset() < from) {
            assertThat(bytesFrom(from - 1)).isGreaterThan(max);
        }
    }

    /** Bytes that are needed below {@code end}, with what a run of each message would take beside. */
    private long fairBytes(long end) {
        long sum = 0;
        for (long offset = 0; offset < end; offset++) {
            if (isNeeded(offset)) {
                sum += lengths.get((int) offset) + Tail.RUN_OVERHEAD_BYTES;
            }
        }
        return sum;
    }

    private void checkNothingMuchStays() {
        long floor = groups.stream().mapToLong(PartitionGroup::floor).min().orElseThrow();
        flush();
        tail.dropBelow(floor);
        int turns = 0;
        while (!tail.isEmpty() && sweep.work(lengths.size(), true, TailSweep.STEPS_A_TURN)) {
            assertThat(turns++).isLessThan(1_000);
        }
        long cursor = needs.stream().mapToLong(GroupNeeds::cursor).min().orElseThrow();
        long fair = fairBytes(cursor);
        assertThat(tail.bytes())
                .as("handed out and needed bytes=%s", fair)
                .isLessThanOrEqualTo(tail.bytesFrom(cursor) + groups.size() * (fair * 5 / 2) + largestRun);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldKeepWhatIsNeededAndNotMuchMore(long seed) {
        begin(seed);
        for (int i = 0; i < STEPS && lengths.size() < 12_000; i++) {
            step();
            if (i % CHECK_EVERY == 0) {
                check();
            }
            if (i % (CHECK_EVERY * 8) == 0) {
                checkNothingMuchStays();
            }
        }
        check();
        checkNothingMuchStays();
    }
}

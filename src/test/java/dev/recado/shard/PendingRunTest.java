package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.base.TimeSource;
import dev.recado.broker.session.Loop;
import dev.recado.broker.session.Pressure;
import dev.recado.broker.session.TapShare;
import dev.recado.core.message.Draft;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Partition;
import dev.recado.node.NodeRig;
import io.netty.channel.DefaultEventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingRunTest {

    private final Loop loop = new Loop(
            0,
            NodeRig.turns(new DefaultEventLoop()),
            new Pressure(1_000),
            new LoopMemory(1_000, 1_000, 0),
            new TapShare(1),
            new PublishesUnderWay(TimeSource.system()),
            failure -> {});
    private final RunTarget target = new RunTarget() {
        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public void accept(PendingRun run) {
            // the test looks at the run itself
        }
    };
    private final PendingRun run = new PendingRun(loop, target, new Partition(1, 1, 0, 0), 256);

    /** Notes what it is told. */
    private static final class Notes implements Receipts {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
            lines.add(firstTicket + "+" + count + "@" + firstOffset);
        }

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
            lines.add(firstTicket + "+" + count + " refused");
        }

        @Override
        public void onParked(long bytes) {
            lines.add("parked " + bytes);
        }
    }

    private void add(Receipts owner, long ticket) {
        byte[] payload = "m".getBytes(StandardCharsets.UTF_8);
        run.add(new Draft().payload(payload, 0, 1), owner, ticket, null, 0);
    }

    @Test
    void shouldConfirmNeighbouringTicketsOfOnePublisherTogether() {
        // Given
        Notes one = new Notes();
        Notes two = new Notes();
        add(one, 5);
        add(one, 6);
        add(two, 1);
        add(one, 7);
        add(one, 9);

        // When
        run.confirm(100);

        // Then
        assertThat(one.lines).containsExactly("5+2@100", "7+1@103", "9+1@104");
        assertThat(two.lines).containsExactly("1+1@102");
    }

    private PendingRun sharing(ByteWriter array, int partition) {
        return new PendingRun(loop, target, new Partition(partition, partition, 0, 0), array);
    }

    private static void add(PendingRun run, String payload, long ticket) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        run.add(new Draft().payload(bytes, 0, bytes.length), new Notes(), ticket, null, 0);
    }

    /** What an entry holds that is made of {@code runs}, in one array or copied together. */
    private static List<StoredRun> stored(List<PendingRun> runs, boolean inPlace) {
        EntryHeader header = new EntryHeader(EntryType.DATA, 1, 1, 1, 1, 1, 1, 1);
        ByteWriter out = inPlace ? runs.get(0).entryInPlace() : new ByteWriter(1_000);
        if (!inPlace) {
            out.skip(EntryLayout.HEADER_BYTES);
        }
        List<StoredRun> stored = new ArrayList<>();
        for (PendingRun one : runs) {
            stored.add(inPlace ? one.storeInPlace(7, header) : one.storeIn(out, 7, header));
        }
        assertThat(RunLayout.holdTogether(out.array(), EntryLayout.HEADER_BYTES, out.size()))
                .isTrue();
        return stored;
    }

    private static List<String> bytesOf(List<StoredRun> runs) {
        return runs.stream()
                .map(one -> HexFormat.of().formatHex(one.bytes(), one.start(), one.end()))
                .toList();
    }

    @Test
    void shouldStandInOneArrayAsInAnEntry() {
        // Given
        ByteWriter array = new ByteWriter(200);
        PendingRun first = sharing(array, 1);
        add(first, "one", 1);
        add(first, "two", 2);
        PendingRun second = sharing(array, 2);
        add(second, "three", 3);

        // Then
        assertThat(first.isFirst()).isTrue();
        assertThat(second.follows(first)).isTrue();
        assertThat(second.isLast()).isTrue();
        assertThat(first.isCompact()).isFalse();
        List<PendingRun> both = List.of(first, second);
        assertThat(bytesOf(stored(both, false))).isEqualTo(bytesOf(stored(both, true)));
    }

    @Test
    void shouldLeaveTheArrayWhereAnotherRunFollowed() {
        // Given
        ByteWriter array = new ByteWriter(200);
        PendingRun first = sharing(array, 1);
        add(first, "one", 1);
        PendingRun second = sharing(array, 2);
        add(second, "two", 2);

        // When
        add(first, "three", 3);

        // Then
        assertThat(second.follows(first)).isFalse();
        assertThat(first.count()).isEqualTo(2);
        assertThat(first.lengths()).hasSize(2);
        add(run, "one", 1);
        add(run, "three", 3);
        assertThat(bytesOf(stored(List.of(first), false))).isEqualTo(bytesOf(stored(List.of(run), true)));
        PendingRun alone = sharing(new ByteWriter(200), 2);
        add(alone, "two", 2);
        assertThat(bytesOf(stored(List.of(second), false))).isEqualTo(bytesOf(stored(List.of(alone), false)));
    }

    @Test
    void shouldKeepNoMoreThanItsOwnOnceDetached() {
        // Given
        ByteWriter array = new ByteWriter(10_000);
        PendingRun first = sharing(array, 1);
        add(first, "one", 1);
        PendingRun second = sharing(array, 1);
        add(second, "one", 2);
        List<String> before = bytesOf(stored(List.of(second), false));

        // When
        second.detach();

        // Then
        assertThat(second.isCompact()).isTrue();
        assertThat(bytesOf(stored(List.of(second), true))).isEqualTo(before);
    }

    @Test
    void shouldCutOutAPartWithItsSlices() {
        // Given
        Notes one = new Notes();
        Notes two = new Notes();
        add(one, 5);
        add(one, 6);
        add(two, 1);
        add(one, 7);

        // When
        run.part(1, 3).confirm(50);

        // Then
        assertThat(one.lines).containsExactly("6+1@50");
        assertThat(two.lines).containsExactly("1+1@51");
    }

    @Test
    void shouldTakeNumbersAtEqualDistancesOnly() {
        // Given
        Notes notes = new Notes();
        byte[] payload = "m".getBytes(StandardCharsets.UTF_8);
        Draft draft = new Draft().payload(payload, 0, 1);
        run.add(draft, notes, 0, "p", 10);
        run.add(draft, notes, 1, "p", 14);

        // When / Then
        assertThat(run.takes("p", 18)).isTrue();
        assertThat(run.takes("p", 17)).isFalse();
        assertThat(run.takes("q", 18)).isFalse();
        assertThat(run.takes(null, 0)).isFalse();
        assertThat(run.stride()).isEqualTo(4);
    }

    @Test
    void shouldStayAsItWasWhereAMessageCannotBeAdded() {
        // Given
        Notes notes = new Notes();
        Draft broken = new Draft().payload(new byte[2], 0, 50);
        assertThatThrownBy(() -> run.add(broken, notes, 0, null, 0)).isInstanceOf(RuntimeException.class);
        add(notes, 0);
        int bytes = run.bytes();

        // When
        assertThatThrownBy(() -> run.add(broken, notes, 1, null, 0)).isInstanceOf(RuntimeException.class);

        // Then
        assertThat(run.count()).isEqualTo(1);
        assertThat(run.bytes()).isEqualTo(bytes);
        add(notes, 1);
        run.confirm(0);
        assertThat(notes.lines).containsExactly("0+2@0");
    }
}

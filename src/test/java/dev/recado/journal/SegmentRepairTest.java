package dev.recado.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.StoredRun;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a mended segment has lost is what was announced, whatever was copied over what. */
class SegmentRepairTest {

    private static final SegmentSettings SEGMENTS = new SegmentSettings(1 << 20, 256, 1024, 10);
    private static final int RUNS = 150;
    private static final int SEEDS = Integer.getInteger("recado.segment.seeds", 1_000);

    private final SimDisk disk = new SimDisk(1);

    private byte[] fill() {
        SegmentStore store = new SegmentStore(disk, SEGMENTS);
        store.open(5, "topics/uuid/0");
        for (int i = 0; i < RUNS; i++) {
            store.append(List.of(Runs.run(5, i, 1, new byte[100 + i % 7], i)));
        }
        ByteWriter section = new ByteWriter(64);
        store.writeState(section);
        store.close();
        return section.toByteArray();
    }

    private SegmentStore open(byte[] section) {
        SegmentStore store = new SegmentStore(disk, SEGMENTS);
        store.readState(new ByteReader(section));
        return store;
    }

    private Set<Long> missing(byte[] section) {
        Set<Long> missing = new TreeSet<>();
        for (long offset = 0; offset < RUNS; offset++) {
            missing.add(offset);
        }
        SegmentStore store = open(section);
        long from = 0;
        for (List<StoredRun> runs = store.read(5, from, 500); !runs.isEmpty(); runs = store.read(5, from, 500)) {
            runs.forEach(run -> missing.remove(run.baseOffset()));
            from = runs.get(runs.size() - 1).endOffset();
        }
        store.close();
        return missing;
    }

    @Test
    void shouldAnnounceWhatIsMissingAfterwards() {
        // Given
        byte[] section = fill();
        disk.createDirectories(DataDirectory.DAMAGED);
        Segment segment = SegmentState.read(new ByteReader(section), () -> new SparseIndex(256, new AtomicInteger(99)))
                .get(0)
                .segments[0];
        byte[] sound = new byte[(int) segment.bytes];
        read(segment, sound);
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] hurt = sound.clone();
            int from = random.nextInt(hurt.length);
            int to = random.nextInt(hurt.length);
            System.arraycopy(sound, from, hurt, to, Math.min(600, hurt.length - Math.max(from, to)));
            write(segment, hurt);

            // When
            List<Repair.Gap> gaps = SegmentRepair.gaps(disk, segment);
            SegmentRepair.mend(disk, segment);

            // Then
            Set<Long> announced = new TreeSet<>();
            gaps.forEach(gap -> {
                for (long offset = gap.from(); offset < gap.to(); offset++) {
                    announced.add(offset);
                }
            });
            assertThat(missing(section))
                    .as("seed=%s from=%s to=%s", seed, from, to)
                    .isEqualTo(announced);
        }
    }

    private void read(Segment segment, byte[] into) {
        try (DiskFile file = disk.open(segment.path(), false)) {
            file.read(ByteBuffer.wrap(into), 0);
        }
    }

    private void write(Segment segment, byte[] bytes) {
        try (DiskFile file = disk.open(segment.path(), false)) {
            file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
            file.sync();
        }
    }
}

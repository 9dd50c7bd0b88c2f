package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is under way, what it holds, and how slices are cut. */
class LargeOutputTest {

    private final AtomicLong gauge = new AtomicLong();
    private final LargeOutput large = new LargeOutput(gauge::addAndGet);
    private final ByteWriter out = new ByteWriter(64);
    private final List<String> told = new ArrayList<>();

    private String written() {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldGoOnBehindWhatWasEncodedAndTellTheEndOnce() {
        // Given
        out.putAscii("head:");
        large.holdAndBegin(SlicedOutput.text("x".repeat(100)), 70, () -> told.add("end"));

        // When
        large.encode(out, 65);
        boolean underWay = large.isUnderWay();
        long heldMeanwhile = gauge.get();
        out.clear();
        large.encode(out, 65);
        large.encode(out, 65);

        // Then
        assertThat(underWay).isTrue();
        assertThat(heldMeanwhile).isEqualTo(70);
        assertThat(written()).isEqualTo("x".repeat(40));
        assertThat(told).containsExactly("end");
        assertThat(large.isUnderWay()).isFalse();
        assertThat(gauge).hasValue(0);
    }

    @Test
    void shouldHoldNothingOnceTheSessionIsOver() {
        // Given
        large.hold(1_000);
        large.holdAndBegin(SlicedOutput.text("x".repeat(1_000)), 500, () -> told.add("end"));
        large.encode(out, 100);

        // When
        large.close();
        large.hold(2_000);
        large.close();

        // Then
        assertThat(gauge).hasValue(0);
        assertThat(large.isUnderWay()).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void shouldWriteTheSameWhereverSlicesEnd() {
        String expected = "";
        for (int part = 0; part < 50; part++) {
            expected += String.valueOf((char) ('a' + part % 26)).repeat(part * 7 % 200);
        }
        for (int sliceBytes : new int[] {64, 65, 100, 257, 100_000}) {
            // Given
            Iterator<SlicedOutput> parts = IntStream.range(0, 50)
                    .mapToObj(part -> SlicedOutput.text(
                            String.valueOf((char) ('a' + part % 26)).repeat(part * 7 % 200)))
                    .iterator();
            SlicedOutput all = SlicedOutput.sequence(parts);
            StringBuilder got = new StringBuilder();

            // When
            boolean more = true;
            while (more) {
                out.clear();
                more = all.next(out, sliceBytes);
                assertThat(out.size()).isLessThanOrEqualTo(sliceBytes);
                got.append(written());
            }

            // Then
            assertThat(got).hasToString(expected);
        }
    }
}

package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProducerWindowTest {

    @Test
    void shouldTellSeenFromNewFromTooOld() {
        // Given
        ProducerWindow window = new ProducerWindow();

        // When
        window.record(10_000, 2, 3, 500, 7);

        // Then
        assertThat(window.offsetOf(10_000)).isEqualTo(500);
        assertThat(window.offsetOf(10_001)).isEqualTo(ProducerWindow.NOT_SEEN);
        assertThat(window.offsetOf(10_004)).isEqualTo(502);
        assertThat(window.offsetOf(10_005)).isEqualTo(ProducerWindow.NOT_SEEN);
        assertThat(window.offsetOf(10_004 - 4_095)).isEqualTo(ProducerWindow.NOT_SEEN);
        assertThat(window.offsetOf(10_004 - 4_096)).isEqualTo(ProducerWindow.TOO_OLD);
        assertThat(window.offsetOf(-1)).isEqualTo(ProducerWindow.TOO_OLD);
        assertThat(window.next()).isEqualTo(10_005);
        assertThat(window.lastUsedMs()).isEqualTo(7);
    }

    @Test
    void shouldStaySmallForAnUndisturbedProducer() {
        // Given
        ProducerWindow window = new ProducerWindow();

        // When
        for (int i = 0; i < 1_000_000; i++) {
            window.record(3L * i, 3, 1, 1_000 + i, i);
        }

        // Then
        assertThat(window.bytes()).isLessThan(300);
        assertThat(window.offsetOf(3L * 999_999)).isEqualTo(1_000_999);
        assertThat(window.offsetOf(3L * 999_000)).isEqualTo(1_000_000);
        assertThat(window.offsetOf(3L * 999_000 + 1)).isEqualTo(ProducerWindow.NOT_SEEN);
    }

    /**
     * {@code scatter}: 0 consecutive offsets, more: other producers in between. {@code gap}: the largest step of
     * numbers.
     */
    @ParameterizedTest
    @CsvSource({"1, 0, 1", "2, 3, 1", "3, 3, 4", "4, 0, 6", "5, 1, 2000", "6, 2, 9000", "7, 0, 5000", "8, 40, 2"})
    void shouldAgreeWithAMapOfTheLastNumbers(long seed, int scatter, int gap) {
        // Given
        Random random = new Random(seed);
        ProducerWindow window = new ProducerWindow();
        TreeMap<Long, Long> model = new TreeMap<>();
        long highest = -1;
        long offset = 0;

        // When
        for (int i = 0; i < 12_000; i++) {
            long late = highest - random.nextInt(4_000);
            boolean isLate = random.nextInt(10) == 0 && late > 0 && !model.containsKey(late);
            int count = isLate ? 1 : 1 + random.nextInt(random.nextInt(50) == 0 ? 6_000 : 3);
            int stride = 1 + random.nextInt(3);
            long first = isLate ? late : highest + 1 + random.nextInt(gap);
            offset += random.nextInt(scatter + 1);
            window.record(first, stride, count, offset, i);
            for (int k = 0; k < count; k++) {
                model.put(first + (long) k * stride, offset++);
            }
            highest = Math.max(highest, first + (count - 1L) * stride);
            model.headMap(highest - 4_096, true).clear();
            if (i % 997 == 0) {
                window = roundTrip(window);
            }

            // Then
            assertThat(window.next()).isEqualTo(highest + 1);
            for (int k = 0; k < 4; k++) {
                check(window, model, highest, highest + 2 - random.nextInt(4_200));
            }
        }
        for (long number = highest - 4_100; number <= highest + 1; number++) {
            check(window, model, highest, number);
        }
        assertThat(window.bytes()).isLessThan(40_000);
    }

    private static void check(ProducerWindow window, Map<Long, Long> model, long highest, long number) {
        long expected = model.getOrDefault(number, ProducerWindow.NOT_SEEN);
        if (number < 0 || number <= highest - 4_096) {
            expected = ProducerWindow.TOO_OLD;
        }
        assertThat(window.offsetOf(number))
                .as("number %d of %d", number, highest)
                .isEqualTo(expected);
    }

    private static ProducerWindow roundTrip(ProducerWindow window) {
        ByteWriter out = new ByteWriter(64);
        window.encode(out);
        ByteReader in = new ByteReader(out.toByteArray());
        ProducerWindow read = ProducerWindow.decode(in);
        assertThat(in.consumed()).isTrue();
        assertThat(read.lastUsedMs()).isEqualTo(window.lastUsedMs());
        return read;
    }

    @Test
    void shouldForgetTheSilentAndMakeRoomForTheNew() {
        // Given
        ProducerTable table = new ProducerTable();
        for (int i = 0; i < ProducerTable.PRODUCERS_MAX; i++) {
            table.record("p" + i, 0, 1, 1, i, i);
        }
        table.record("p0", 1, 1, 1, 99_999, 20_000);

        // When, Then
        assertThat(table.admits("p5", 20_000)).isTrue();
        assertThat(table.admits("new", 20_000)).isFalse();
        assertThat(table.admits("new", ProducerTable.EVICT_AFTER_MS + 1)).isTrue();
        table.record("new", 0, 1, 1, 7, ProducerTable.EVICT_AFTER_MS + 1);
        assertThat(table.size()).isEqualTo(ProducerTable.PRODUCERS_MAX);
        assertThat(table.evictedCount()).isEqualTo(1);
        assertThat(table.window("p1")).isNull();
        assertThat(table.offsetOf("p0", 1)).isEqualTo(99_999);
        assertThat(table.expireBefore(20_001)).isEqualTo(ProducerTable.PRODUCERS_MAX - 1);
        assertThat(table.size()).isEqualTo(1);
        assertThat(table.next("new")).isEqualTo(1);
    }

    @Test
    void shouldBoundTheHeapOfAllWindows() {
        // Given
        ProducerTable table = new ProducerTable();

        // When
        for (int message = 0; message < 1_200; message++) {
            for (int producer = 0; producer < 1_100; producer++) {
                table.record("p" + producer, message, 1, 1, message * 5_000L + producer, message);
            }
        }

        // Then
        assertThat(table.bytes()).isLessThanOrEqualTo(ProducerTable.BYTES_MAX);
        assertThat(table.evictedCount()).isPositive();
        assertThat(table.next("p1099")).isEqualTo(1_200);
        assertThat(table.admits("another", 1_200)).isFalse();
    }

    @Test
    void shouldWriteTheTableAsTheFormatSays() {
        // Given
        ProducerTable table = new ProducerTable();
        table.record("ab", 5, 2, 3, 300, 9);
        table.record("c", 0, 1, 1, 0, 10);

        // When
        ByteWriter out = new ByteWriter(64);
        table.encode(out);

        // Then
        String golden = "0202616209" + "0a000104" + "0203ac02" + "0163" + "0a01000100010100";
        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(golden);
        ProducerTable read = ProducerTable.decode(new ByteReader(out.toByteArray()));
        assertThat(read.offsetOf("ab", 7)).isEqualTo(301);
        assertThat(read.bytes()).isEqualTo(table.bytes());
    }

    @Test
    void shouldNeverThrowForGarbage() {
        // Given
        Random random = new Random(5);
        ProducerTable table = new ProducerTable();
        for (int i = 0; i < 3_000; i++) {
            table.record("p" + i % 3, i, 1 + i % 2, 1, i * 2L + random.nextInt(2), i);
        }
        ByteWriter out = new ByteWriter(64);
        table.encode(out);

        // When, Then
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = out.toByteArray();
            bytes[random.nextInt(random.nextBoolean() ? 40 : bytes.length)] = (byte) random.nextInt();
            ByteReader in = new ByteReader(
                    Arrays.copyOf(bytes, random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length));
            ProducerTable mutant = ProducerTable.decode(in);
            if (!in.failed()) {
                mutant.record("p0", mutant.next("p0") + 5, 1, 3, 9, 1);
                mutant.encode(new ByteWriter(16));
            }
        }
    }
}

package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.bench.Stamp.Finding;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StampTest {

    private static final int RUN = 0x1234_5678;

    private static byte[] stamped(int sizeBytes, int publisher, long sequence, long intended) {
        byte[] payload = Stamp.payload(RUN, sizeBytes);
        Stamp.write(payload, 0, sizeBytes, RUN, publisher, sequence, intended);
        return payload;
    }

    @Test
    void shouldLayTheFieldsOutAsDrawn() {
        byte[] payload = stamped(32, 2, 3, 4);

        assertThat(HexFormat.of().formatHex(payload, 0, 24))
                .isEqualTo("12345678" + "00000002" + "0000000000000003" + "0000000000000004");
    }

    @Test
    void shouldReadWhatWasWritten() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            // Given
            int size = Stamp.BYTES + random.nextInt(300);
            int publisher = random.nextInt(1_000);
            long sequence = random.nextLong() >>> 1;
            long intended = random.nextLong();
            byte[] payload = stamped(size, publisher, sequence, intended);

            // When
            Stamp stamp = new Stamp(RUN, 1_000, size);

            // Then
            assertThat(stamp.read(payload, 0, size)).isEqualTo(Finding.OURS);
            assertThat(stamp.publisher()).isEqualTo(publisher);
            assertThat(stamp.sequence()).isEqualTo(sequence);
            assertThat(stamp.intendedNanos()).isEqualTo(intended);
        }
    }

    @Test
    void shouldCallEveryFlippedBitCorruptOrForeign() {
        byte[] payload = stamped(64, 5, 77, 123_456_789);
        Stamp stamp = new Stamp(RUN, 10, 64);
        for (int bit = 0; bit < 64 * 8; bit++) {
            byte[] flipped = payload.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Finding expected = bit < 32 ? Finding.FOREIGN : Finding.CORRUPT;
            assertThat(stamp.read(flipped, 0, 64)).as("bit %d", bit).isEqualTo(expected);
        }
    }

    @Test
    void shouldNotTakeACutOrAForeignPayloadForOurs() {
        byte[] payload = stamped(64, 5, 77, 1);
        Stamp stamp = new Stamp(RUN, 10, 64);

        assertThat(stamp.read(payload, 0, 63)).isEqualTo(Finding.CORRUPT);
        assertThat(stamp.read(payload, 0, 31)).isEqualTo(Finding.FOREIGN);
        assertThat(stamp.read(Arrays.copyOf(payload, 65), 0, 65)).isEqualTo(Finding.CORRUPT);
        assertThat(new Stamp(RUN + 1, 10, 64).read(payload, 0, 64)).isEqualTo(Finding.FOREIGN);
        assertThat(new Stamp(RUN, 5, 64).read(payload, 0, 64)).isEqualTo(Finding.CORRUPT);
    }
}

package dev.recado.apps.coffee.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.GroupSum;
import dev.recado.apps.coffee.data.CoffeeRow.Naming;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

    private static final UUID SESSION = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final String HEAD = "01" + "00112233445566778899aabbccddeeff";

    @Test
    void shouldWriteTheDrawnBytes() {
        assertThat(hex(Batch.ofRows(
                        SESSION,
                        CoffeeTable.TRANSACTIONS,
                        300,
                        List.of(new Sale("ab", 3, 0, 7_500, 20240131_235959L)))))
                .isEqualTo(
                        HEAD + "01" + "00" + "ac02" + "01" + "01" + "026162" + "03" + "00" + "cc3a" + "f7c0d4ae88cd04");
        assertThat(hex(Batch.ofRows(
                        SESSION,
                        CoffeeTable.TRANSACTION_ITEMS,
                        0,
                        List.of(new SaleItem("a", 1, 2, 3, 4), new SaleItem("b", 5, 6, 7, 8)))))
                .isEqualTo(HEAD + "02" + "00" + "00" + "02" + "02" + "016101020304" + "016205060708");
        assertThat(hex(Batch.ofRows(SESSION, CoffeeTable.STORES, 0, List.of(new Naming(1, "é")))))
                .isEqualTo(HEAD + "04" + "00" + "00" + "03" + "01" + "0102c3a9");
        assertThat(hex(Batch.ofRows(SESSION, CoffeeTable.TRANSACTIONS, 0, List.of(new GroupSum(1, 2, 3, 4)))))
                .isEqualTo(HEAD + "01" + "00" + "00" + "04" + "01" + "01020304");
        assertThat(hex(Batch.ofRows(SESSION, CoffeeTable.Q1, 0, List.of(new Answer(List.of("a", "b"))))))
                .isEqualTo(HEAD + "0b" + "00" + "00" + "05" + "01" + "0201610162");
        assertThat(hex(Batch.eos(SESSION, CoffeeTable.USERS, 5, true)))
                .isEqualTo(HEAD + "05" + "01" + "05" + "00" + "00");
        assertThat(hex(Batch.eos(SESSION, CoffeeTable.USERS, 5, false)))
                .isEqualTo(HEAD + "05" + "03" + "05" + "00" + "00");
    }

    @Test
    void shouldReadWhatItWrites() {
        // Given
        RandomFrames frames = new RandomFrames(16);

        for (int i = 0; i < 2_000; i++) {
            Batch batch = frames.batch();

            // When
            Batch read = BatchCodec.decode(BatchCodec.encode(batch));

            // Then
            assertThat(read).isEqualTo(batch);
        }
    }

    @Test
    void shouldTakeNoPartOfABatchForOne() {
        // Given
        RandomFrames frames = new RandomFrames(17);

        for (int i = 0; i < 100; i++) {
            byte[] whole = BatchCodec.encode(frames.batch());
            for (int length = 0; length < whole.length; length++) {
                // When
                Batch read = BatchCodec.decode(Arrays.copyOf(whole, length));

                // Then
                assertThat(read).isNull();
            }
            assertThat(BatchCodec.decode(Arrays.copyOf(whole, whole.length + 1)))
                    .isNull();
        }
    }

    @Test
    void shouldEndureGarbage() {
        // Given
        RandomFrames frames = new RandomFrames(18);
        Random random = new Random(18);

        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = BatchCodec.encode(frames.batch());
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }

            // When
            Batch read = BatchCodec.decode(bytes);

            // Then
            assertThat(read == null || read.rows().size() <= bytes.length).isTrue();
        }
    }

    @Test
    void shouldCheckACountBeforeItMakesAList() {
        // Given: a hundred thousand rows announced, none there
        byte[] lie = HexFormat.of().parseHex(HEAD + "01" + "00" + "00" + "01" + "a08d06");

        // Then
        assertThat(BatchCodec.decode(lie)).isNull();
    }

    @Test
    void shouldReadTheHeadOfWhatIsMalformedBehindIt() {
        // Given
        byte[] lie = HexFormat.of().parseHex(HEAD + "01" + "00" + "ac02" + "01" + "a08d06");
        byte[] end = HexFormat.of().parseHex(HEAD + "05" + "01" + "05" + "00" + "00" + "00");

        // Then
        assertThat(BatchCodec.decode(lie)).isNull();
        assertThat(BatchCodec.decodeHead(lie))
                .isEqualTo(new Batch(SESSION, CoffeeTable.TRANSACTIONS, 300, false, false, List.of()));
        assertThat(BatchCodec.decode(end)).isNull();
        assertThat(BatchCodec.decodeHead(end)).isEqualTo(Batch.eos(SESSION, CoffeeTable.USERS, 5, false));
        assertThat(BatchCodec.decodeHead(HexFormat.of().parseHex(HEAD + "06" + "00" + "00")))
                .isNull();
        assertThat(BatchCodec.decodeHead(new byte[0])).isNull();
    }

    private static String hex(Batch batch) {
        byte[] bytes = BatchCodec.encode(batch);
        assertThat(BatchCodec.decode(bytes)).isEqualTo(batch);
        return HexFormat.of().formatHex(bytes);
    }
}

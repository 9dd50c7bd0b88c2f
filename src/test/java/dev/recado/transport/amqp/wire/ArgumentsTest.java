package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    private final Arguments in = new Arguments();

    @Test
    void shouldReadEveryDomainOfTheSpecification() {
        // Given
        byte[] payload = Hex.bytes("003c0028" + "ff" + "fffe" + "fffffffd" + "7ffffffffffffffc" + "05" + "03 c3a961"
                + "00000002 ff00" + "00000004 01 61 74 01" + "02" + "03");

        // When
        int key = in.open(payload, 0, payload.length);

        // Then
        assertThat(MethodId.of(key)).isEqualTo(MethodId.BASIC_PUBLISH);
        assertThat(in.octet()).isEqualTo(0xff);
        assertThat(in.unsignedShort()).isEqualTo(0xfffe);
        assertThat(in.unsignedInt()).isEqualTo(0xfffffffdL);
        assertThat(in.longLong()).isEqualTo(0x7ffffffffffffffcL);
        assertThat(List.of(in.bit(), in.bit(), in.bit())).containsExactly(true, false, true);
        assertThat(in.shortString()).isEqualTo("éa");
        assertThat(in.longString()).isEqualTo(Hex.bytes("ff00"));
        assertThat(in.table().toMap()).containsExactly(Map.entry("a", true));
        assertThat(List.of(in.bit(), in.bit())).containsExactly(false, true);
        assertThat(in.consumed()).isFalse();
        assertThat(in.problem()).isEqualTo("bytes behind the arguments");
        assertThat(in.octet()).isEqualTo(3);
        assertThat(in.consumed()).isTrue();
        assertThat(in.problem()).isEmpty();
    }

    @Test
    void shouldPackEightBitsIntoAByte() {
        // Given
        byte[] payload = Hex.bytes("00000000 80 01");
        in.open(payload, 0, payload.length);

        // When
        List<Boolean> bits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bits.add(in.bit());
        }

        // Then
        assertThat(bits).containsExactly(false, false, false, false, false, false, false, true, true);
        assertThat(in.consumed()).isTrue();
    }

    @Test
    void shouldReadNothingBehindThePayload() {
        // Given
        byte[] bytes = Hex.bytes("00000000 05 6162 636465");

        // When
        in.open(bytes, 0, 7);

        // Then
        assertThat(in.shortString()).isEmpty();
        assertThat(in.failed()).isTrue();
        assertThat(in.problem()).isEqualTo("arguments end early");
        assertThat(in.octet()).isZero();
        assertThat(in.table()).isEqualTo(FieldTable.EMPTY);
        assertThat(in.bit()).isFalse();
    }

    @Test
    void shouldRefuseLengthsThatLie() {
        for (String bad : new String[] {"7fffffff", "ffffffff", "80000000", "00000002 61"}) {
            byte[] payload = Hex.bytes("00000000" + bad);
            in.open(payload, 0, payload.length);
            assertThat(in.longString()).as(bad).isEmpty();
            assertThat(in.failed()).isTrue();
            in.open(payload, 0, payload.length);
            assertThat(in.table()).isEqualTo(FieldTable.EMPTY);
            assertThat(in.failed()).isTrue();
        }
    }

    @Test
    void shouldRefuseNamesThatAreNoText() {
        // Given
        byte[] payload = Hex.bytes("00000000 02 61ff 01 62");
        in.open(payload, 0, payload.length);

        // When
        String first = in.shortString();
        String second = in.shortString();

        // Then
        assertThat(first).isEmpty();
        assertThat(second).isEqualTo("b");
        assertThat(in.failed()).isTrue();
        assertThat(in.consumed()).isFalse();
        assertThat(in.problem()).isEqualTo("a short string that is not UTF-8");
        in.open(payload, 0, 4);
        assertThat(in.consumed()).as("as new").isTrue();
    }

    @Test
    void shouldTellWhatIsWrongWithATable() {
        byte[] payload = Hex.bytes("00000000 00000003 01 61 5a");
        in.open(payload, 0, payload.length);
        assertThat(in.table()).isEqualTo(FieldTable.EMPTY);
        assertThat(in.problem()).isEqualTo("a field of unknown type 0x5a");
    }

    @Test
    void shouldGiveTablesThatOutliveTheFrame() {
        byte[] payload = Hex.bytes("00000000 00000007 01 61 49 00000007");
        in.open(payload, 0, payload.length);
        FieldTable table = in.table();
        Arrays.fill(payload, (byte) 0xFF);
        assertThat(table.toMap()).containsEntry("a", 7L);
    }

    /** The same kinds in a random order, written and read. */
    @Test
    void shouldReadBackWhatWasWritten() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            ByteWriter out = new ByteWriter(64);
            out.putInt(MethodId.BASIC_NACK.key());
            List<Object> written = new ArrayList<>();
            int[] kinds = random.ints(random.nextInt(8), 0, 5).toArray();
            for (int kind : kinds) {
                written.add(putAny(out, kind, random));
            }

            // When
            List<Object> read = new ArrayList<>();
            int key = in.open(out.array(), 0, out.size());
            for (int kind : kinds) {
                read.add(readAny(kind));
            }

            // Then
            assertThat(key).isEqualTo(MethodId.BASIC_NACK.key());
            assertThat(read).as("seed %d", seed).isEqualTo(written);
            assertThat(in.consumed()).isTrue();
        }
    }

    private static Object putAny(ByteWriter out, int kind, Random random) {
        long number = random.nextLong();
        switch (kind) {
            case 0 -> out.putShort((int) number);
            case 1 -> out.putInt((int) number);
            case 2 -> out.putLong(number);
            case 3 -> {
                String text = "ü".repeat(random.nextInt(128));
                ShortString.put(out, text);
                return text;
            }
            default -> {
                FieldTable table = RandomTables.table(random);
                table.put(out);
                return table;
            }
        }
        return kind == 0 ? number & 0xFFFF : kind == 1 ? number & 0xFFFF_FFFFL : number;
    }

    private Object readAny(int kind) {
        return switch (kind) {
            case 0 -> (long) in.unsignedShort();
            case 1 -> in.unsignedInt();
            case 2 -> in.longLong();
            case 3 -> in.shortString();
            default -> in.table();
        };
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            for (int n = 0; n < rubbish.length && i % 2 == 0; n++) {
                rubbish[n] &= (byte) (random.nextInt(3) == 0 ? 0x7F : 3);
            }
            in.open(rubbish, 0, rubbish.length);
            for (int n = random.nextInt(6); n > 0; n--) {
                readAny(random.nextInt(5));
                assertThat(in.longString().length).isLessThanOrEqualTo(rubbish.length);
                assertThat(in.sliceStart() + in.sliceLength()).isLessThanOrEqualTo(rubbish.length);
            }
            assertThat(in.consumed()).isEqualTo(in.problem().isEmpty());
        }
    }
}

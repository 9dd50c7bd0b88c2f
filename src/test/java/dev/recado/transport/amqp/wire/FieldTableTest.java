package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldTableTest {

    /** One field of each type: name, letter, value. */
    private static final byte[] ALL = Hex.bytes(
            "01 61 74 01" // a t true
                    + "01 62 62 ff" // b b -1
                    + "01 63 42 ff" // c B 255
                    + "01 64 73 fffe" // d s -2
                    + "01 65 75 fffe" // e u 65534
                    + "01 66 49 fffffffd" // f I -3
                    + "01 67 69 fffffffd" // g i 4294967293
                    + "01 68 6c fffffffffffffffc" // h l -4
                    + "01 69 4c fffffffffffffffb" // i L -5
                    + "01 6a 66 3fc00000" // j f 1.5
                    + "01 6b 64 3ff8000000000000" // k d 1.5
                    + "01 6c 44 02 0000007b" // l D 1.23
                    + "01 6d 53 00000003 c3bc78" // m S üx
                    + "01 6e 78 00000002 ff00" // n x
                    + "01 6f 54 000000005f5e1000" // o T
                    + "01 70 56" // p V
                    + "01 71 41 00000004 56 74 00 56" // q A V false V
                    + "01 72 46 00000005 02 c3bc 42 07" // r F ü: B 7
            );

    private final FieldCursor at = new FieldCursor();

    @Test
    void shouldReadEveryType() {
        // When
        Map<String, Object> map = read(ALL).toMap();

        // Then
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", true);
        expected.put("b", -1L);
        expected.put("c", 255L);
        expected.put("d", -2L);
        expected.put("e", 65534L);
        expected.put("f", -3L);
        expected.put("g", 4294967293L);
        expected.put("h", -4L);
        expected.put("i", -5L);
        expected.put("j", 1.5);
        expected.put("k", 1.5);
        expected.put("l", new FieldCursor.Decimal(2, 123));
        expected.put("m", "üx");
        expected.put("o", Instant.ofEpochSecond(1600000000));
        expected.put("p", null);
        expected.put("q", Arrays.asList(null, false, null));
        expected.put("r", Map.of("ü", 7L));
        assertThat((byte[]) map.get("n")).isEqualTo(Hex.bytes("ff00"));
        Map<String, Object> others = new LinkedHashMap<>(map);
        others.remove("n");
        assertThat(others).isEqualTo(expected);
        assertThat(String.join("", map.keySet())).as("order").isEqualTo("abcdefghijklmnopqr");
    }

    @Test
    void shouldFindFieldsWithTheirLetters() {
        FieldTable table = read(ALL);
        assertThat(table.find("g", at)).isTrue();
        assertThat(at.letter()).isEqualTo('i');
        assertThat(at.isInteger()).isTrue();
        assertThat(at.integer()).isEqualTo(4294967293L);
        assertThat(table.find("o", at)).isTrue();
        assertThat(at.isInteger()).isFalse();
        assertThat(at.timestamp()).isEqualTo(1600000000);
        assertThat(table.find("p", at)).isTrue();
        assertThat(at.isVoid()).isTrue();
        assertThat(table.find("r", at)).isTrue();
        assertThat(at.table().find("u", at)).isFalse();
        assertThat(table.find("r", at)).isTrue();
        byte[] name = "_ü_".getBytes(StandardCharsets.UTF_8);
        assertThat(at.table().find(name, 1, 2, at)).isTrue();
        assertThat(at.integer()).isEqualTo(7);
        assertThat(table.find("", at)).isFalse();
        assertThat(table.find("absent", at)).isFalse();
        assertThat(FieldTable.EMPTY.find("a", at)).isFalse();
        assertThat(at.name()).isEmpty();
    }

    @Test
    void shouldTakeTheFirstOfFieldsWithTheSameName() {
        FieldTable table = read(Hex.bytes("01 61 42 01  01 61 42 02"));
        assertThat(table.find("a", at)).isTrue();
        assertThat(at.integer()).isEqualTo(1);
        assertThat(table.toMap()).isEqualTo(Map.of("a", 1L));
        ByteWriter out = new ByteWriter(16);
        table.put(out);
        assertThat(Hex.of(out)).as("both stay").isEqualTo(Hex.plain("00000008 01 61 42 01  01 61 42 02"));
    }

    /** The response of AMQPLAIN is a table whose length is that of the response. */
    @Test
    void shouldReadTheResponseOfAmqplain() {
        byte[] response = Hex.bytes("05 4c4f47494e 53 00000005 6775657374" + "08 50415353574f5244 53 00000002 7077");
        FieldTable table = read(response);
        assertThat(table.toMap()).isEqualTo(Map.of("LOGIN", "guest", "PASSWORD", "pw"));
    }

    @Test
    void shouldTakeNamesOfAnyLength() {
        ByteWriter out = new ByteWriter(300);
        out.put(0).put('V');
        ShortString.put(out, "n".repeat(255));
        out.put('V');
        Map<String, Object> map = read(out.toByteArray()).toMap();
        assertThat(map.keySet()).containsExactly("", "n".repeat(255));
    }

    @Test
    void shouldRefuseWhatIsMalformed() {
        String[][] bad = {
            {"01", "a field without a value"},
            {"01 61", "a field without a value"},
            {"ff 61 56", "a field without a value"},
            {"01 61 55 0001", "a field of unknown type 0x55"}, // U of the written standard, which nobody sends
            {"01 61 00", "a field of unknown type 0x00"},
            {"01 61 ff", "a field of unknown type 0xff"},
            {"01 61 74", "a field longer than its table"},
            {"01 61 6c 00000000000000", "a field longer than its table"},
            {"01 61 44 00 000000", "a field longer than its table"},
            {"01 61 53 000000", "a field longer than its table"},
            {"01 61 53 00000002 61", "a field longer than its table"},
            {"01 61 53 ffffffff 61", "a field longer than its table"},
            {"01 61 53 7fffffff 61", "a field longer than its table"},
            {"01 61 46 00000001 00", "a field without a value"},
            {"01 61 46 00000003 01 62 42 07", "a field longer than its table"}, // the value lies outside
            {"01 61 41 00000001 42 07", "a field longer than its table"},
            {"01 61 41 00000006 46 00000001 62", "a field without a value"},
        };
        for (String[] one : bad) {
            byte[] bytes = Hex.bytes(one[0]);
            assertThat(FieldTable.problem(bytes, 0, bytes.length)).as(one[0]).isEqualTo(one[1]);
            assertThat(FieldTable.read(bytes, 0, bytes.length)).isNull();
        }
    }

    @Test
    void shouldRefuseWhatIsNestedTooDeep() {
        for (int depth : new int[] {1, 2, 32, 33, 100, 100_000}) {
            for (boolean arrays : new boolean[] {false, true}) {
                byte[] bytes = nested(depth, arrays);
                String problem = FieldTable.problem(bytes, 0, bytes.length);
                if (depth <= FieldTable.DEPTH_MAX) {
                    assertThat(problem).as("%d", depth).isNull();
                    assertThat(read(bytes).toMap().toString()).isNotEmpty();
                } else {
                    assertThat(problem).as("%d", depth).isEqualTo("a table nested too deep, limit=32");
                }
            }
        }
    }

    /** So many tables within each other, the outermost without its length; or arrays within a table. */
    private static byte[] nested(int depth, boolean arrays) {
        ByteWriter out = new ByteWriter(64);
        int fieldBytes = arrays ? 5 : 6;
        for (int i = depth - 1; i > 0; i--) {
            if (!arrays || i == depth - 1) {
                out.put(0);
            }
            out.put(arrays ? 'A' : 'F').putInt((i - 1) * fieldBytes);
        }
        return out.toByteArray();
    }

    @Test
    void shouldGoOverAnyTableAndCopyIt() {
        for (int seed = 0; seed < 1000; seed++) {
            // Given
            FieldTable table = RandomTables.table(new Random(seed));

            // When
            FieldTable copy = new TableBuilder().putAll(table).build();

            // Then
            assertThat(FieldTable.problem(table.bytes(), table.start(), table.length()))
                    .isNull();
            assertThat(copy.length()).isEqualTo(table.length());
            assertThat(copy.toMap())
                    .usingRecursiveComparison()
                    .withEqualsForType(Double::equals, Double.class)
                    .isEqualTo(table.toMap());
            assertThat(FieldTable.problem(copy.bytes(), copy.start(), copy.length()))
                    .isNull();
        }
    }

    @Test
    void shouldRefuseEveryPartOfATable() {
        int whole = 0;
        FieldCursor fields = read(ALL).fields();
        List<Integer> ends = new ArrayList<>(List.of(0));
        while (fields.next()) {
            ends.add(fields.valueStart() + fields.valueLength());
        }
        for (int length = 0; length <= ALL.length; length++) {
            boolean good = FieldTable.problem(ALL, 0, length) == null;
            assertThat(good).as("%d bytes", length).isEqualTo(ends.contains(length));
            whole += good ? 1 : 0;
        }
        assertThat(whole).isEqualTo(19);
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(3);
        int good = 0;
        for (int i = 0; i < 30_000; i++) {
            FieldTable table = i % 2 == 0 ? read(ALL) : RandomTables.table(random);
            byte[] mutated = Arrays.copyOfRange(table.bytes(), table.start(), table.start() + table.length());
            for (int n = random.nextInt(4); n > 0 && mutated.length > 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(3) == 0 ? random.nextInt(mutated.length + 1) : mutated.length;
            FieldTable read = FieldTable.read(mutated, 0, length);
            if (read != null) {
                assertThat(read.toMap()).hasSizeLessThanOrEqualTo(length);
                assertThat(new TableBuilder().putAll(read).build().length()).isEqualTo(length);
                good++;
            }
            goOver(FieldTable.checked(mutated, 0, length));
        }
        assertThat(good).isGreaterThan(1000);
    }

    /** What was not checked ends early, but ends. */
    private void goOver(FieldTable unchecked) {
        at.overTable(unchecked.bytes(), unchecked.start(), unchecked.length());
        while (at.next()) {
            assertThat(at.valueStart() + at.valueLength()).isLessThanOrEqualTo(unchecked.length());
        }
        assertThat(at.next()).isFalse();
    }

    @Test
    void shouldShowTimesThatNoInstantHolds() {
        assertThat(read(Hex.bytes("01 61 54 7fffffffffffffff")).toMap()).isEqualTo(Map.of("a", Long.MAX_VALUE));
        assertThat(read(Hex.bytes("01 61 54 8000000000000000")).toMap()).isEqualTo(Map.of("a", Long.MIN_VALUE));
    }

    private static FieldTable read(byte[] bytes) {
        FieldTable table = FieldTable.read(bytes, 0, bytes.length);
        assertThat(table).isNotNull();
        return table;
    }
}

package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ByteWriter;
import org.junit.jupiter.api.Test;

class TableBuilderTest {

    @Test
    void shouldWriteWhatTheSpecificationDraws() {
        // Given
        TableBuilder inner = new TableBuilder().flag("basic.nack", true);
        ArrayBuilder keys = new ArrayBuilder().text("k").integer(-1).table(new TableBuilder());
        ByteWriter out = new ByteWriter(64);

        // When
        new TableBuilder()
                .text("product", "é")
                .table("capabilities", inner)
                .integer("i", 1)
                .integer("l", 2L)
                .timestamp("t", 3)
                .array("a", keys)
                .put(out);

        // Then
        assertThat(Hex.of(out))
                .isEqualTo(Hex.plain("00000066" + "07 70726f64756374 53 00000002 c3a9"
                        + "0c 6361706162696c6974696573 46 0000000d 0a 62617369632e6e61636b 74 01"
                        + "01 69 49 00000001"
                        + "01 6c 6c 0000000000000002"
                        + "01 74 54 0000000000000003"
                        + "01 61 41 00000014 53 00000001 6b 6c ffffffffffffffff 46 00000000"));
    }

    @Test
    void shouldSetAFieldInItsPlaceAndOthersAtTheEnd() {
        // Given
        FieldTable before = checked("01 62 42 01  01 61 42 02  01 62 42 03");

        // When
        FieldTable after = new TableBuilder()
                .putAll(before)
                .integer("b", 9)
                .flag("c", false)
                .build();

        // Then
        assertThat(after).isEqualTo(checked("01 62 49 00000009  01 61 42 02  01 62 42 03  01 63 74 00"));
    }

    @Test
    void shouldRemoveAllOfAName() {
        TableBuilder builder = new TableBuilder().putAll(checked("01 62 42 01  01 61 42 02  01 62 42 03"));
        assertThat(builder.has("b")).isTrue();
        assertThat(builder.remove("b").build()).isEqualTo(checked("01 61 42 02"));
        assertThat(builder.has("b")).isFalse();
        assertThat(builder.isEmpty()).isFalse();
        assertThat(builder.remove("a").remove("x").isEmpty()).isTrue();
    }

    @Test
    void shouldSortByTheBytesOfNames() {
        FieldTable table = checked("02 c3a9 56  01 62 42 01  02 6162 56  01 62 42 02  01 5a 56  01 61 56  00 56");
        assertThat(new TableBuilder().putAll(table).sort().build())
                .isEqualTo(checked("00 56  01 5a 56  01 61 56  02 6162 56  01 62 42 01  01 62 42 02  02 c3a9 56"));
    }

    /** A letter too: clients do not agree in what the letters of long numbers mean. */
    @Test
    void shouldCopyWhatIsWithinAFieldAsItIs() {
        // Given
        FieldTable before = checked("01 62 4c ffffffffffffffff"
                + "01 61 46 00000016 01 7a 4c 0000000000000002 01 79 6c 0000000000000003"
                + "01 63 41 00000010 4c 0000000000000004 53 00000002 4c4c");

        // When
        FieldTable after = new TableBuilder().putAll(before).build();

        // Then
        assertThat(after).isEqualTo(before);
    }

    @Test
    void shouldCopyValuesUnderACursor() {
        FieldTable table = checked("01 61 42 07");
        FieldCursor at = table.fields();
        assertThat(at.next()).isTrue();
        ArrayBuilder array = new ArrayBuilder().copy(at);
        assertThat(new TableBuilder().copy("b", at).array("c", array).build())
                .isEqualTo(checked("01 62 42 07  01 63 41 00000002 42 07"));
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        assertThatThrownBy(() -> new TableBuilder().flag("n".repeat(256), true)).isInstanceOf(AssertionError.class);
    }

    private static FieldTable checked(String hex) {
        byte[] bytes = Hex.bytes(hex);
        assertThat(FieldTable.problem(bytes, 0, bytes.length)).isNull();
        return FieldTable.checked(bytes, 0, bytes.length);
    }
}

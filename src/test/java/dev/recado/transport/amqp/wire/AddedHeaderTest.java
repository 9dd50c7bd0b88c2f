package dev.recado.transport.amqp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddedHeaderTest {

    private final AddedHeader added = new AddedHeader("x-offset");

    private static byte[] made(PropertiesBuilder properties) {
        ByteWriter out = new ByteWriter(64);
        properties.put(out);
        return out.toByteArray();
    }

    private ContentHeader with(byte[] properties, long value) {
        ByteWriter out = new ByteWriter(0);
        // Other bytes stand before and behind.
        byte[] bytes = new byte[properties.length + 5];
        System.arraycopy(properties, 0, bytes, 3, properties.length);
        added.put(bytes, 3, properties.length, value, out);
        ContentHeader header = new ContentHeader();
        assertThat(header.readProperties(out.array(), 0, out.size())).isTrue();
        return header;
    }

    @Test
    void shouldBeTheOnlyHeaderWhereThereWasNone() {
        assertThat(with(made(new PropertiesBuilder()), 7).headers().toMap()).isEqualTo(Map.of("x-offset", 7L));
    }

    @Test
    void shouldStandBehindTheOthers() {
        // Given
        byte[] properties = made(new PropertiesBuilder()
                .headers(new TableBuilder().text("z", "1").integer("a", 2)));

        // When
        ContentHeader header = with(properties, -1);

        // Then
        assertThat(header.headers().toMap()).isEqualTo(Map.of("z", "1", "a", 2L, "x-offset", -1L));
        List<String> names = new ArrayList<>();
        FieldCursor at = header.headers().fields();
        while (at.next()) {
            names.add(at.name());
        }
        assertThat(names).containsExactly("z", "a", "x-offset");
    }

    @Test
    void shouldTakeThePlaceOfOneOfThatName() {
        // Given
        byte[] properties = made(new PropertiesBuilder()
                .headers(new TableBuilder().text("x-offset", "their own").integer("a", 2)));

        // When / Then
        assertThat(with(properties, 9).headers().toMap()).isEqualTo(Map.of("x-offset", 9L, "a", 2L));
    }

    @Test
    void shouldLeaveAllOtherPropertiesAsTheyAre() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            // Given
            PropertiesBuilder properties = new PropertiesBuilder();
            for (int i = 0; i < BasicProperty.COUNT; i++) {
                BasicProperty property = BasicProperty.at(i);
                if (property.form == BasicProperty.Form.TEXT && random.nextInt(3) == 0) {
                    properties.text(property, "v" + i);
                }
            }
            if (random.nextBoolean()) {
                properties.deliveryMode(2).timestamp(5);
            }
            if (random.nextBoolean()) {
                properties.headers(new TableBuilder().integer("n", round));
            }
            byte[] before = made(properties);
            ContentHeader old = new ContentHeader();
            assertThat(old.readProperties(before, 0, before.length)).isTrue();

            // When
            ContentHeader header = with(before, round);

            // Then
            assertThat(header.has(BasicProperty.HEADERS)).isTrue();
            assertThat(header.headers().toMap()).containsEntry("x-offset", (long) round);
            for (int i = 0; i < BasicProperty.COUNT; i++) {
                BasicProperty property = BasicProperty.at(i);
                if (property != BasicProperty.HEADERS) {
                    assertThat(header.has(property)).isEqualTo(old.has(property));
                    assertThat(header.text(property)).isEqualTo(old.text(property));
                }
            }
            assertThat(header.deliveryMode()).isEqualTo(old.deliveryMode());
            assertThat(header.timestamp()).isEqualTo(old.timestamp());
        }
    }
}

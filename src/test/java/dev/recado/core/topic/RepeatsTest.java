package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatsTest {

    private static final TopicSettings SMALL = TopicSettings.DEFAULT.with(TopicSettings.LIMIT_MESSAGES, 5);
    private static final TopicSettings LARGE = TopicSettings.DEFAULT.with(TopicSettings.LIMIT_MESSAGES, 5_000_000);

    @Test
    void shouldReadWhatStandsThereAndShareWhatRepeats() {
        // Given
        List<TopicSettings> written = List.of(SMALL, SMALL, LARGE, LARGE, SMALL, TopicSettings.DEFAULT);
        ByteWriter out = new ByteWriter(64);
        for (TopicSettings settings : written) {
            settings.encode(out);
            out.put(7); // what stands between
        }

        // When
        ByteReader in = new ByteReader(out.toByteArray());
        Repeats<TopicSettings> repeats = new Repeats<>(TopicSettings::decode);
        List<TopicSettings> read = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            read.add(repeats.read(in));
            assertThat(in.readByte()).isEqualTo(7);
        }

        // Then
        assertThat(in.consumed()).isTrue();
        assertThat(read).isEqualTo(written);
        assertThat(read.get(1)).isSameAs(read.get(0));
        assertThat(read.get(3)).isSameAs(read.get(2));
    }

    @Test
    void shouldNotTakeACutOneForTheOneBefore() {
        // Given
        ByteWriter out = new ByteWriter(64);
        SMALL.encode(out);
        SMALL.encode(out);
        byte[] bytes = out.toByteArray();
        ByteReader in = new ByteReader(bytes, 0, bytes.length - 1);
        Repeats<TopicSettings> repeats = new Repeats<>(TopicSettings::decode);

        // When
        repeats.read(in);
        repeats.read(in);

        // Then
        assertThat(in.failed()).isTrue();
    }
}

package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.client.MessageId;
import org.junit.jupiter.api.Test;

class TopicRangeTest {

    @Test
    void shouldTellWhatWasThereBeforeAndWhatIsGone() {
        // Given
        TopicRange range = TopicRange.parse("{\"name\":\"t\",\"kind\":\"log\",\"partition-figures\":["
                + "{\"partition\":0,\"shard\":3,\"first\":3,\"end\":5},"
                + "{\"partition\":1,\"shard\":4,\"first\":0,\"end\":1}],"
                + "\"groups\":[{\"name\":\"g\",\"kind\":\"named\"}]}");

        // When / Then
        assertThat(range.keeps()).isTrue();
        assertThat(range.isGone(new MessageId(-1, 2))).isTrue();
        assertThat(range.isGone(new MessageId(0, 3))).isFalse();
        assertThat(range.precedes(new MessageId(0, 4))).isTrue();
        assertThat(range.precedes(new MessageId(0, 5))).isFalse();
        assertThat(range.precedes(new MessageId(1, 1))).isFalse();
        assertThat(range.isGone(new MessageId(1, 0))).isFalse();
    }

    @Test
    void shouldKnowThatAQueueDoesNotKeepWhatIsFinished() {
        assertThat(TopicRange.parse("{\"kind\":\"queue\",\"partition-figures\":[]}")
                        .keeps())
                .isFalse();
    }
}

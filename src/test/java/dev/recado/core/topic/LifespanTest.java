package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifespanTest {

    private static final TopicSettings PLAIN = TopicSettings.DEFAULT;
    private static final TopicSettings AUTO_DELETE = PLAIN.with(TopicSettings.AUTO_DELETE, true);
    private static final TopicSettings EXPIRES = PLAIN.with(TopicSettings.EXPIRES, 100);

    private final Lifespan lifespan = new Lifespan(1_000);

    @Test
    void shouldNotEndBeforeTheFirstMember() {
        assertThat(lifespan.isOver(AUTO_DELETE, 0, 1_000_000)).isFalse();
        assertThat(lifespan.dueMs(AUTO_DELETE, 0)).isEqualTo(Lifespan.NEVER);
    }

    @Test
    void shouldEndWithTheLastMember() {
        // Given
        lifespan.onJoined(false);
        lifespan.onJoined(false);

        // When
        boolean withTwo = lifespan.isOver(AUTO_DELETE, 2, 1_001);
        boolean withOne = lifespan.isOver(AUTO_DELETE, 1, 1_002);
        boolean withNone = lifespan.isOver(AUTO_DELETE, 0, 1_003);

        // Then
        assertThat(withTwo || withOne).isFalse();
        assertThat(withNone).isTrue();
    }

    @Test
    void shouldEndAlsoWhereTheOnlyMemberWasThereBetweenTwoLooks() {
        lifespan.onJoined(false);

        assertThat(lifespan.isOver(AUTO_DELETE, 0, 1_001)).isTrue();
    }

    @Test
    void shouldNotEndWithAMemberThatAskedForEachMessage() {
        lifespan.onJoined(true);

        assertThat(lifespan.isOver(AUTO_DELETE, 0, 1_001)).isFalse();
    }

    @Test
    void shouldEndOnlyWhereTheSettingsSaySo() {
        lifespan.onJoined(false);

        assertThat(lifespan.isOver(PLAIN, 0, 1_000_000)).isFalse();
    }

    @Test
    void shouldExpireAfterTheTimeAndNotBefore() {
        assertThat(lifespan.dueMs(EXPIRES, 0)).isEqualTo(1_100);
        assertThat(lifespan.isOver(EXPIRES, 0, 1_099)).isFalse();
        assertThat(lifespan.isOver(EXPIRES, 0, 1_100)).isTrue();
    }

    @Test
    void shouldCountFromTheLastMembersLeaving() {
        // Given
        lifespan.onJoined(true);

        // When
        boolean meanwhile = lifespan.isOver(EXPIRES, 1, 5_000);
        long dueMeanwhileMs = lifespan.dueMs(EXPIRES, 1);
        boolean left = lifespan.isOver(EXPIRES, 0, 9_000);

        // Then
        assertThat(meanwhile || left).isFalse();
        assertThat(dueMeanwhileMs).isEqualTo(Lifespan.NEVER);
        assertThat(lifespan.dueMs(EXPIRES, 0)).isEqualTo(9_100);
    }

    @Test
    void shouldCountFromTheNextLookWhereAMemberWasThereBetweenTwo() {
        lifespan.onJoined(true);

        assertThat(lifespan.isOver(EXPIRES, 0, 5_000)).isFalse();
        assertThat(lifespan.isOver(EXPIRES, 0, 5_100)).isTrue();
    }

    @Test
    void shouldCountFromTheLastUse() {
        lifespan.onUsed(1_090);

        assertThat(lifespan.isOver(EXPIRES, 0, 1_189)).isFalse();
        assertThat(lifespan.isOver(EXPIRES, 0, 1_190)).isTrue();
    }
}

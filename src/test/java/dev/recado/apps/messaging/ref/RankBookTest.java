package dev.recado.apps.messaging.ref;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RankBookTest {

    private static final String AT = "tcp://127.0.0.1:6001";

    @Test
    void shouldGiveEachNameOneRankForEver() {
        // Given
        RankBook book = new RankBook(3_000);
        book.restore("old", 4);

        // When
        assertThat(book.register("new", AT, 0)).isNull();
        assertThat(book.register("old", AT, 0)).isNull();
        assertThat(book.register("new", AT, 5_000)).isNull();

        // Then
        assertThat(book.ranks()).containsExactly(Map.entry("old", 4L), Map.entry("new", 5L));
    }

    @Test
    void shouldTellWhoIsAlive() {
        // Given
        RankBook book = new RankBook(3_000);
        book.register("a", AT, 0);
        book.register("b", AT, 1_000);

        // Then
        assertThat(book.living(2_999)).hasSize(2);
        assertThat(book.living(3_000)).hasSize(1);
        assertThat(book.heart("a", AT, 3_500)).isTrue();
        assertThat(book.living(3_500)).hasSize(2);
        assertThat(book.heart("a", "tcp://127.0.0.1:6002", 3_500)).isFalse();
        assertThat(book.heart("c", AT, 3_500)).isFalse();
    }

    /** As it was: two servers of one name took the rank from each other every second, for ever. */
    @Test
    void shouldRefuseASecondServerOfALivingName() {
        // Given
        RankBook book = new RankBook(3_000);
        book.register("a", AT, 0);

        // Then: the first may come back where it was, another one has to wait until it has expired
        assertThat(book.register("a", "tcp://127.0.0.1:6002", 2_999)).startsWith("another server of that name");
        assertThat(book.register("a", AT, 100)).isNull();
        assertThat(book.register("a", "tcp://127.0.0.1:6002", 3_100)).isNull();
    }

    @Test
    void shouldRefuseWhatIsNoNameOrEndpoint() {
        RankBook book = new RankBook(3_000);
        assertThat(book.register("a b", AT, 0)).isNotNull();
        assertThat(book.register("a", "inproc://x", 0)).isNotNull();
        for (int i = 0; i < RankBook.SERVERS_MAX; i++) {
            assertThat(book.register("s" + i, AT, 0)).isNull();
        }
        assertThat(book.register("one-more", AT, 0)).startsWith("no rank left");
    }
}

package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a group has finished what its topic held. */
class EndWatchTest {

    private static final String NAMED =
            "{\"name\":\"%s\",\"kind\":\"named\",\"members\":0,\"floor\":%d,\"backlog\":%d}";
    private static final String AUTOMATIC =
            "{\"name\":\"%s\",\"kind\":\"automatic\",\"members\":%d,\"floor\":%d,\"backlog\":0}";

    private static boolean reached(String kind, int partitions, String group, String groups) {
        Map<String, String> now =
                Map.of("kind", kind, "partitions", Integer.toString(partitions), "groups", "[" + groups + "]");
        return EndWatch.isReached(now, group, 10);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1, 10,  0, true
            1, 12, 90, true
            1,  9,  1, false
            3, -1,  0, true
            3, -1,  1, false
            """)
    void shouldBeWhereTheGroupIsDone(int partitions, long floor, long backlog, boolean reached) {
        // Given
        String groups = NAMED.formatted("other", 99, 0) + "," + NAMED.formatted("g", floor, backlog);

        // When / Then
        assertThat(reached("log", partitions, "g", groups)).isEqualTo(reached);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            2, 10, 1, 10, true
            2, 10, 0,  3, true
            2, 10, 1,  3, false
            0, 10, 0, 10, false
            """)
    void shouldBeWhereAllAutomaticGroupsWithMembersAreDone(
            int members, long floor, int otherMembers, long otherFloor, boolean reached) {
        // Given
        String groups = AUTOMATIC.formatted("1", members, floor) + ","
                + AUTOMATIC.formatted("2", otherMembers, otherFloor) + "," + NAMED.formatted("g", 0, 10);

        // When / Then
        assertThat(reached("log", 1, "", groups)).isEqualTo(reached);
    }

    @ParameterizedTest
    @CsvSource({"10, true", "9, false"})
    void shouldKnowTheGroupOfAQueueWithoutItsName(long floor, boolean reached) {
        assertThat(reached("queue", 1, "", NAMED.formatted("queue", floor, 0))).isEqualTo(reached);
    }

    @ParameterizedTest
    @CsvSource({"g", "''"})
    void shouldNotBeWhereThereIsNoGroupYet(String group) {
        assertThat(reached("log", 1, group, "")).isFalse();
    }
}

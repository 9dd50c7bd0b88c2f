package dev.recado.apps.coffee.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.NodeStates.NodeState;
import dev.recado.apps.monitor.NodeStates.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeViewTest {

    private static final String AGAIN = "2026-11-30T21:03:32Z";

    @Test
    void shouldSayWhichRunsAndWhenADeadOneIsTriedAgain() {
        assertThat(text(12, null)).isEqualTo("runs pid=12");
        assertThat(text(12, state(State.UP, 0, 0, null))).isEqualTo("runs pid=12");
        assertThat(text(12, state(State.STARTING, 0, 1, AGAIN))).isEqualTo("starts pid=12");
        assertThat(text(12, state(State.FAILING, 2, 0, null))).isEqualTo("does not answer, failed checks: 2 pid=12");
        assertThat(text(0, null)).isEqualTo("is down");
        assertThat(text(0, state(State.UP, 0, 0, null))).isEqualTo("is down, no check has failed yet");
        assertThat(text(0, state(State.DOWN, 3, 0, null))).isEqualTo("is down, attempt 1 of 5 comes now");
        assertThat(text(0, state(State.DOWN, 3, 2, AGAIN)))
                .isEqualTo("is down, attempt 3 of 5 comes after 2026-11-30T21:03:32Z");
        assertThat(text(0, state(State.GIVEN_UP, 3, 5, null)))
                .isEqualTo("is down and given up after 5 attempts, start it by hand");
    }

    private static String text(long pid, NodeState known) {
        return NodeView.of("a", "k", pid, known).text();
    }

    private static NodeState state(State state, int failures, int attempts, String again) {
        return new NodeState(state, failures, attempts, 5, again);
    }

    @Test
    void shouldTellWhatIsNotAsItWas() {
        // Given
        NodeView one = NodeView.running("one", "k", 1);
        NodeView two = NodeView.running("two", "k", 2);

        // When
        List<String> changes = NodeView.changes(List.of(one, two), List.of(one, NodeView.of("two", "k", 0, null)));

        // Then
        assertThat(changes).containsExactly("two is down");
    }

    @Test
    void shouldShowEachKindInALineAndWhatDoesNotRunBelowIt() {
        // When
        List<String> table = NodeView.table(List.of(
                NodeView.running("gateway", "gateway", 1),
                NodeView.running("filter-year-1", "filter-year", 2),
                NodeView.of("filter-year-2", "filter-year", 0, null)));

        // Then
        assertThat(table)
                .containsExactly(
                        "  gateway               1 of 1",
                        "  filter-year           1 of 2",
                        "    filter-year-2 is down");
    }
}

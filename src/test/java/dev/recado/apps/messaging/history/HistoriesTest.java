package dev.recado.apps.messaging.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.history.HistoryEntry.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoriesTest {

    private static final List<Kind> KINDS = List.of(Kind.values());

    private static HistoryEntry entry(
            long clock, String origin, long n, String id, Kind kind, String user, String target) {
        return new HistoryEntry(new HistoryEntry.Key(clock, origin, n), 1, id, kind, user, target, "text " + clock);
    }

    /** Everything that shows, in one value. */
    private static List<Object> shown(Histories histories) {
        return List.of(
                List.copyOf(histories.publications().all()),
                List.copyOf(histories.messages().all()),
                List.copyOf(histories.users()),
                List.copyOf(histories.channels()),
                histories.subscriptions(),
                histories.lastOfChannel("c0", 5),
                histories.lastBetween("u0", "u1", 5));
    }

    @Test
    void shouldDependOnTheOperationsAndNotOnTheirArrival() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            // Given: ids come twice, for the same thing and for another
            List<HistoryEntry> entries = new ArrayList<>();
            for (int i = 1; i <= 40; i++) {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                String target = kind == Kind.LOGIN ? "" : (kind == Kind.MESSAGE ? "u" : "c") + random.nextInt(3);
                entries.add(entry(
                        1 + random.nextInt(30), "o" + i % 3, i, "id" + random.nextInt(20), kind, "u" + i % 2, target));
            }
            Histories inOrder = new Histories();
            entries.forEach(inOrder::add);

            // When
            Collections.shuffle(entries, random);
            Histories shuffled = new Histories();
            entries.forEach(shuffled::add);

            // Then
            assertThat(shown(shuffled)).as("round=%s", round).isEqualTo(shown(inOrder));
        }
    }

    @Test
    void shouldAppendToAFileWhereThatIsEnough() {
        // Given
        Histories histories = new Histories();
        histories.add(entry(5, "a", 1, "1", Kind.PUBLISH, "u", "c"));
        OrderedLines lines = histories.publications();
        assertThat(lines.needsWhole()).isTrue();
        lines.onWritten();

        // When
        HistoryEntry later = entry(6, "a", 2, "2", Kind.PUBLISH, "u", "c");
        histories.add(later);

        // Then
        assertThat(lines.needsWhole()).isFalse();
        assertThat(lines.unwritten()).containsExactly(later);

        // When: one arrives that belongs before what the file has
        lines.onWritten();
        histories.add(entry(4, "b", 1, "3", Kind.PUBLISH, "u", "c"));

        // Then
        assertThat(lines.needsWhole()).isTrue();
        assertThat(lines.unwritten()).hasSize(3);
    }

    @Test
    void shouldTakeEachOperationOnceAndNoneBeforeItsTurn() {
        // Given
        HistoryLog log = new HistoryLog(3);
        HistoryEntry first = entry(1, "a", 1, "1", Kind.LOGIN, "u", "");
        HistoryEntry second = entry(2, "a", 2, "2", Kind.LOGIN, "v", "");

        // Then
        assertThat(log.offer(second)).isEqualTo(HistoryLog.Offered.GAP);
        assertThat(log.offer(first)).isEqualTo(HistoryLog.Offered.APPLIED);
        assertThat(log.offer(first)).isEqualTo(HistoryLog.Offered.KNOWN);
        assertThat(log.offer(second)).isEqualTo(HistoryLog.Offered.APPLIED);
        assertThat(log.missing(Map.of("a", 1L), 10)).containsExactly(second);
        assertThat(log.lacksSomethingOf(Map.of("a", 3L))).isTrue();
        assertThat(log.lacksSomethingOf(Map.of("a", 2L))).isFalse();
        assertThat(log.hasRoom()).isTrue();
        assertThat(log.offer(entry(3, "b", 1, "3", Kind.LOGIN, "w", ""))).isEqualTo(HistoryLog.Offered.APPLIED);
        assertThat(log.hasRoom()).isFalse();
    }

    @Test
    void shouldReadItsFieldsBackAndNothingElse() {
        HistoryEntry entry = entry(1, "a.1", 1, "1", Kind.MESSAGE, "u", "v");
        assertThat(HistoryEntry.of(entry.fields())).isEqualTo(entry);
        for (String field : entry.fields().keySet()) {
            Map<String, Object> fields = entry.fields();
            fields.put(field, field.equals("text") ? 5L : "\n");
            if (!field.equals("origin") && !field.equals("id")) {
                assertThat(HistoryEntry.of(fields)).as(field).isNull();
            }
            fields.remove(field);
            assertThat(HistoryEntry.of(fields)).as(field).isNull();
        }
        assertThat(HistoryEntry.of("text")).isNull();
    }
}

package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.HealthJudge.Change;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {

    private final HealthJudge judge = new HealthJudge(new HealthJudge.Times(1_000, 400, 3), 0);
    private long nowMs;

    @Test
    void shouldFindANodeDownAfterSoManyFailures() {
        assertThat(round(false)).isEqualTo(Change.FAILED);
        assertThat(round(false)).isEqualTo(Change.FAILED);
        assertThat(round(false)).isEqualTo(Change.DOWN);
        assertThat(round(false)).isEqualTo(Change.DOWN);
        assertThat(judge.up()).isFalse();
    }

    @Test
    void shouldForgetFailuresWithOneAnswer() {
        // Given
        assertThat(round(true)).isEqualTo(Change.UP);
        round(false);
        round(false);

        // When
        assertThat(round(true)).isEqualTo(Change.NOTHING);

        // Then
        assertThat(round(false)).isEqualTo(Change.FAILED);
        assertThat(judge.failures()).isEqualTo(1);
        assertThat(judge.up()).isTrue();
    }

    @Test
    void shouldSayOnceThatANodeIsUpAgain() {
        // Given
        round(true);
        round(false);
        round(false);
        round(false);

        // When / Then
        assertThat(round(true)).isEqualTo(Change.UP);
        assertThat(round(true)).isEqualTo(Change.NOTHING);
    }

    @Test
    void shouldGiveAStartedNodeTheTimeOfAllFailures() {
        // Given
        round(false);
        round(false);
        round(false);

        // When
        judge.onBegun();

        // Then
        assertThat(round(false)).isEqualTo(Change.FAILED);
        assertThat(round(false)).isEqualTo(Change.FAILED);
        assertThat(round(false)).isEqualTo(Change.DOWN);
    }

    @Test
    void shouldNotBlameTheNodeWhereItWasHeldUpItself() {
        // Given: one more failure is the last
        round(true);
        round(false);
        round(false);
        assertThat(judge.asks(nowMs)).isTrue();

        // When: the process was stopped for a while, and the answer waits to be read
        Change change = judge.onTick(nowMs + 900);

        // Then: asked again
        assertThat(change).isEqualTo(Change.NOTHING);
        assertThat(judge.failures()).isEqualTo(2);
        assertThat(judge.asks(nowMs + 900)).isTrue();
        assertThat(judge.onTick(nowMs + 1_299)).isEqualTo(Change.NOTHING);
        assertThat(judge.onTick(nowMs + 1_300)).isEqualTo(Change.DOWN);
    }

    @Test
    void shouldAskOnceARound() {
        assertThat(judge.asks(0)).isTrue();
        assertThat(judge.asks(999)).isFalse();
        assertThat(judge.asks(1_000)).isTrue();
    }

    /** One check and what it changes, seen at the end of its time. */
    private Change round(boolean answers) {
        assertThat(judge.asks(nowMs)).isTrue();
        Change answered = answers ? judge.onAnswer() : judge.onTick(nowMs + 399);
        Change late = judge.onTick(nowMs + 400);
        nowMs += 1_000;
        if (answers) {
            assertThat(late).isEqualTo(Change.NOTHING);
            return answered;
        }
        assertThat(answered).isEqualTo(Change.NOTHING);
        return late;
    }
}

package dev.recado.apps.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.monitor.MonitorMessage.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Monitor 2 of 1, 2 and 3. */
class BullyTest {

    private static final Bully.Times TIMES = new Bully.Times(100, 1_000, 500);

    private final List<String> done = new ArrayList<>();
    private final Bully bully = new Bully(2, new TreeSet<>(List.of(1, 2, 3)), TIMES, new Bully.Effects() {
        @Override
        public void send(int to, Kind kind) {
            done.add(kind + " to " + to);
        }

        @Override
        public void onLeader(int leader) {
            done.add("leader " + leader);
        }
    });
    private long nowMs;

    @Test
    void shouldAskTheHigherOnesAndLeadWhereNoneAnswers() {
        // When
        bully.start(nowMs);
        assertDone("ELECTION to 3");
        passes(499);
        assertDone();
        passes(1);

        // Then
        assertDone("leader 2", "VICTORY to 1", "VICTORY to 3");
        assertThat(bully.leads()).isTrue();
        passes(100);
        assertDone("HEARTBEAT to 1", "HEARTBEAT to 3");
    }

    @Test
    void shouldFollowTheHigherOneThatAnswers() {
        // Given
        bully.start(nowMs);
        hear(Kind.ALIVE, 3);

        // When
        hear(Kind.VICTORY, 3);

        // Then
        assertDone("ELECTION to 3", "leader 3");
        for (int i = 0; i < 50; i++) {
            passes(100);
            hear(Kind.HEARTBEAT, 3);
        }
        assertDone();
        assertThat(bully.leader()).isEqualTo(3);
    }

    @Test
    void shouldAskAgainWhereTheOneThatAnsweredDoesNotLead() {
        // Given
        bully.start(nowMs);
        hear(Kind.ALIVE, 3);
        done.clear();

        // When
        passes(1_000);

        // Then
        assertDone("ELECTION to 3");
    }

    @Test
    void shouldAskForAnElectionWithoutHeartbeats() {
        // Given
        followThree();

        // When
        passes(1_000);

        // Then
        assertDone("leader 0", "ELECTION to 3");
    }

    @Test
    void shouldAnswerALowerOneAndShowItWhoLeads() {
        // Given
        lead();

        // When
        hear(Kind.ELECTION, 1);

        // Then
        assertDone("ALIVE to 1", "VICTORY to 1");
    }

    @Test
    void shouldTakeOverFromALowerOneThatLeads() {
        // Given
        followThree();

        // When
        hear(Kind.HEARTBEAT, 1);

        // Then
        assertDone("leader 0", "ELECTION to 3");
    }

    @Test
    void shouldStepBackForAHigherOne() {
        // Given
        lead();

        // When
        hear(Kind.HEARTBEAT, 3);

        // Then
        assertDone("leader 3");
        assertThat(bully.leads()).isFalse();
    }

    @Test
    void shouldNotTakeItselfForTheLeaderOnceItWasHeldUp() {
        // Given
        lead();

        // When
        passes(501);

        // Then
        assertDone("leader 0", "ELECTION to 3");
        assertThat(bully.leads()).isFalse();
    }

    @Test
    void shouldPassOverWhatStrangersSay() {
        // Given
        lead();

        // When
        hear(Kind.VICTORY, 9);
        hear(Kind.ELECTION, 0);
        hear(Kind.HEARTBEAT, 2);

        // Then
        assertDone();
        assertThat(bully.leads()).isTrue();
    }

    private void lead() {
        bully.start(nowMs);
        passes(500);
        done.clear();
    }

    private void followThree() {
        bully.start(nowMs);
        hear(Kind.VICTORY, 3);
        done.clear();
    }

    private void hear(Kind kind, int from) {
        bully.on(new MonitorMessage(kind, from), nowMs);
    }

    private void passes(long ms) {
        nowMs += ms;
        bully.onTick(nowMs);
    }

    private void assertDone(String... expected) {
        assertThat(done).containsExactly(expected);
        done.clear();
    }
}

package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadTurnsTest {

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final ThreadTurns turns = new ThreadTurns("test", 1, 20_000, failures::add);

    @Test
    void shouldEndBehindWhatWaitsAndDropWhatComesLater() {
        // Given
        List<Integer> ran = new CopyOnWriteArrayList<>();
        CountDownLatch gate = new CountDownLatch(1);
        turns.execute(() -> {
            await(gate);
            turns.shut(); // while all the others wait
        });
        for (int i = 0; i < 100; i++) {
            int number = i;
            turns.execute(() -> ran.add(number));
        }
        turns.after(60_000, () -> ran.add(-1));
        gate.countDown();

        // When
        boolean ended = turns.end();
        turns.execute(() -> ran.add(-2));
        turns.after(0, () -> ran.add(-3));

        // Then
        assertThat(ended).isTrue();
        assertThat(ran).hasSize(100).isSorted().doesNotContain(-1, -2, -3);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldTellOfATaskThatFailsAndGoOn() {
        // Given
        IllegalStateException bug = new IllegalStateException("bug");
        List<String> ran = new CopyOnWriteArrayList<>();

        // When
        turns.execute(() -> {
            throw bug;
        });
        turns.execute(() -> ran.add("next"));
        turns.end();

        // Then
        assertThat(failures).containsExactly(bug);
        assertThat(ran).containsExactly("next");
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

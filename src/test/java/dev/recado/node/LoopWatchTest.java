package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

    private final List<Runnable> pongs = new ArrayList<>();
    private final List<String> reports = new ArrayList<>();
    private final LoopWatch watch = new LoopWatch(
            List.of(new LoopWatch.Watched() {
                @Override
                public void ping(Runnable pong) {
                    pongs.add(pong);
                }

                @Override
                public StackTraceElement[] stack() {
                    return new StackTraceElement[] {new StackTraceElement("Group", "onTurn", "Group.java", 7)};
                }
            }),
            new LoopWatch.Report() {
                @Override
                public void late(int loop, long ms, StackTraceElement[] stack) {
                    reports.add("late " + loop + " " + ms + " " + stack[0].getMethodName());
                }

                @Override
                public void goesOn(int loop, long ms) {
                    reports.add("goes on " + loop + " " + ms);
                }
            });

    private void lookEvery250Until(long fromMs, long toMs) {
        for (long at = fromMs; at <= toMs; at += LoopWatch.EVERY_MS) {
            watch.look(at);
        }
    }

    @Test
    void shouldTellOnceOfALoopThatDoesNotEndItsTurnAndOnceThatItGoesOn() {
        // Given
        lookEvery250Until(0, 1_750);
        assertThat(reports).isEmpty();

        // When
        lookEvery250Until(2_000, 10_000);
        pongs.get(0).run();
        lookEvery250Until(10_250, 10_250);

        // Then
        assertThat(reports).containsExactly("late 0 2000 onTurn", "goes on 0 10250");
        assertThat(pongs).hasSize(2);
    }

    @Test
    void shouldSayNothingOfALoopThatAnswers() {
        // When
        for (long at = 0; at < 60_000; at += LoopWatch.EVERY_MS) {
            watch.look(at);
            pongs.get(pongs.size() - 1).run();
        }

        // Then
        assertThat(reports).isEmpty();
    }

    @Test
    void shouldNotTakeAStoppedProcessForALoopThatHangs() {
        // Given
        lookEvery250Until(0, 500);

        // When: nothing of the process ran for a minute
        lookEvery250Until(60_500, 62_000);

        // Then
        assertThat(reports).isEmpty();
    }
}

package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long START = 7_000_000_000L;

    @Test
    void shouldSpaceTheMessagesOfAllPublishersEvenly() {
        Schedule schedule = new Schedule(START, 1_000, 4);

        assertThat(schedule.intendedNanos(0, 0)).isEqualTo(START);
        assertThat(schedule.intendedNanos(1, 0)).isEqualTo(START + 1_000_000);
        assertThat(schedule.intendedNanos(0, 1)).isEqualTo(START + 4_000_000);
        assertThat(schedule.intendedNanos(3, 249)).isEqualTo(START + 999_000_000);
    }

    @Test
    void shouldCountAMessageAsDueFromItsIntendedTimeOn() {
        // Rates at which a message's distance is no whole number of nanoseconds, over a day.
        for (double rate : new double[] {0.5, 3, 777, 1e6 / 3, 1_234_567}) {
            Schedule schedule = new Schedule(START, rate, 3);
            for (long sequence : new long[] {0, 1, 2, 1_000, 99_999, (long) (rate * 86_400 / 3)}) {
                for (int publisher = 0; publisher < 3; publisher++) {
                    long intended = schedule.intendedNanos(publisher, sequence);
                    assertThat(schedule.dueCount(publisher, intended)).isEqualTo(sequence + 1);
                    assertThat(schedule.dueCount(publisher, intended - 1)).isEqualTo(sequence);
                }
            }
        }
    }

    @Test
    void shouldDivideACountAmongThePublishers() {
        long total = 0;
        for (int publisher = 0; publisher < 7; publisher++) {
            total += Schedule.shareOf(100, publisher, 7);
        }

        assertThat(total).isEqualTo(100);
    }

    @Test
    void shouldServeEveryTopicWhetherThereAreFewOrMany() {
        for (int publishers = 1; publishers < 8; publishers++) {
            for (int topics = 1; topics < 20; topics++) {
                Lanes lanes = new Lanes(publishers, topics);
                boolean[] served = new boolean[topics];
                for (int p = 0; p < publishers; p++) {
                    for (int lane = 0; lane < lanes.lanesOf(p); lane++) {
                        served[lanes.topicOf(p, lane)] = true;
                        assertThat(lanes.topicOf(p, (long) lane)).isEqualTo(lanes.topicOf(p, lane));
                    }
                }
                assertThat(served).doesNotContain(false);
                assertThat(lanes.count()).isEqualTo(Math.max(publishers, topics));
            }
        }
    }
}

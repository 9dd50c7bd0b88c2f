package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A group is the same whether it lived, was recovered from a checkpoint or was replayed from the beginning, for every
 * order in which its log may hold messages, progress, trims and moves; the seed of a failure is in its message.
 */
class GroupReplayTest {

    private static final int SEEDS = 1_000;
    private static final int STEPS = 100;

    @Test
    void shouldBeTheSameLiveRecoveredAndReplayed() {
        forEachSeed(world -> {
            for (int step = 0; step < STEPS; step++) {
                world.step();
            }
            world.quiesce();
            world.checkReplays();
        });
    }

    @Test
    void shouldHandOutWhatIsUnfinishedOnceAfterACrashAnywhere() {
        forEachSeed(world -> {
            for (int step = 0; step < STEPS; step++) {
                world.step();
            }
            world.checkCrashes();
        });
    }

    @Test
    void shouldGoOnWhereATrimStandsBeforeTheProgressOfAPurge() {
        // Given: as written by builds that told the trim first
        GroupTimeline world = new GroupTimeline(0);
        world.grow(10);
        world.commitAll();
        world.purge(false);
        world.tell();
        world.commitAll();

        // When
        PartitionGroup group = world.replay();

        // Then
        assertThat(GroupTimeline.handedOut(group)).isEmpty();
        assertThat(group.backlog()).isZero();
    }

    @Test
    void shouldNotDeliverAgainWhatWasFinishedBeforeATrimInTheMiddleOfIt() {
        // Given
        GroupTimeline world = new GroupTimeline(0);
        world.grow(10);
        world.commitAll();
        world.finishAll();
        world.trim(4, false);
        world.tell();
        world.commitAll();

        // When
        PartitionGroup group = world.replay();

        // Then
        assertThat(GroupTimeline.handedOut(group)).isEmpty();
    }

    @Test
    void shouldNotMoveBelowTheLogStart() {
        // Given
        PartitionGroup group = new PartitionGroup(GroupSettings.DEFAULT, 0);
        group.onEnd(10);
        group.onLogStart(6);

        // When
        group.reset(2);

        // Then
        assertThat(group.floor()).isEqualTo(6);
        assertThat(GroupTimeline.handedOut(group)).containsExactly(6L, 7L, 8L, 9L);
    }

    private interface Life {
        void live(GroupTimeline world);
    }

    private static void forEachSeed(Life life) {
        for (int seed = 0; seed < SEEDS; seed++) {
            GroupTimeline world = new GroupTimeline(seed);
            try {
                life.live(world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + " log=" + world, e);
            }
        }
    }
}

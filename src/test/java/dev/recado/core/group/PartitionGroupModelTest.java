package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import org.junit.jupiter.api.Test;

/** Random lives of a group against {@link GroupModel}; the seed of a failure is in its message. */
class PartitionGroupModelTest {

    private static final int SEEDS = 2_000;
    private static final int STEPS = 200;

    @Test
    void shouldBehaveLikeTheModel() {
        for (int seed = 0; seed < SEEDS; seed++) {
            GroupWorld world = new GroupWorld(seed);
            try {
                for (int step = 0; step < STEPS; step++) {
                    world.step();
                }
                world.drain();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + " " + world.describe(), e);
            }
        }
    }

    @Test
    void shouldLiveTheSameLifeTwice() {
        for (int seed = 0; seed < 20; seed++) {
            assertThat(life(seed)).isEqualTo(life(seed));
        }
    }

    private static byte[] life(int seed) {
        GroupWorld world = new GroupWorld(seed);
        for (int step = 0; step < STEPS; step++) {
            world.step();
        }
        ByteWriter out = new ByteWriter(64);
        world.writeState(out);
        return out.toByteArray();
    }

    @Test
    void shouldNotThrowForDamagedBytes() {
        for (int seed = 0; seed < 2_000; seed++) {
            // Given
            byte[] bytes = life(seed % 20);
            java.util.Random random = new java.util.Random(seed);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length + 1);
            // When
            PartitionGroup group = PartitionGroup.readState(
                    GroupSettings.DEFAULT, PartitionGroup.FORMAT_VERSION, new ByteReader(bytes, 0, length));
            // Then
            assertThat(group.leased()).isZero();
        }
    }
}

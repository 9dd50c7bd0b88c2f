package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random feeds and reads against a naive model: one growing array and a position in it. */
class InputAssemblyTest {

    private static final int LARGE_BYTES = 300_000;

    private final ByteBudget budget = new ByteBudget(2 * LARGE_BYTES);
    private final InputAssembly input = new InputAssembly(budget.lender());

    @Test
    void shouldGiveWhatItWasFedInOrder() {
        for (int seed = 0; seed < 200; seed++) {
            play(seed);
        }
    }

    private void play(int seed) {
        Random random = new Random(seed);
        byte[] model = new byte[40_000];
        random.nextBytes(model);
        byte[] socket = new byte[16 * 1024];
        int fed = 0;
        int read = 0;
        int needed = 1 + random.nextInt(64);
        while (read < model.length) {
            if (input.unreadBytes() == fed - read && fed < model.length) {
                int count = Math.min(1 + random.nextInt(random.nextBoolean() ? 40 : socket.length), model.length - fed);
                System.arraycopy(model, fed, socket, 100 % (socket.length - count + 1), count);
                input.feed(socket, 100 % (socket.length - count + 1), count);
                fed += count;
            }
            int steps = random.nextInt(20);
            boolean fedMore = fed < model.length;
            while (steps-- > 0 || !fedMore) {
                needed = Math.min(needed, model.length - read);
                InputAssembly.Outcome outcome = input.more(needed, Math.max(needed, 4_000));
                if (outcome != InputAssembly.Outcome.READY) {
                    assertThat(outcome).isEqualTo(InputAssembly.Outcome.NEED_MORE);
                    assertThat(fed - read).as("seed %d", seed).isLessThan(needed);
                    break;
                }
                assertThat(input.to() - input.from()).isGreaterThanOrEqualTo(needed);
                assertThat(Arrays.copyOfRange(input.bytes(), input.from(), input.from() + needed))
                        .as("seed %d at %d", seed, read)
                        .isEqualTo(Arrays.copyOfRange(model, read, read + needed));
                input.pass(needed);
                read += needed;
                assertThat(input.unreadBytes()).isEqualTo(fed - read);
                if (read == model.length) {
                    break;
                }
                needed = 1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 100);
            }
            input.letGo();
            Arrays.fill(socket, (byte) 0xEE);
            assertThat(input.unreadBytes()).isEqualTo(fed - read);
        }
        input.letGo();
        assertThat(budget.usedBytes()).as("seed %d", seed).isZero();
    }

    @Test
    void shouldTakeWhatItWasToldFromTheBudgetAndGiveItBack() {
        // Given
        input.feed(new byte[16_000], 0, 16_000);

        // When
        InputAssembly.Outcome outcome = input.more(LARGE_BYTES, LARGE_BYTES);
        input.letGo();

        // Then
        assertThat(outcome).isEqualTo(InputAssembly.Outcome.NEED_MORE);
        assertThat(budget.usedBytes()).isEqualTo(LARGE_BYTES).isEqualTo(input.reservedBytes());
        long before = input.assemblies();
        for (int left = LARGE_BYTES - 16_000; left > 0; left -= Math.min(left, 16_000)) {
            input.feed(new byte[16_000], 0, Math.min(left, 16_000));
            input.more(LARGE_BYTES, LARGE_BYTES);
            input.letGo();
        }
        input.pass(LARGE_BYTES);
        assertThat(budget.usedBytes()).isZero();
        assertThat(input.assemblies()).isEqualTo(before + 1);
        assertThat(input.bytes()).hasSizeLessThanOrEqualTo(1024);
    }

    @Test
    void shouldMoveFromTheSmallPoolToTheLargeOne() {
        input.feed(new byte[5_000], 0, 5_000);
        input.more(6_000, ByteBudget.SMALL_BYTES);
        assertThat(budget.usedBytes()).isEqualTo(ByteBudget.SMALL_BYTES);
        input.more(70_000, LARGE_BYTES);
        assertThat(budget.usedBytes()).isEqualTo(LARGE_BYTES);
        input.close();
        assertThat(budget.usedBytes()).isZero();
        input.close();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shouldKeepWhatItHasWhereTheBudgetIsExhausted() {
        // Given
        assertThat(budget.tryReserve(2 * LARGE_BYTES)).isTrue();
        byte[] some = {1, 2, 3};
        input.feed(some, 0, 3);

        // When
        InputAssembly.Outcome refused = input.more(LARGE_BYTES, LARGE_BYTES);
        input.letGo();
        budget.release(2 * LARGE_BYTES);

        // Then
        assertThat(refused).isEqualTo(InputAssembly.Outcome.NO_MEMORY);
        assertThat(input.unreadBytes()).isEqualTo(3);
        assertThat(input.more(LARGE_BYTES, LARGE_BYTES)).isEqualTo(InputAssembly.Outcome.NEED_MORE);
        input.close();
        assertThat(budget.usedBytes()).isZero();
    }
}

package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldShareTest {

    private static final long MAX = 1_200_000;

    /** Each group takes a little at a time as long as it may; answers what each has then. */
    private static long[] fill(HeldShare share, int groups) {
        long[] taken = new long[groups];
        boolean any = true;
        while (any) {
            any = false;
            for (int group = 0; group < groups; group++) {
                if (taken[group] < share.ofGroup(taken[group])) {
                    taken[group] += 100;
                    share.add(100);
                    any = true;
                }
            }
        }
        return taken;
    }

    @Test
    void shouldLeaveRoomForOneMore() {
        for (int groups = 1; groups <= 5; groups++) {
            // Given
            HeldShare share = new HeldShare(MAX);
            // When
            long[] taken = fill(share, groups);
            // Then
            for (long each : taken) {
                assertThat(each).isBetween(MAX / (groups + 1) - 1_000, MAX / (groups + 1) + 1_000);
            }
            assertThat(share.bytes()).isLessThanOrEqualTo(MAX);
        }
    }

    @Test
    void shouldLetEveryGroupHoldALittle() {
        // Given
        HeldShare share = new HeldShare(MAX);
        // When
        share.add(2 * MAX);
        // Then
        assertThat(share.ofGroup(0)).isEqualTo(HeldShare.BYTES_OF_GROUP_MIN);
    }
}

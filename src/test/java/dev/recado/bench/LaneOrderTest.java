package dev.recado.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneOrderTest {

    private final LaneOrder order = new LaneOrder();

    /** Whatever order they come in, messages that lie in the right one are never blamed. */
    @Test
    void shouldAcceptTheRightOrderHoweverItArrives() {
        for (int seed = 0; seed < 200; seed++) {
            LaneOrder lane = new LaneOrder();
            PlaceLog places = new PlaceLog(new PlaceLog.Budget(0));
            List<Long> offsets = new ArrayList<>();
            for (long offset = 3; offset < 40; offset++) {
                offsets.add(offset);
            }
            Collections.shuffle(offsets, new Random(seed));
            for (long offset : offsets) {
                places.add(offset);
                assertThat(lane.add(offset, 2 * offset, places.isWholeUpTo(offset)))
                        .as("seed %d offset %d", seed, offset)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldFindALaterMessageBelowAnEarlierOne() {
        assertThat(order.add(5, 7, false)).isTrue();
        assertThat(order.add(4, 8, false)).isFalse();
        assertThat(order.add(6, 6, false)).isFalse();
    }

    @Test
    void shouldForgetOverACrash() {
        assertThat(order.add(5, 7, true)).isTrue();
        order.clear();
        assertThat(order.add(4, 8, true)).isTrue();
    }
}

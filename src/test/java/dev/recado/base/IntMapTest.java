package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntMapTest {

    @Test
    void shouldHoldWhatAHashMapHolds() {
        long seed = Long.getLong("recado.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            IntMap<String> map = new IntMap<>();
            Map<Integer, String> oracle = new HashMap<>();
            int range = 1 + random.nextInt(300);
            int step = random.nextBoolean() ? 1 : 1 << random.nextInt(20);
            for (int i = 0; i < 2_000; i++) {
                int key = (random.nextInt(range) - range / 2) * step;
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        map.remove(key);
                        oracle.remove(key);
                    }
                    case 3 -> {
                        if (random.nextInt(200) == 0) {
                            map.clear();
                            oracle.clear();
                        }
                    }
                    default -> {
                        map.put(key, "v" + i);
                        oracle.put(key, "v" + i);
                    }
                }
                assertThat(map.get(key)).as("seed=%d", seed).isEqualTo(oracle.get(key));
                assertThat(map.size()).as("seed=%d", seed).isEqualTo(oracle.size());
            }
            assertThat(map.values()).as("seed=%d", seed).containsExactlyInAnyOrderElementsOf(oracle.values());
            assertThat(map.isEmpty()).as("seed=%d", seed).isEqualTo(oracle.isEmpty());
        }
    }
}

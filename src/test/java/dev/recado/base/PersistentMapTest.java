package dev.recado.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    /** A key whose hashes collide on purpose. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 97;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 500, 5_000})
    void shouldBehaveLikeAHashMapAndKeepOldVersions(int keys) {
        // Given
        Random random = new Random(keys);
        Map<Key, Integer> model = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        Map<Key, Integer> oldModel = Map.of();
        PersistentMap<Key, Integer> old = map;

        // When
        for (int i = 0; i < 20_000; i++) {
            Key key = new Key(random.nextInt(keys));
            if (random.nextInt(3) > 0) {
                map = map.put(key, i);
                model.put(key, i);
            } else {
                map = map.remove(key);
                model.remove(key);
            }
            assertThat(map.get(key)).isEqualTo(model.get(key));
            assertThat(map.size()).isEqualTo(model.size());
            if (i == 10_000) {
                old = map;
                oldModel = Map.copyOf(model);
            }
        }

        // Then
        assertThat(toMap(map)).isEqualTo(model);
        assertThat(map.values()).hasSameSizeAs(model.values());
        assertThat(toMap(old)).isEqualTo(oldModel);
    }

    private static Map<Key, Integer> toMap(PersistentMap<Key, Integer> map) {
        Map<Key, Integer> copy = new HashMap<>();
        map.forEach(copy::put);
        return copy;
    }
}

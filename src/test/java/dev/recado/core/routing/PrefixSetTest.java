package dev.recado.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixSetTest {

    private final PrefixSet set = new PrefixSet();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean matches(String key) {
        byte[] given = bytes(key);
        return set.matches(given, 0, given.length);
    }

    @Test
    void shouldMatchNothingWhileEmpty() {
        assertThat(matches("")).isFalse();
        assertThat(matches("a")).isFalse();
        assertThat(set.isEmpty()).isTrue();
    }

    @Test
    void shouldMatchEverythingWithTheEmptyPrefix() {
        // Given
        set.add(bytes("a"));

        // When
        set.add(bytes(""));

        // Then
        assertThat(matches("")).isTrue();
        assertThat(matches("zebra")).isTrue();
        assertThat(set.size()).isEqualTo(2);
    }

    @Test
    void shouldFallBackToTheLongerPrefixWhenTheShorterGoes() {
        // Given
        set.add(bytes("a"));
        set.add(bytes("abc"));
        assertThat(matches("ax")).isTrue();

        // When
        set.remove(bytes("a"));

        // Then
        assertThat(matches("ax")).isFalse();
        assertThat(matches("abcd")).isTrue();
        assertThat(matches("ab")).isFalse();
    }

    @Test
    void shouldTellWhetherItChangedAndWhatItHolds() {
        assertThat(set.add(bytes("ab"))).isTrue();
        assertThat(set.add(bytes("ab"))).isFalse();
        assertThat(set.add(bytes("c"))).isTrue();
        assertThat(set.bytes()).isEqualTo(3);
        assertThat(set.contains(bytes("ab"))).isTrue();
        assertThat(set.remove(bytes("b"))).isFalse();
        assertThat(set.remove(bytes("ab"))).isTrue();
        assertThat(set.bytes()).isEqualTo(1);
    }

    @Test
    void shouldKeepACopyAndIterateUnsigned() {
        // Given
        byte[] mine = bytes("\u00ff");
        set.add(mine);
        set.add(bytes("\u007f"));
        set.add(bytes(""));

        // When
        mine[0] = 'x';

        // Then
        List<String> all = new ArrayList<>();
        set.forEach(each -> all.add(new String(each, StandardCharsets.ISO_8859_1)));
        assertThat(all).containsExactly("", "\u007f", "\u00ff");
        Iterator<byte[]> walk = set.iterator();
        walk.next();
        assertThatThrownBy(walk::remove).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldLookAtTheGivenSliceOnly() {
        // Given
        set.add(bytes("abc"));
        byte[] array = bytes("xabcx");

        // Then
        assertThat(set.matches(array, 1, 3)).isTrue();
        assertThat(set.matches(array, 1, 2)).isFalse();
        assertThat(set.matches(array, 0, 5)).isFalse();
        assertThat(set.matches(array, 5, 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAListOfPrefixes(long seed) {
        // Given
        Random random = new Random(seed);
        List<byte[]> model = new ArrayList<>();

        for (int step = 0; step < 3_000; step++) {
            byte[] some = some(random);
            // When
            boolean known = model.stream().anyMatch(each -> Arrays.equals(each, some));
            switch (random.nextInt(4)) {
                case 0 -> {
                    assertThat(set.add(some)).as("seed %d step %d", seed, step).isEqualTo(!known);
                    if (!known) {
                        model.add(some);
                    }
                }
                case 1 -> {
                    assertThat(set.remove(some))
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(known);
                    model.removeIf(each -> Arrays.equals(each, some));
                }
                default -> {
                    boolean expected = model.stream().anyMatch(each -> startsWith(some, each));
                    assertThat(set.matches(some, 0, some.length))
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(expected);
                }
            }
            // Then
            assertThat(set.size()).isEqualTo(model.size());
        }
        assertThat(set.bytes())
                .isEqualTo(model.stream().mapToLong(each -> each.length).sum());
    }

    /** Of few bytes, signed ones among them, so that prefixes of each other are frequent; rarely the empty one. */
    private static byte[] some(Random random) {
        byte[] some = new byte[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(5)];
        for (int i = 0; i < some.length; i++) {
            some[i] = (byte) (random.nextBoolean() ? 'a' : 0xFE + random.nextInt(2));
        }
        return some;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(prefix, Arrays.copyOf(bytes, prefix.length));
    }
}

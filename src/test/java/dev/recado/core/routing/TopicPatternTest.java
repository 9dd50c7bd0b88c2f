package dev.recado.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TopicPatternTest {

    /** Pattern, key, whether they match; {@code ''} is the empty text. */
    private static final String RULES = """
            a.b             | a.b         | yes
            a.b             | a.c         | no
            a.b             | a.b.c       | no
            *.b             | a.b         | yes
            *               | a           | yes
            *               | ''          | no
            *               | a.b         | no
            *.*             | a.b         | yes
            #               | ''          | yes
            #               | a           | yes
            #               | a.b.c       | yes
            ''              | ''          | yes
            ''              | a           | no
            #.#             | ''          | yes
            a.#             | a           | yes
            a.#             | a.b.c       | yes
            a.#             | b.a         | no
            #.a             | a           | yes
            #.a             | b.c.a       | yes
            #.a             | a.b         | no
            a.#.b           | a.b         | yes
            a.#.b           | a.x.y.b     | yes
            a.#.b           | a.x.y       | no
            a.#.*           | a           | no
            a.#.*           | a.b         | yes
            *.#             | ''          | no
            *.#             | a.b         | yes
            #.*.#           | a           | yes
            weather.*.madrid| weather.es.madrid | yes
            weather.*.madrid| weather.madrid    | no
            a..b            | a..b        | yes
            a.*.b           | a..b        | yes
            a.*             | a.          | yes
            a*              | a*          | yes
            a*              | ab          | no
            a.#b            | a.x.b       | no
            *.a             | *.a         | yes
            a.b             | *.b         | no
            #.a.#.a.#       | a           | no
            #.a.#.a.#       | x.a.y.a.z   | yes
            """;

    @Test
    void shouldMatchAsTopicExchangesDo() {
        RULES.lines().forEach(rule -> {
            // Given
            String[] fields = rule.split("\\|");
            String pattern = text(fields[0]);
            String key = text(fields[1]);
            boolean expected = fields[2].trim().equals("yes");

            // When
            boolean matches = TopicPattern.of(pattern).matches(key);

            // Then
            assertThat(matches).as(rule).isEqualTo(expected);
            assertThat(indexMatches(List.of(pattern), key)).as(rule).hasSize(expected ? 1 : 0);
        });
    }

    private static String text(String field) {
        return field.trim().equals("''") ? "" : field.trim();
    }

    @Test
    void shouldTellPatternsFromNames() {
        assertThat(TopicPattern.isPattern("a.*.b")).isTrue();
        assertThat(TopicPattern.isPattern("#")).isTrue();
        assertThat(TopicPattern.isPattern("a*.b#")).isFalse();
        assertThat(TopicPattern.isPattern("")).isFalse();
    }

    @Test
    void shouldAgreeWithTheNaiveReference() {
        // Given
        Random random = new Random(7);
        for (int round = 0; round < 3_000; round++) {
            List<String> patterns = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                patterns.add(randomWords(random, new String[] {"a", "b", "*", "#", "#", ""}));
            }
            String key = randomWords(random, new String[] {"a", "b", "c", ""});

            // When
            Set<String> found = indexMatches(patterns, key);

            // Then
            Set<String> expected = new HashSet<>();
            for (String pattern : patterns) {
                boolean matches = naive(List.of(TopicPattern.words(pattern)), List.of(TopicPattern.words(key)));
                assertThat(TopicPattern.of(pattern).matches(key))
                        .as(pattern + " ~ " + key)
                        .isEqualTo(matches);
                if (matches) {
                    expected.add(pattern);
                }
            }
            assertThat(found).as("%s ~ %s", patterns, key).isEqualTo(expected);
        }
    }

    private static Set<String> indexMatches(List<String> patterns, String key) {
        PatternIndex<String> index = new PatternIndex<>();
        patterns.forEach(pattern -> index.add(pattern, pattern));
        List<String> found = new ArrayList<>();
        index.match(key, found::add);
        assertThat(found).doesNotHaveDuplicates();
        return new HashSet<>(found);
    }

    private static String randomWords(Random random, String[] alphabet) {
        List<String> words = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            words.add(alphabet[random.nextInt(alphabet.length)]);
        }
        return String.join(".", words);
    }

    /** Exponential and obvious. */
    private static boolean naive(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> restOfPattern = pattern.subList(1, pattern.size());
        if (pattern.get(0).equals("#")) {
            return naive(restOfPattern, key) || (!key.isEmpty() && naive(pattern, key.subList(1, key.size())));
        }
        return !key.isEmpty()
                && (pattern.get(0).equals("*") || pattern.get(0).equals(key.get(0)))
                && naive(restOfPattern, key.subList(1, key.size()));
    }

    @Test
    void shouldNotBacktrackExponentially() {
        // Given
        String pattern = "#.a.".repeat(60) + "#.b";
        String key = "a.".repeat(120) + "a";
        PatternIndex<String> index = new PatternIndex<>();
        index.add(pattern, "x");

        // When, Then
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(TopicPattern.of(pattern).matches(key)).isFalse();
            index.match(key, found -> Assertions.fail("matched"));
        });
    }

    @Test
    void shouldForgetRemovedPatterns() {
        // Given
        PatternIndex<String> index = new PatternIndex<>();
        index.add("a.#", "one");
        index.add("a.#", "two");
        index.add("a.#.b", "three");

        // When
        boolean removed = index.remove("a.#", "one");

        // Then
        assertThat(removed).isTrue();
        assertThat(index.remove("a.#", "one")).isFalse();
        assertThat(index.remove("x.y", "one")).isFalse();
        assertThat(index.size()).isEqualTo(2);
        List<String> found = new ArrayList<>();
        index.match("a.b", found::add);
        assertThat(found).containsExactlyInAnyOrder("two", "three");
    }
}

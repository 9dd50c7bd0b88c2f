package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.core.routing.TopicPattern;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What grants give, and what they give of patterns of words. */
class RightsTest {

    private static final int SEEDS = 200_000;
    private static final int NAMES = 20;

    private static Rights consume(String names) {
        return Rights.of(Grant.of(names, Operation.CONSUME));
    }

    @ParameterizedTest
    @CsvSource({
        "orders,   orders,    true",
        "orders,   orders.eu, false",
        "orders,   order,     false",
        "orders*,  orders,    true",
        "orders*,  orders.eu, true",
        "orders.*, orders,    false",
        "*.eu,     orders.eu, true",
        "*.eu,     .eu,       true",
        "*.eu,     orders.us, false",
        "a*b*c,    abc,       true",
        "a*b*c,    axbxbxc,   true",
        "a*b*c,    axc,       false",
        "*a*a,     aa,        true",
        "*a*a,     a,         false",
        "**,       x,         true",
        "'',       x,         false",
        "?,        x,         false",
        "orders.#, orders,    false"
    })
    void shouldMatchNames(String pattern, String name, boolean given) {
        assertThat(consume(pattern).allows(Operation.CONSUME, "/", name)).isEqualTo(given);
    }

    /** {@code a.*b} is too strict: every name that {@code a.#.b} matches begins with {@code a.} and ends with b. */
    @ParameterizedTest
    @CsvSource({
        "orders*,    orders.#,   true",
        "orders.*,   orders.#,   false",
        "orders.*,   orders.*,   true",
        "orders.*,   orders.*.x, true",
        "orders.eu,  orders.*,   false",
        "orders,     orders,     true",
        "*,          #,          true",
        "*,          *,          true",
        "**,         #.a.#,      true",
        "*.*,        #,          false",
        "*.*,        *.*,        true",
        "*.*,        *.#,        false",
        "*eu,        #.eu,       true",
        "*.eu,       #.eu,       false",
        "*.eu,       *.eu,       true",
        "a*,         a.#.b,      true",
        "a*b,        a.#.b,      true",
        "a.*.b,      a.#.b,      false",
        "a.*b,       a.#.b,      false",
        "a*,         #,          false",
        "'',         '',         true",
        "x,          '',         false"
    })
    void shouldCoverPatternsOfWords(String grant, String pattern, boolean covered) {
        assertThat(consume(grant).covers(Operation.CONSUME, "/", pattern)).isEqualTo(covered);
    }

    /** Whatever a grant covers, it gives: the other way round it may be too strict. */
    @Test
    void shouldGiveEveryNameOfAPatternThatItCovers() {
        int covered = 0;
        int matched = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            String glob = text(random, "aab.*", 6);
            String pattern = pattern(random);
            Rights rights = consume(glob);
            if (!rights.covers(Operation.CONSUME, "/", pattern)) {
                continue;
            }
            covered++;
            TopicPattern words = TopicPattern.of(pattern);
            for (int i = 0; i < NAMES; i++) {
                String name = i % 2 == 0 ? text(random, "aab.", 7) : instance(random, pattern);
                if (words.matches(name)) {
                    matched++;
                    assertThat(rights.allows(Operation.CONSUME, "/", name))
                            .as("seed=%d glob=%s pattern=%s name=%s", seed, glob, pattern, name)
                            .isTrue();
                }
            }
        }
        assertThat(covered).isGreaterThan(SEEDS / 50);
        assertThat(matched).isGreaterThan(covered);
    }

    private static String text(Random random, String of, int max) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            out.append(of.charAt(random.nextInt(of.length())));
        }
        return out.toString();
    }

    private static String pattern(Random random) {
        String[] words = {"a", "b", "ab", "", "*", "#", "*", "#"};
        StringBuilder out = new StringBuilder(words[random.nextInt(words.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            out.append('.').append(words[random.nextInt(words.length)]);
        }
        return out.toString();
    }

    /** A name made of the pattern; where a wildcard of no words leaves a dot behind it may not match. */
    private static String instance(Random random, String pattern) {
        StringBuilder out = new StringBuilder();
        for (String word : pattern.split("\\.", -1)) {
            String one = word.equals("*") ? text(random, "ab", 2) : word;
            if (word.equals("#")) {
                int words = random.nextInt(3);
                one = words == 0 ? null : words == 1 ? text(random, "ab", 2) : "a." + text(random, "ab", 1);
            }
            if (one != null) {
                out.append(out.length() > 0 ? "." : "").append(one);
            }
        }
        return out.toString();
    }

    @Test
    void shouldGiveNothingThatNoGrantGives() {
        // Given
        Rights rights = new Rights(
                List.of(Grant.of("orders", Operation.PUBLISH), new Grant("b*", "mail", Set.of(Operation.CONFIGURE))));

        // Then
        assertThat(rights.allows(Operation.PUBLISH, "/", "orders")).isTrue();
        assertThat(rights.allows(Operation.CONSUME, "/", "orders")).isFalse();
        assertThat(rights.allows(Operation.PUBLISH, "other", "orders")).isFalse();
        assertThat(rights.allows(Operation.CONFIGURE, "bb", "mail")).isTrue();
        assertThat(rights.allows(Operation.CONFIGURE, "/", "mail")).isFalse();
        assertThat(rights.allowsAnywhere(Operation.CONFIGURE)).isTrue();
        assertThat(rights.allowsAnywhere(Operation.ADMINISTER)).isFalse();
        for (Operation operation : Operation.values()) {
            assertThat(Rights.NONE.allows(operation, "/", "orders")).isFalse();
            assertThat(Rights.NONE.allowsAnywhere(operation)).isFalse();
            assertThat(Rights.NONE.covers(operation, "/", "orders")).isFalse();
            assertThat(Rights.ALL.allows(operation, "any", "name")).isTrue();
            assertThat(Rights.ALL.covers(operation, "any", "#")).isTrue();
        }
        assertThat(Rights.ALL.isAll()).isTrue();
        assertThat(rights.isAll()).isFalse();
    }

    @Test
    void shouldLetWhoConsumesBrowse() {
        assertThat(consume("orders").allows(Operation.BROWSE, "/", "orders")).isTrue();
        assertThat(Rights.of(Grant.of("orders", Operation.BROWSE)).allows(Operation.CONSUME, "/", "orders"))
                .isFalse();
    }

    @Test
    void shouldNotGiveTheNodeUnderANarrowPattern() {
        assertThatThrownBy(() -> Grant.of("orders.*", Operation.ADMINISTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("orders.*");
    }

    @Test
    void shouldTellNobodyFromTheBroker() {
        assertThat(Identity.NOBODY.isKnown()).isFalse();
        assertThat(Identity.BROKER.isKnown()).isTrue();
    }
}

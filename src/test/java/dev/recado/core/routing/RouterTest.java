package dev.recado.core.routing;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bind;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.exchange;
import static dev.recado.core.topic.Changes.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {

    /** Exchange, topic, key, headers. */
    private static final String BINDINGS = """
            direct  | a | red      |
            direct  | b | red      |
            direct  | a | blue     |
            direct  | c |          |
            fanout  | a | x        |
            fanout  | a | y        |
            fanout  | c |          |
            topic   | a | #        |
            topic   | b | *.orange |
            topic   | b | lazy.#   |
            topic   | c | lazy.*   |
            headers | a |          | k=1&l=2
            headers | b |          | x-match=any&k=1&l=2
            headers | c |          | x-match=all&k=
            headers | d |          | x-match=any
            headers | e |          |
            headers | f |          | x-a=1&k=7
            headers | g |          | x-match=any-with-x&x-a=1&k=7
            headers | h |          | x-match=all-with-x&x-a=1&k=7
            """;

    /** Exchange, key, headers, topics reached. */
    private static final String PUBLISHES = """
            direct  | red            |            | a b
            direct  | blue           |            | a
            direct  | green          |            |
            direct  |                |            | c
            fanout  | anything       |            | a c
            topic   | quick.orange   |            | a b
            topic   | lazy.orange    |            | a b c
            topic   | lazy           |            | a b
            topic   | lazy.pink.x    |            | a b
            topic   |                |            | a
            headers | red            |            | e
            headers | red            | k=1        | b c e
            headers | red            | k=1&l=2    | a b c e
            headers | red            | k=9        | c e
            headers | red            | l=2&m=1    | b e
            headers | red            | k=7        | c e f g
            headers | red            | x-a=1      | e g
            headers | red            | x-a=1&k=7  | c e f g h
            none    | red            |            | null
                    | a              |            | a
                    | nobody         |            |
            """;

    private static Catalog catalog() {
        Catalog catalog = Catalog.empty(2);
        for (String topic : "a b c d e f g h".split(" ")) {
            catalog = apply(catalog, createTopic(topic));
        }
        for (ExchangeType type : ExchangeType.values()) {
            catalog = apply(catalog, exchange(type.word(), type));
        }
        for (String line : BINDINGS.lines().toList()) {
            String[] f = fields(line);
            catalog = apply(catalog, bind(f[0], f[1], f[2], pairs(f[3])));
        }
        return catalog;
    }

    private static String[] fields(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::trim).toArray(String[]::new);
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            pairs.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return pairs;
    }

    private static String names(@Nullable Route route) {
        return route == null
                ? "null"
                : route.topics().stream().map(topic -> topic.name().name()).collect(Collectors.joining(" "));
    }

    @Test
    void shouldRouteAsTheTypesOfExchangesSay() {
        // Given
        Catalog catalog = catalog();
        Router router = new Router();
        for (String line : PUBLISHES.repeat(2).lines().toList()) {
            String[] f = fields(line);

            // When
            @Nullable Route reached = router.route(catalog, "/", f[0], f[1], HeaderView.ofTexts(pairs(f[2])));

            // Then
            assertThat(names(reached)).as(line).isEqualTo(f[3]);
        }
        assertThat(router.route(catalog, "elsewhere", "direct", "red", HeaderView.NONE))
                .isNull();
        assertThat(names(router.route(catalog, "elsewhere", "", "a", HeaderView.NONE)))
                .isEmpty();
    }

    private static List<Topic> topics(@Nullable Route route) {
        return Objects.requireNonNull(route).topics();
    }

    @Test
    void shouldFollowTheCatalog() {
        // Given
        Catalog catalog = catalog();
        Router router = new Router();
        assertThat(names(router.route(catalog, "/", "direct", "red", HeaderView.NONE)))
                .isEqualTo("a b");

        // When
        Catalog without = apply(catalog, new CatalogChange.DeleteTopic(uuid("a")));
        Catalog more = apply(without, bind("direct", "c", "red", Map.of()));
        Catalog ended = apply(more, new CatalogChange.DeleteExchange(TopicName.of("direct")));

        // Then
        assertThat(names(router.route(without, "/", "direct", "red", HeaderView.NONE)))
                .isEqualTo("b");
        assertThat(names(router.route(more, "/", "direct", "red", HeaderView.NONE)))
                .isEqualTo("b c");
        assertThat(router.route(ended, "/", "direct", "red", HeaderView.NONE)).isNull();
    }

    @Test
    void shouldGiveTheTopicsOfTheSnapshotThatItIsAsked() {
        // Given
        Catalog catalog = catalog();
        Router router = new Router();
        List<Topic> before = topics(router.route(catalog, "/", "direct", "blue", HeaderView.NONE));

        // When
        Catalog altered = apply(
                catalog,
                new CatalogChange.CreateGroup(
                        uuid("a"), "g", GroupKind.NAMED, GroupSettings.DEFAULT, StartPosition.first(), 0, false));
        List<Topic> after = topics(router.route(altered, "/", "direct", "blue", HeaderView.NONE));

        // Then
        assertThat(before.get(0).group("g")).isNull();
        assertThat(after.get(0).group("g")).isNotNull();
    }

    @Test
    void shouldFollowTheCatalogThroughTheDefaultExchange() {
        // Given
        Catalog catalog = catalog();
        Router router = new Router();
        assertThat(names(router.route(catalog, "/", "", "a", HeaderView.NONE))).isEqualTo("a");
        assertThat(names(router.route(catalog, "/", "", "late", HeaderView.NONE)))
                .isEmpty();

        // When
        Catalog without = apply(catalog, new CatalogChange.DeleteTopic(uuid("a")));
        Catalog more = apply(without, createTopic("late"));

        // Then
        assertThat(names(router.route(without, "/", "", "a", HeaderView.NONE))).isEmpty();
        assertThat(names(router.route(more, "/", "", "late", HeaderView.NONE))).isEqualTo("late");
    }

    @Test
    void shouldBoundWhatItRemembers() {
        // Given
        Catalog catalog = catalog();
        Router router = new Router();

        // When
        for (int i = 0; i < 300_000; i++) {
            router.route(catalog, "/", "topic", "k" + i, HeaderView.NONE);
        }

        // Then
        assertThat(router.cached()).isLessThanOrEqualTo(Router.CACHED_MAX);
        assertThat(names(router.route(catalog, "/", "topic", "k7", HeaderView.NONE)))
                .isEqualTo("a");
    }

    @Test
    void shouldAgreeWithEveryBindingAskedAlone() {
        // Given
        Random random = new Random(99);
        Catalog catalog = Catalog.empty(2);
        catalog = apply(catalog, exchange("x", ExchangeType.TOPIC));
        for (int i = 0; i < 40; i++) {
            catalog = apply(catalog, createTopic("t" + i));
        }
        for (int i = 0; i < 200; i++) {
            String pattern = words(random, "a b * #");
            catalog = apply(catalog, bind("x", "t" + random.nextInt(40), pattern, Map.of()));
        }
        ExchangeDef exchange = Objects.requireNonNull(catalog.exchange(TopicName.of("x")));
        Router router = new Router();
        for (int i = 0; i < 500; i++) {
            String key = words(random, "a b c");

            // When
            List<Topic> reached = topics(router.route(catalog, "/", "x", key, HeaderView.NONE));

            // Then
            assertThat(reached.stream().map(Topic::id))
                    .as(key)
                    .containsExactlyElementsOf(exchange.bindings().stream()
                            .filter(binding -> TopicPattern.of(binding.key()).matches(key))
                            .map(Binding::topicId)
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    private static String words(Random random, String alphabet) {
        String[] letters = alphabet.split(" ");
        return random.ints(1 + random.nextInt(4), 0, letters.length)
                .mapToObj(i -> letters[i])
                .collect(Collectors.joining("."));
    }
}

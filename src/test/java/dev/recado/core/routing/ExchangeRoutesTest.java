package dev.recado.core.routing;

import static dev.recado.core.topic.Changes.apply;
import static dev.recado.core.topic.Changes.bind;
import static dev.recado.core.topic.Changes.createTopic;
import static dev.recado.core.topic.Changes.exchange;
import static dev.recado.core.topic.Changes.join;
import static dev.recado.core.topic.Changes.part;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.HeaderValue;
import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The way of a publish over several exchanges, by several keys, by headers of several kinds. */
class ExchangeRoutesTest {

    /** A new exchange of type and with settings, or what leads to another (=>) or a topic (->) by a key. */
    private static final String SCENE = """
            in       | direct
            in       | => | words  | k
            in       | => | copies | k
            in       | -> | a      | k
            words    | topic
            words    | -> | a      | #
            words    | -> | b      | k
            words    | => | in     | #
            copies   | fanout
            copies   | -> | c      |
            copies   | => | copies |
            copies   | => | empty  |
            empty    | fanout  | alternate=lost
            lost     | fanout  | internal=true
            lost     | -> | d      |
            picky    | direct  | alternate=lost
            picky    | -> | a      | k
            picky    | => | none   | nowhere
            none     | direct
            idle     | fanout  | alternate=in
            missing  | direct  | alternate=nobody
            selfish  | direct  | alternate=selfish
            byhead   | headers | alternate=in
            front    | direct
            front    | => | byhead | k
            """;

    /** Exchange, keys, topics reached. */
    private static final String PUBLISHES = """
            in       | k           | a b c d
            in       | other       |
            words    | k           | a b c d
            words    | x           | a
            copies   | x           | c d
            empty    | x           | d
            lost     | x           | internal
            picky    | k           | a
            picky    | x           | d
            picky    | k x         | a
            picky    | x y         | d
            picky    | nowhere     |
            picky    | nowhere x   |
            idle     | k           | a b c d
            idle     | other       |
            missing  | x           |
            selfish  | x           |
            front    | k           | a b c d
            front    | x           |
            in       | k k         | a b c d
            words    | k x         | a b c d
                     | b a b nobody| a b
            nobody   | x           | null
            """;

    private static Catalog scene() {
        Catalog catalog = Catalog.empty(2);
        for (String topic : "a b c d".split(" ")) {
            catalog = apply(catalog, createTopic(topic));
        }
        for (boolean binding : new boolean[] {false, true}) {
            for (String line : SCENE.lines().toList()) {
                String[] f = fields(line);
                if (f[1].endsWith(">") == binding) {
                    catalog = apply(catalog, change(f));
                }
            }
        }
        return catalog;
    }

    private static CatalogChange change(String[] f) {
        return switch (f[1]) {
            case "=>" -> join(f[0], f[2], f[3]);
            case "->" -> bind(f[0], f[2], f[3], Map.of());
            default -> {
                ExchangeSettings settings = ExchangeSettings.DEFAULT;
                if (f.length > 2 && f[2].startsWith("alternate=")) {
                    settings = settings.with(ExchangeSettings.ALTERNATE, f[2].substring("alternate=".length()));
                } else if (f.length > 2) {
                    settings = settings.with(ExchangeSettings.INTERNAL, true);
                }
                yield exchange(f[0], Objects.requireNonNull(ExchangeType.of(f[1])), settings);
            }
        };
    }

    private static String[] fields(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::trim).toArray(String[]::new);
    }

    private static String told(@Nullable Route route) {
        if (route == null || route.isInternal()) {
            return route == null ? "null" : "internal";
        }
        return route.topics().stream().map(topic -> topic.name().name()).collect(Collectors.joining(" "));
    }

    @Test
    void shouldGoOverExchanges() {
        // Given
        Catalog catalog = scene();
        Router router = new Router();
        for (String line : PUBLISHES.repeat(2).lines().toList()) {
            String[] f = fields(line);

            // When
            List<String> keys = List.of(f[1].split(" "));
            Route together = router.route(catalog, "/", f[0], keys, HeaderView.NONE);

            // Then
            assertThat(told(together)).as(line).isEqualTo(f[2]);
            if (keys.size() == 1) {
                assertThat(told(router.route(catalog, "/", f[0], f[1], HeaderView.NONE)))
                        .as(line)
                        .isEqualTo(f[2]);
            }
        }
    }

    @Test
    void shouldFollowTheCatalog() {
        // Given
        Catalog catalog = scene();
        Router router = new Router();
        assertThat(told(router.route(catalog, "/", "in", "k", HeaderView.NONE))).isEqualTo("a b c d");
        assertThat(told(router.route(catalog, "/", "missing", "k", HeaderView.NONE)))
                .isEmpty();

        // When
        Catalog parted = apply(catalog, part("in", "copies", "k"));
        Catalog without = apply(catalog, new CatalogChange.DeleteExchange(TopicName.of("words")));
        Catalog made = apply(catalog, exchange("nobody", ExchangeType.FANOUT));
        made = apply(made, bind("nobody", "c", "", Map.of()));

        // Then
        assertThat(told(router.route(parted, "/", "in", "k", HeaderView.NONE))).isEqualTo("a b");
        assertThat(told(router.route(without, "/", "in", "k", HeaderView.NONE))).isEqualTo("a c d");
        assertThat(told(router.route(made, "/", "missing", "k", HeaderView.NONE)))
                .isEqualTo("c");
    }

    @Test
    void shouldAskAHeadersExchangeForEachMessageWhereverItIs() {
        // Given
        Catalog catalog = apply(
                scene(),
                new CatalogChange.Bind(
                        TopicName.of("byhead"),
                        new CatalogChange.Target.ToTopic(Objects.requireNonNull(catalogTopic(scene(), "d"))
                                .uuid()),
                        "",
                        Map.of("size", HeaderValue.of(5))));
        Router router = new Router();
        HeaderView five = HeaderView.ofValues(Map.of("size", HeaderValue.of(5.0)));
        HeaderView text = HeaderView.ofTexts(Map.of("size", "5"));

        // When / Then
        for (int i = 0; i < 2; i++) {
            assertThat(told(router.route(catalog, "/", "front", "k", five))).isEqualTo("d");
            assertThat(told(router.route(catalog, "/", "front", "k", text))).isEqualTo("a b c d");
            assertThat(told(router.route(catalog, "/", "byhead", "x", text))).isEmpty();
            assertThat(told(router.route(catalog, "/", "byhead", "k", text))).isEqualTo("a b c d");
        }
    }

    private static @Nullable Topic catalogTopic(Catalog catalog, String name) {
        return catalog.topic(TopicName.of(name));
    }

    @Test
    void shouldNotReadHeadersOfExchangesThatCompareNone() {
        // Given
        HeaderView unread = (name, wanted) -> {
            throw new AssertionError("read " + name);
        };

        // When
        Route route = new Router().route(scene(), "/", "in", "k", unread);

        // Then
        assertThat(told(route)).isEqualTo("a b c d");
    }

    @Test
    void shouldReachWhatAWalkOverAllBindingsReaches() {
        Random random = new Random(7);
        for (int round = 0; round < 30; round++) {
            // Given
            Catalog catalog = Catalog.empty(2);
            for (int i = 0; i < 8; i++) {
                catalog = apply(catalog, createTopic("t" + i));
                catalog = apply(catalog, exchange("x" + i, ExchangeType.FANOUT));
            }
            boolean[][] joined = new boolean[8][8];
            for (int i = 0; i < 10; i++) {
                int from = random.nextInt(8);
                int to = random.nextInt(8);
                joined[from][to] = true;
                catalog = apply(catalog, join("x" + from, "x" + to, ""));
            }
            for (int i = 0; i < 8; i++) {
                catalog = apply(catalog, bind("x" + i, "t" + i, "", Map.of()));
            }
            TreeSet<Integer> reached = new TreeSet<>();
            walk(joined, 0, reached);

            // When
            Route route = new Router().route(catalog, "/", "x0", "k", HeaderView.NONE);

            // Then
            assertThat(told(route)).isEqualTo(reached.stream().map(i -> "t" + i).collect(Collectors.joining(" ")));
        }
    }

    private static void walk(boolean[][] joined, int at, Set<Integer> reached) {
        reached.add(at);
        for (int next = 0; next < 8; next++) {
            if (joined[at][next] && !reached.contains(next)) {
                walk(joined, next, reached);
            }
        }
    }

    /** As many exchanges in a row as there can be. */
    @Test
    void shouldEndWhateverLeadsInACircle() {
        // Given
        Catalog catalog = apply(Catalog.empty(1), createTopic("a"));
        int count = 2_000;
        for (int i = 0; i < count; i++) {
            catalog = apply(catalog, exchange("x" + i, ExchangeType.FANOUT));
        }
        for (int i = 0; i < count; i++) {
            catalog = apply(catalog, join("x" + i, "x" + (i + 1) % count, ""));
        }
        catalog = apply(catalog, bind("x" + (count - 1), "a", "", Map.of()));

        // When
        Route route = new Router().route(catalog, "/", "x0", "k", HeaderView.NONE);

        // Then
        assertThat(told(route)).isEqualTo("a");
    }
}

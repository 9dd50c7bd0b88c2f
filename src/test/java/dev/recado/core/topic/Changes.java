package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.HeaderValue;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of catalogs for tests: by hand and by chance. */
public final class Changes {

    private Changes() {}

    /** The UUID that a topic of that name gets in tests. */
    public static UUID uuid(String name) {
        return new UUID(0x5EED, name.hashCode());
    }

    public static CatalogChange createTopic(String name) {
        return new CatalogChange.CreateTopic(TopicName.of(name), uuid(name), TopicSettings.DEFAULT, false);
    }

    public static CatalogChange exchange(String name, ExchangeType type) {
        return new CatalogChange.CreateExchange(TopicName.of(name), type);
    }

    public static CatalogChange bind(String exchange, String topic, String key, Map<String, String> headers) {
        return new CatalogChange.Bind(TopicName.of(exchange), uuid(topic), key, headers);
    }

    public static CatalogChange exchange(String name, ExchangeType type, ExchangeSettings settings) {
        return new CatalogChange.CreateExchange(TopicName.of(name), type, settings, false);
    }

    /** A binding to another exchange. */
    public static CatalogChange join(String exchange, String other, String key) {
        return new CatalogChange.Bind(TopicName.of(exchange), to(other), key, Map.of());
    }

    /** The end of a binding to another exchange. */
    public static CatalogChange part(String exchange, String other, String key) {
        return new CatalogChange.Unbind(TopicName.of(exchange), to(other), key, Map.of());
    }

    private static CatalogChange.Target to(String exchange) {
        return new CatalogChange.Target.ToExchange(TopicName.of(exchange));
    }

    /** The catalog after a change that must be granted. */
    public static Catalog apply(Catalog catalog, CatalogChange change) {
        CatalogResult result = catalog.apply(change);
        assertThat(result).isInstanceOf(CatalogResult.Applied.class);
        return ((CatalogResult.Applied) result).catalog();
    }

    public static byte[] bytes(Catalog catalog) {
        ByteWriter out = new ByteWriter(256);
        catalog.encode(out);
        return out.toByteArray();
    }

    public static byte[] bytes(CatalogChange change) {
        ByteWriter out = new ByteWriter(256);
        change.encode(out);
        return out.toByteArray();
    }

    /** Some change among few names, so that changes meet each other. */
    public static CatalogChange random(Random random, Catalog catalog) {
        TopicName exchange = new TopicName(random.nextInt(8) == 0 ? "v" : "/", "x" + random.nextInt(6));
        String topic = "t" + random.nextInt(12);
        String key = new String[] {"", "a.b", "#.ñ", "a.*"}[random.nextInt(4)];
        Map<String, HeaderValue> headers = random.nextInt(3) == 0
                ? Map.of("x-match", new HeaderValue.Text("any"), "k", headerValue(random))
                : Map.of();
        CatalogChange.Target target = random.nextInt(3) == 0
                ? new CatalogChange.Target.ToExchange(TopicName.of("x" + random.nextInt(6)))
                : new CatalogChange.Target.ToTopic(anyTopic(random, catalog));
        return switch (random.nextInt(12)) {
            case 0, 1 ->
                new CatalogChange.CreateTopic(
                        new TopicName(exchange.namespace(), topic),
                        uuid(topic + random.nextInt(3)),
                        settings(random),
                        random.nextInt(3) == 0 ? groupSettings(random) : null,
                        random.nextBoolean());
            case 2 -> new CatalogChange.AlterTopic(anyTopic(random, catalog), settings(random));
            case 3 -> new CatalogChange.DeleteTopic(anyTopic(random, catalog));
            case 4, 5 ->
                new CatalogChange.CreateGroup(
                        anyTopic(random, catalog),
                        "g" + random.nextInt(5),
                        pick(random, GroupKind.values()),
                        groupSettings(random),
                        position(random),
                        random.nextInt(1_000),
                        random.nextBoolean());
            case 6 -> new CatalogChange.AlterGroup(random.nextInt(40), groupSettings(random));
            case 7 -> new CatalogChange.DeleteGroup(random.nextInt(40));
            case 8 ->
                new CatalogChange.CreateExchange(
                        exchange, pick(random, ExchangeType.values()), exchangeSettings(random), random.nextBoolean());
            case 9 ->
                switch (random.nextInt(12)) {
                    case 0, 1 -> new CatalogChange.DeleteExchange(exchange);
                    case 2 -> new CatalogChange.EndTransientExchanges();
                    case 3, 4 -> new CatalogChange.CreateNamespace("v");
                    case 5 -> new CatalogChange.DeleteNamespace("v", random.nextBoolean());
                    default -> new CatalogChange.Unbind(exchange, target, key, headers);
                };
            default -> new CatalogChange.Bind(exchange, target, key, headers);
        };
    }

    private static HeaderValue headerValue(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new HeaderValue.Present();
            case 1 -> new HeaderValue.Text("v" + random.nextInt(3));
            case 2 -> HeaderValue.of(random.nextInt(3) - 1L);
            case 3 -> new HeaderValue.Flag(random.nextBoolean());
            default -> new HeaderValue.Bytes(new byte[] {(byte) random.nextInt(3)});
        };
    }

    private static ExchangeSettings exchangeSettings(Random random) {
        return ExchangeSettings.DEFAULT
                .with(ExchangeSettings.INTERNAL, random.nextInt(4) == 0)
                .with(ExchangeSettings.AUTO_DELETE, random.nextInt(3) == 0)
                .with(ExchangeSettings.DURABLE, random.nextInt(4) != 0)
                .with(ExchangeSettings.ALTERNATE, random.nextInt(4) == 0 ? "x" + random.nextInt(6) : "");
    }

    private static <T> T pick(Random random, T[] constants) {
        return constants[random.nextInt(constants.length)];
    }

    private static UUID anyTopic(Random random, Catalog catalog) {
        Object[] topics = catalog.topics().toArray();
        return topics.length == 0 || random.nextInt(20) == 0
                ? uuid("nobody")
                : ((Topic) topics[random.nextInt(topics.length)]).uuid();
    }

    /** Settings of any kind, many of them alike. */
    public static TopicSettings settings(Random random) {
        TopicSettings settings = TopicSettings.DEFAULT
                .with(TopicSettings.KIND, random.nextInt(4) == 0 ? TopicKind.QUEUE : TopicKind.LOG)
                .with(TopicSettings.DURABILITY, pick(random, Durability.values()))
                .with(TopicSettings.PARTITIONS, random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1)
                .with(TopicSettings.RETENTION_TIME, random.nextInt(3) - 1)
                .with(TopicSettings.RETENTION_BYTES, random.nextBoolean() ? -1 : random.nextLong() >>> 4)
                .with(TopicSettings.RETENTION_FORCE, random.nextBoolean())
                .with(TopicSettings.LIMIT_MESSAGES, random.nextInt(3))
                .with(TopicSettings.LIMIT_BYTES, random.nextInt(3) * 1_000L)
                .with(TopicSettings.LIMIT_MESSAGE_BYTES, 1 + random.nextInt(TopicSettings.MESSAGE_BYTES_MAX))
                .with(TopicSettings.OVERFLOW, pick(random, Overflow.values()))
                .with(TopicSettings.TTL, random.nextInt(3) - 1)
                .with(TopicSettings.PRIORITIES, random.nextInt(10))
                .with(TopicSettings.TRANSIENT, random.nextInt(4) == 0)
                .with(TopicSettings.AUTO_DELETE, random.nextInt(4) == 0)
                .with(TopicSettings.EXPIRES, random.nextInt(4) - 1)
                .with(TopicSettings.EXCLUSIVE, random.nextInt(4) == 0)
                .with(DeadLetterRoute.EXCHANGE, random.nextInt(4) == 0 ? "" : DeadLetterRoute.NO_EXCHANGE)
                .with(DeadLetterRoute.KEY, random.nextInt(4) == 0 ? "k" : DeadLetterRoute.OWN_KEY)
                .with(HandOver.KEY, random.nextInt(4) == 0)
                .with(Spilling.KEY, random.nextInt(4) == 0)
                .with(TopicNote.KEY, random.nextInt(4) == 0 ? "said" : "");
        return settings.kind() == TopicKind.QUEUE ? settings : settings.with(TopicSettings.PRIORITIES, 0);
    }

    private static GroupSettings groupSettings(Random random) {
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, pick(random, Strategy.values()))
                .with(GroupSettings.LEASE_MS, random.nextInt(3) * 1_000L)
                .with(GroupSettings.MAX_DELIVERIES, random.nextInt(3))
                .with(GroupSettings.BACK_OFF_MS, random.nextInt(500))
                .with(GroupSettings.NACK_COUNTS, random.nextBoolean())
                .with(GroupSettings.MAX_MEMBERS, random.nextInt(3))
                .with(
                        GroupSettings.DEAD_LETTER,
                        new String[] {GroupSettings.DEAD_LETTER_OF_TOPIC, "", "dead"}[random.nextInt(3)]);
    }

    /** Any of the five. */
    public static StartPosition position(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> StartPosition.first();
            case 1 -> StartPosition.last();
            case 2 -> StartPosition.next();
            case 3 -> new StartPosition.AtOffset(random.nextLong() >>> 1);
            default -> new StartPosition.AtTime(random.nextInt(1_000_000));
        };
    }

    static @Nullable Catalog decoded(byte[] bytes) {
        return Catalog.decode(new ByteReader(bytes));
    }
}

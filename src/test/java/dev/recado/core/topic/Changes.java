package dev.recado.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
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
        Map<String, String> headers =
                random.nextInt(3) == 0 ? Map.of("x-match", "any", "k", "v" + random.nextInt(3)) : Map.of();
        return switch (random.nextInt(12)) {
            case 0, 1 ->
                new CatalogChange.CreateTopic(
                        TopicName.of(topic), uuid(topic + random.nextInt(3)), settings(random), random.nextBoolean());
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
            case 8 -> new CatalogChange.CreateExchange(exchange, pick(random, ExchangeType.values()));
            case 9 ->
                random.nextInt(4) == 0
                        ? new CatalogChange.DeleteExchange(exchange)
                        : new CatalogChange.Unbind(exchange, anyTopic(random, catalog), key, headers);
            default -> new CatalogChange.Bind(exchange, anyTopic(random, catalog), key, headers);
        };
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
        return TopicSettings.DEFAULT
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
                .with(TopicSettings.PRIORITIES, random.nextInt(10));
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

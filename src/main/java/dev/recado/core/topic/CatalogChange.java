package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Check;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.HeaderValue;
import dev.recado.security.UserChange;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A wish to change the catalog: what an entry of the shard {@code $meta} says. Whether it is granted is decided when
 * it is applied, alike on every node; everything random or of the clock in it was made by its proposer.
 */
public sealed interface CatalogChange {

    /** The same, which knows what it was made from: {@code catalog}, where it did not say. */
    default CatalogChange seenIn(Catalog catalog) {
        return this;
    }

    /**
     * What it is to be where the catalog has become another since it was made: of settings only those are altered that
     * it alters, so that of two wishes at the same moment none undoes the other.
     */
    default CatalogChange onto(Catalog catalog) {
        return this;
    }

    /**
     * A new topic; {@code ifAbsent} is content with whatever topic has the name already.
     *
     * @param group of a queue the settings of its group, or null for the defaults; of a log null
     */
    record CreateTopic(
            TopicName name,
            UUID uuid,
            TopicSettings settings,
            @Nullable GroupSettings group,
            boolean ifAbsent) implements CatalogChange {
        public CreateTopic(TopicName name, UUID uuid, TopicSettings settings, boolean ifAbsent) {
            this(name, uuid, settings, null, ifAbsent);
        }
    }

    /**
     * All settings of a topic anew; some are fixed, see {@link TopicSettings#alterationProblem}.
     *
     * @param seen what the settings were when they were altered, or null where they are meant as they stand; an entry
     *     of the log says nothing of it
     */
    record AlterTopic(
            UUID topic, TopicSettings settings, @Nullable TopicSettings seen) implements CatalogChange {
        public AlterTopic(UUID topic, TopicSettings settings) {
            this(topic, settings, null);
        }

        @Override
        public CatalogChange seenIn(Catalog catalog) {
            Topic known = seen == null ? catalog.topic(topic) : null;
            return known == null ? this : new AlterTopic(topic, settings, known.settings());
        }

        @Override
        public CatalogChange onto(Catalog catalog) {
            Topic now = catalog.topic(topic);
            return seen == null || now == null
                    ? new AlterTopic(topic, settings)
                    : new AlterTopic(topic, settings.onto(now.settings(), seen));
        }
    }

    /** The end of a topic, its groups and the bindings to it. */
    record DeleteTopic(UUID topic) implements CatalogChange {}

    /** A new group; {@code ifAbsent} is content with whatever group has the name already. */
    record CreateGroup(
            UUID topic,
            String group,
            GroupKind kind,
            GroupSettings settings,
            StartPosition from,
            long createdMs,
            boolean ifAbsent)
            implements CatalogChange {
        public CreateGroup {
            Check.that(createdMs >= 0, "created before the epoch", createdMs);
        }
    }

    /**
     * All settings of a group anew, {@code seen} as for {@link AlterTopic}. Groups are named by their number, so that a
     * later one of that name is safe.
     */
    record AlterGroup(
            int groupId, GroupSettings settings, @Nullable GroupSettings seen) implements CatalogChange {
        public AlterGroup(int groupId, GroupSettings settings) {
            this(groupId, settings, null);
        }

        @Override
        public CatalogChange seenIn(Catalog catalog) {
            GroupDef known = seen == null ? catalog.group(groupId) : null;
            return known == null ? this : new AlterGroup(groupId, settings, known.settings());
        }

        @Override
        public CatalogChange onto(Catalog catalog) {
            GroupDef now = catalog.group(groupId);
            return seen == null || now == null
                    ? new AlterGroup(groupId, settings)
                    : new AlterGroup(groupId, settings.onto(now.settings(), seen));
        }
    }

    /** The end of a group. */
    record DeleteGroup(int groupId) implements CatalogChange {}

    /** A new exchange; {@code ifAbsent} is content with whatever exchange has the name already. */
    record CreateExchange(TopicName name, ExchangeType type, ExchangeSettings settings, boolean ifAbsent)
            implements CatalogChange {
        public CreateExchange(TopicName name, ExchangeType type) {
            this(name, type, ExchangeSettings.DEFAULT, false);
        }
    }

    /** The end of an exchange, its bindings and those to it. */
    record DeleteExchange(TopicName name) implements CatalogChange {}

    /** The end of every exchange that is not durable, as a node wishes it when it starts. */
    record EndTransientExchanges() implements CatalogChange {}

    /** A new namespace, of which nothing but its name is known; one that is there is left as it is. */
    record CreateNamespace(String name) implements CatalogChange {}

    /**
     * The end of a namespace and its exchanges, and of its topics with all that is in them. {@code withTopics} false:
     * not where it has topics.
     */
    record DeleteNamespace(String name, boolean withTopics) implements CatalogChange {}

    /** Another state of users and tokens. */
    record ChangeUsers(UserChange change) implements CatalogChange {}

    /** What a binding leads to. */
    sealed interface Target {
        /** A topic. */
        record ToTopic(UUID topic) implements Target {}

        /** Another exchange. */
        record ToExchange(TopicName exchange) implements Target {}
    }

    /** A new binding. */
    record Bind(TopicName exchange, Target target, String key, Map<String, HeaderValue> headers)
            implements CatalogChange {
        public Bind {
            headers = Map.copyOf(headers);
        }

        /** To a topic, by headers that are texts: an empty one asks for presence. */
        public Bind(TopicName exchange, UUID topic, String key, Map<String, String> headers) {
            this(exchange, new Target.ToTopic(topic), key, wanted(headers));
        }
    }

    /** The end of the binding that is equal in all. */
    record Unbind(TopicName exchange, Target target, String key, Map<String, HeaderValue> headers)
            implements CatalogChange {
        public Unbind {
            headers = Map.copyOf(headers);
        }

        /** As {@link Bind#Bind(TopicName, UUID, String, Map)}. */
        public Unbind(TopicName exchange, UUID topic, String key, Map<String, String> headers) {
            this(exchange, new Target.ToTopic(topic), key, wanted(headers));
        }
    }

    private static Map<String, HeaderValue> wanted(Map<String, String> texts) {
        Map<String, HeaderValue> headers = new HashMap<>();
        texts.forEach((name, text) -> headers.put(name, HeaderValue.wanted(text)));
        return headers;
    }

    /** Writes version, type and fields; see the format page. */
    default void encode(ByteWriter out) {
        ChangeCodec.encode(this, out);
    }

    /** Reads what {@link #encode} wrote and nothing behind it; null where the bytes do not hold together. */
    static @Nullable CatalogChange decode(ByteReader in) {
        return ChangeCodec.decode(in);
    }
}

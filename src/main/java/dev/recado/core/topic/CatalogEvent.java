package dev.recado.core.topic;

import dev.recado.security.Users;
import java.util.List;

/** What a granted change did, for the owners of partitions and groups. */
public sealed interface CatalogEvent {

    /** The topics that ended, with their partitions, their groups and the bindings to them. */
    default List<Topic> dropped() {
        return List.of();
    }

    /** The wish was already fulfilled; the catalog is the same object. */
    record Unchanged() implements CatalogEvent {}

    /** A topic with its partitions, and for a queue its group. */
    record TopicCreated(Topic topic) implements CatalogEvent {}

    record TopicAltered(Topic before, Topic after) implements CatalogEvent {}

    /** A topic ended, with its partitions, its groups and the bindings to it. */
    record TopicDropped(Topic topic) implements CatalogEvent {
        @Override
        public List<Topic> dropped() {
            return List.of(topic);
        }
    }

    record GroupCreated(Topic topic, GroupDef group) implements CatalogEvent {}

    record GroupAltered(Topic topic, GroupDef before, GroupDef after) implements CatalogEvent {}

    /** A group ended; {@code topic} no longer has it. */
    record GroupDropped(Topic topic, GroupDef group) implements CatalogEvent {}

    /** An exchange came, or its bindings changed. */
    record ExchangeChanged(ExchangeDef exchange) implements CatalogEvent {}

    /** An exchange ended, by itself or with its last binding; others may have ended with it. */
    record ExchangeDropped(ExchangeDef exchange) implements CatalogEvent {}

    /** A namespace came. */
    record NamespaceCreated(String name) implements CatalogEvent {}

    /** A namespace ended with all that was in it, by number. */
    record NamespaceDropped(String name, List<Topic> dropped) implements CatalogEvent {}

    /** Users or tokens are others, or may do other things. */
    record UsersChanged(Users users) implements CatalogEvent {}

    /** So many exchanges ended that were not durable; others may have ended with them. */
    record TransientExchangesDropped(int count) implements CatalogEvent {}
}

package dev.recado.core.topic;

/** What a granted change did, for the owners of partitions and groups. */
public sealed interface CatalogEvent {

    /** The wish was already fulfilled; the catalog is the same object. */
    record Unchanged() implements CatalogEvent {}

    /** A topic with its partitions, and for a queue its group. */
    record TopicCreated(Topic topic) implements CatalogEvent {}

    record TopicAltered(Topic before, Topic after) implements CatalogEvent {}

    /** A topic ended, with its partitions, its groups and the bindings to it. */
    record TopicDropped(Topic topic) implements CatalogEvent {}

    record GroupCreated(Topic topic, GroupDef group) implements CatalogEvent {}

    record GroupAltered(Topic topic, GroupDef before, GroupDef after) implements CatalogEvent {}

    /** A group ended; {@code topic} no longer has it. */
    record GroupDropped(Topic topic, GroupDef group) implements CatalogEvent {}

    /** An exchange came, or its bindings changed. */
    record ExchangeChanged(ExchangeDef exchange) implements CatalogEvent {}

    record ExchangeDropped(ExchangeDef exchange) implements CatalogEvent {}
}

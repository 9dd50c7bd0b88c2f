package dev.recado.transport.amqp;

import org.jspecify.annotations.Nullable;

/** Arguments of a queue beside numbers as they were given, whatever they are; null where they were not. */
record QueueWords(
        @Nullable Word overflow,
        @Nullable Word single,
        @Nullable Word type) {

    static final QueueWords NONE = new QueueWords(null, null, null);

    /** A value and the name of its type. */
    record Word(String value, String type) {}
}

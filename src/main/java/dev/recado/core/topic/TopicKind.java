package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What becomes of a finished message. The numbers are part of the disk format. */
public enum TopicKind implements WireNamed {
    /** Keeps by time and size; any number of groups. */
    LOG("log", 0),
    /** Keeps until acknowledged; exactly one group, named {@code queue}. */
    QUEUE("queue", 1);

    private static final TopicKind[] ALL = values();

    private final String wireName;
    private final int number;

    TopicKind(String wireName, int number) {
        this.wireName = wireName;
        this.number = number;
    }

    /** The name in commands and configuration. */
    @Override
    public String wireName() {
        return wireName;
    }

    /** The constant of that name, or null. */
    public static @Nullable TopicKind of(String wireName) {
        return WireNamed.find(ALL, wireName);
    }

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static TopicKind stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What becomes of a finished message. The order of declaration is part of the disk format. */
public enum TopicKind implements WireNamed {
    /** Keeps by time and size; any number of groups. */
    LOG("log"),
    /** Keeps until acknowledged; exactly one group, named {@code queue}. */
    QUEUE("queue");

    private static final TopicKind[] ALL = values();

    private final String wireName;

    TopicKind(String wireName) {
        this.wireName = wireName;
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

    /** The constant stored under that number, within {@link #storedMax()}. */
    static TopicKind stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What happens to a publish beyond the backlog limit. The order of declaration is part of the disk format. */
public enum Overflow implements WireNamed {
    /** It waits for room. */
    BLOCK("block"),
    /** It is refused. */
    REJECT("reject"),
    /** It is taken, and the oldest messages that nobody holds are finished. */
    DROP_OLDEST("drop-oldest");

    private static final Overflow[] ALL = values();

    private final String wireName;

    Overflow(String wireName) {
        this.wireName = wireName;
    }

    /** The name in commands and configuration. */
    @Override
    public String wireName() {
        return wireName;
    }

    /** The constant of that name, or null. */
    public static @Nullable Overflow of(String wireName) {
        return WireNamed.find(ALL, wireName);
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static Overflow stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

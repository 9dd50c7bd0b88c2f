package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What happens to a publish beyond the backlog limit. The numbers are part of the disk format. */
public enum Overflow implements WireNamed {
    /** It waits for room. */
    BLOCK("block", 0),
    /** It is refused. */
    REJECT("reject", 1),
    /** It is taken, and the oldest messages that nobody holds are finished. */
    DROP_OLDEST("drop-oldest", 2);

    private static final Overflow[] ALL = values();

    private final String wireName;
    private final int number;

    Overflow(String wireName, int number) {
        this.wireName = wireName;
        this.number = number;
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

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static Overflow stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** How a group came to be. The numbers are part of the disk format. */
public enum GroupKind implements WireNamed {
    /** Somebody chose its name. */
    NAMED("named", 0),
    /** The broker made it for consumers that name no group. */
    AUTOMATIC("automatic", 1),
    /** It belongs to one classic consumer and bears its id. */
    PRIVATE("private", 2);

    private static final GroupKind[] ALL = values();

    private final String wireName;
    private final int number;

    GroupKind(String wireName, int number) {
        this.wireName = wireName;
        this.number = number;
    }

    /** The name in commands and configuration. */
    @Override
    public String wireName() {
        return wireName;
    }

    /** The constant of that name, or null. */
    public static @Nullable GroupKind of(String wireName) {
        return WireNamed.find(ALL, wireName);
    }

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static GroupKind stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

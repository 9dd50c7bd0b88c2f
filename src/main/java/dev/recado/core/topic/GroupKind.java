package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** How a group came to be. The order of declaration is part of the disk format. */
public enum GroupKind implements WireNamed {
    /** Somebody chose its name. */
    NAMED("named"),
    /** The broker made it for consumers that name no group. */
    AUTOMATIC("automatic"),
    /** It belongs to one classic consumer and bears its id. */
    PRIVATE("private");

    private static final GroupKind[] ALL = values();

    private final String wireName;

    GroupKind(String wireName) {
        this.wireName = wireName;
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

    /** The constant stored under that number, within {@link #storedMax()}. */
    static GroupKind stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

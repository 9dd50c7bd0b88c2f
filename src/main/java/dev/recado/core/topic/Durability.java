package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What a confirmation promises. The order of declaration is part of the disk format. */
public enum Durability implements WireNamed {
    /** On disk, synced. */
    FSYNC("fsync"),
    /** Handed to the operating system; on a cluster as {@link #FSYNC}. */
    OS("os"),
    /** In the memory of one node. */
    MEMORY("memory");

    private static final Durability[] ALL = values();

    private final String wireName;

    Durability(String wireName) {
        this.wireName = wireName;
    }

    /** The name in commands and configuration. */
    @Override
    public String wireName() {
        return wireName;
    }

    /** The constant of that name, or null. */
    public static @Nullable Durability of(String wireName) {
        return WireNamed.find(ALL, wireName);
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static Durability stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** What a confirmation promises. The numbers are part of the disk format. */
public enum Durability implements WireNamed {
    /** On disk, synced. */
    FSYNC("fsync", 0),
    /** Handed to the operating system; on a cluster as {@link #FSYNC}. */
    OS("os", 1),
    /** In the memory of one node. */
    MEMORY("memory", 2);

    private static final Durability[] ALL = values();

    private final String wireName;
    private final int number;

    Durability(String wireName, int number) {
        this.wireName = wireName;
        this.number = number;
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

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static Durability stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

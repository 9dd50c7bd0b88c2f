package dev.recado.core.group;

import org.jspecify.annotations.Nullable;

/** How a group shares its messages among its members. */
public enum Strategy {
    /** In turn, message by message, over the members that have room. */
    ROUND_ROBIN("round-robin"),
    /** To the member that holds the fewest, ties in ring order. */
    LEAST_IN_FLIGHT("least-in-flight"),
    /** Messages of one key to one member, in order. */
    KEY_ORDERED("key-ordered"),
    /** All to the member that joined first; the next takes over when it leaves. */
    SINGLE_ACTIVE("single-active");

    private static final Strategy[] ALL = values();

    private final String wireName;

    Strategy(String wireName) {
        this.wireName = wireName;
    }

    /** The name in commands and configuration. */
    public String wireName() {
        return wireName;
    }

    /** The strategy of that name, or null. */
    public static @Nullable Strategy of(String wireName) {
        for (Strategy strategy : ALL) {
            if (strategy.wireName.equals(wireName)) {
                return strategy;
            }
        }
        return null;
    }

    /** The strategy stored under that number: the declaration order is part of the disk format. */
    static Strategy stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

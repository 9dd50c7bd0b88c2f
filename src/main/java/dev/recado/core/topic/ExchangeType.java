package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** How an exchange compares a message with its bindings. The numbers are part of the disk format. */
public enum ExchangeType implements WireNamed {
    /** The key equals the binding's. */
    DIRECT("direct", 0),
    /** Every binding matches. */
    FANOUT("fanout", 1),
    /** The key matches the binding's pattern of words. */
    TOPIC("topic", 2),
    /** The headers match the binding's. */
    HEADERS("headers", 3);

    private static final ExchangeType[] ALL = values();

    private final String wireName;
    private final int number;

    ExchangeType(String wireName, int number) {
        this.wireName = wireName;
        this.number = number;
    }

    /** The name in commands and configuration. */
    @Override
    public String wireName() {
        return wireName;
    }

    /** The constant of that name, or null. */
    public static @Nullable ExchangeType of(String wireName) {
        return WireNamed.find(ALL, wireName);
    }

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static ExchangeType stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

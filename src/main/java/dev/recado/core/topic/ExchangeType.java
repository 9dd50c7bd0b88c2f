package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** How an exchange compares a message with its bindings. The order of declaration is part of the disk format. */
public enum ExchangeType implements WireNamed {
    /** The key equals the binding's. */
    DIRECT("direct"),
    /** Every binding matches. */
    FANOUT("fanout"),
    /** The key matches the binding's pattern of words. */
    TOPIC("topic"),
    /** The headers match the binding's. */
    HEADERS("headers");

    private static final ExchangeType[] ALL = values();

    private final String wireName;

    ExchangeType(String wireName) {
        this.wireName = wireName;
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

    /** The constant stored under that number, within {@link #storedMax()}. */
    static ExchangeType stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

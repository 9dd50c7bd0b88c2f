package dev.recado.core.topic;

import dev.recado.base.Choice;
import org.jspecify.annotations.Nullable;

/** How an exchange compares a message with its bindings. The numbers are part of the disk format. */
public enum ExchangeType implements Choice {
    /** The key equals the binding's. */
    DIRECT("direct", 0),
    /** Every binding matches. */
    FANOUT("fanout", 1),
    /** The key matches the binding's pattern of words. */
    TOPIC("topic", 2),
    /** The headers match the binding's. */
    HEADERS("headers", 3);

    private static final ExchangeType[] ALL = values();

    private final String word;
    private final int number;

    ExchangeType(String word, int number) {
        this.word = word;
        this.number = number;
    }

    @Override
    public String word() {
        return word;
    }

    /** The constant of that word, or null. */
    public static @Nullable ExchangeType of(String word) {
        return Choice.find(ALL, word);
    }

    /** From 0 without gaps, in the order of declaration. */
    @Override
    public int number() {
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

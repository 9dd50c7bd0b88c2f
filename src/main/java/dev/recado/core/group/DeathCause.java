package dev.recado.core.group;

/** Why a group gives a message up. The words are what the history of a message says. */
public enum DeathCause {
    /** A member rejected it. */
    REJECTED("rejected", 0),
    /** It lived for longer than it may. */
    EXPIRED("expired", 1),
    /** A limit of its topic dropped it. */
    MAXLEN("maxlen", 2),
    /** It was delivered as often as it may be. */
    DELIVERY_LIMIT("delivery_limit", 3);

    private static final DeathCause[] ALL = values();

    private final String word;
    private final int number;

    DeathCause(String word, int number) {
        this.word = word;
        this.number = number;
    }

    static DeathCause of(int number) {
        return ALL[number];
    }

    /** From 0 without gaps, in the order of declaration. */
    int number() {
        return number;
    }

    public String word() {
        return word;
    }
}

package dev.recado.core.group;

import dev.recado.base.Choice;
import org.jspecify.annotations.Nullable;

/** How a group shares its messages among its members. */
public enum Strategy implements Choice {
    /** In turn, message by message; the turn of a member without room is kept for a moment, then passes. */
    ROUND_ROBIN(0, "round-robin"),
    /** To the member that holds the fewest, ties in ring order. */
    LEAST_IN_FLIGHT(1, "least-in-flight"),
    /** Messages of one key to one member, in order. */
    KEY_ORDERED(2, "key-ordered"),
    /** All to the member that joined first; the next takes over when it leaves, or holds nothing and is silent. */
    SINGLE_ACTIVE(3, "single-active");

    private static final Strategy[] ALL = values();

    /** In stored settings: never changes. */
    private final int number;

    private final String word;

    Strategy(int number, String word) {
        this.number = number;
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    /** The strategy of that word, or null. */
    public static @Nullable Strategy of(String word) {
        return Choice.find(ALL, word);
    }

    @Override
    public int number() {
        return number;
    }

    /** The strategy stored under that number, or null. */
    static @Nullable Strategy ofNumber(int number) {
        for (Strategy strategy : ALL) {
            if (strategy.number == number) {
                return strategy;
            }
        }
        return null;
    }
}

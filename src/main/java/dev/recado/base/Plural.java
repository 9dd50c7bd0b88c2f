package dev.recado.base;

/** Counted nouns in messages for people. */
public final class Plural {

    private Plural() {}

    /** For example {@code 1 message} or {@code 3 messages}. */
    public static String of(long count, String noun) {
        return count + " " + noun(count, noun);
    }

    /** The noun alone, for who writes the number otherwise; {@code noun} is the singular of a regular one. */
    public static String noun(long count, String noun) {
        return count == 1 ? noun : noun + "s";
    }
}

package dev.recado.base;

/**
 * A peer's fault or a limit, answered as a value: {@code detail} is a lower-case fact with {@code key=value} that tells
 * its reader what to do; {@code fatal} means that the connection cannot go on; {@code partly} says what was done all
 * the same, else it is empty.
 */
public record Refusal(ErrorCode code, String detail, boolean fatal, String partly) {

    /** A refusal after which the session goes on. */
    public static Refusal of(ErrorCode code, String detail) {
        return new Refusal(code, detail, false, "");
    }

    /** A refusal that ends the connection. */
    public static Refusal fatal(ErrorCode code, String detail) {
        return new Refusal(code, detail, true, "");
    }

    /** The same of a publish that is stored in {@code stored} of its {@code topics} all the same. */
    public Refusal butStoredIn(int stored, int topics) {
        return new Refusal(code, detail, fatal, "stored in " + stored + " of " + topics + " topics");
    }
}

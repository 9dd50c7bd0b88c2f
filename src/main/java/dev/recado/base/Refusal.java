package dev.recado.base;

/**
 * A peer's fault or a limit, answered as a value: {@code detail} is a lower-case fact with {@code key=value} that tells
 * its reader what to do; {@code fatal} means that the connection cannot go on.
 */
public record Refusal(ErrorCode code, String detail, boolean fatal) {

    /** A refusal after which the session goes on. */
    public static Refusal of(ErrorCode code, String detail) {
        return new Refusal(code, detail, false);
    }

    /** A refusal that ends the connection. */
    public static Refusal fatal(ErrorCode code, String detail) {
        return new Refusal(code, detail, true);
    }
}

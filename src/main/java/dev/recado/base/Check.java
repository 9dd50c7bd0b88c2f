package dev.recado.base;

/**
 * Assertions that are always on: a failed check is our bug, never the peer's or the disk's.
 *
 * <p>A failed check in a session closes that session; in core or journal it stops the process, because state that
 * contradicts itself must not reach the disk.
 */
public final class Check {

    private Check() {}

    /** Throws {@link AssertionError} with {@code message} unless {@code condition} holds. */
    public static void that(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /** As {@link #that(boolean, String)}, with one value to tell; costs no allocation while the check holds. */
    public static void that(boolean condition, String message, long value) {
        if (!condition) {
            throw new AssertionError(message + " value=" + value);
        }
    }

    /** As {@link #that(boolean, String)}, with what it is about; costs no allocation while the check holds. */
    public static void that(boolean condition, String message, Object about) {
        if (!condition) {
            throw new AssertionError(message + " about=" + about);
        }
    }

    /** As {@link #that(boolean, String)}, with two values to tell; costs no allocation while the check holds. */
    public static void that(boolean condition, String message, long left, long right) {
        if (!condition) {
            throw new AssertionError(message + " left=" + left + " right=" + right);
        }
    }
}

package dev.recado.apps.coffee.data;

/** Money in whole cents: exact, whatever is added in whatever order. */
public final class Money {

    /** What no valid amount is. */
    public static final long INVALID = -1;

    /** The largest amount of one row, 99,999,999.99: a long takes the sum of 900 million of them. */
    public static final long CENTS_MAX = 9_999_999_999L;

    private static final int CHARS_MAX = 11;
    private static final int DECIMALS = 2;

    private Money() {}

    /** Digits, then perhaps a point and one or two decimals; {@link #INVALID} where the text is something else. */
    public static long parse(String text) {
        int length = text.length();
        if (length == 0 || length > CHARS_MAX || text.charAt(0) == '.' || text.charAt(length - 1) == '.') {
            return INVALID;
        }
        long cents = 0;
        int decimals = -1;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (c < '0' || c > '9' || decimals == DECIMALS) {
                return INVALID;
            } else {
                cents = cents * 10 + (c - '0');
                decimals += decimals < 0 ? 0 : 1;
            }
        }
        for (int i = Math.max(decimals, 0); i < DECIMALS; i++) {
            cents *= 10;
        }
        return cents <= CENTS_MAX ? cents : INVALID;
    }

    /** With two decimals: {@code 75.00}. */
    public static String text(long cents) {
        long rest = cents % 100;
        return cents / 100 + (rest < 10 ? ".0" : ".") + rest;
    }
}

package dev.recado.cli;

import dev.recado.base.Quantities;

/** Where a group begins, as far as its form can be told without a broker. */
final class Positions {

    static final String ALLOWED = "first, last, next, an offset, or @<epoch millis>";

    private Positions() {}

    static boolean isWellFormed(String text) {
        return switch (text) {
            case "first", "last", "next" -> true;
            default -> Quantities.number(text.startsWith("@") ? text.substring(1) : text) != Quantities.INVALID;
        };
    }
}

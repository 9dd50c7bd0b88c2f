package dev.recado.core.topic;

import org.jspecify.annotations.Nullable;

/** A constant with a name in commands and configuration. */
interface WireNamed {

    String wireName();

    /** The constant of that name, or null. */
    static <T extends WireNamed> @Nullable T find(T[] constants, String wireName) {
        for (T constant : constants) {
            if (constant.wireName().equals(wireName)) {
                return constant;
            }
        }
        return null;
    }

    /** All names for a refusal's text. */
    static String names(WireNamed[] constants) {
        StringBuilder out = new StringBuilder();
        for (WireNamed constant : constants) {
            out.append(out.isEmpty() ? "" : ", ").append(constant.wireName());
        }
        return out.toString();
    }
}

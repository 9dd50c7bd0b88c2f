package dev.recado.base;

import org.jspecify.annotations.Nullable;

/** One of several constants that people choose by a word, and that are stored under a number. */
public interface Choice {

    /** What people write for it. */
    String word();

    /** What is stored for it, from 0; never changes. */
    int number();

    /** The constant of that word, or null. */
    static <T extends Choice> @Nullable T find(T[] constants, String word) {
        for (T constant : constants) {
            if (constant.word().equals(word)) {
                return constant;
            }
        }
        return null;
    }
}

package dev.recado.security;

import java.util.Arrays;

/**
 * Patterns in which {@code *} stands for any characters, none included. Matching takes at most characters of the
 * pattern times characters of the text, whatever the pattern.
 */
final class Glob {

    /** Stands in {@link #wordPattern} for what a wildcard of words stands for, whatever that is; no character is it. */
    private static final int WILD = -1;

    private static final char ANY = '*';

    private Glob() {}

    /** Goes back to the last {@code *} only: an earlier one could not match more than that one still can. */
    static boolean matches(String glob, String text) {
        int at = 0;
        int next = 0;
        int anyAt = -1;
        int resumeAt = 0;
        while (at < text.length()) {
            if (next < glob.length() && glob.charAt(next) == ANY) {
                anyAt = next++;
                resumeAt = at;
            } else if (next < glob.length() && glob.charAt(next) == text.charAt(at)) {
                next++;
                at++;
            } else if (anyAt >= 0) {
                next = anyAt + 1;
                at = ++resumeAt;
            } else {
                return false;
            }
        }
        while (next < glob.length() && glob.charAt(next) == ANY) {
            next++;
        }
        return next == glob.length();
    }

    /** The same of symbols; {@link #WILD} in the text is matched by {@code *} alone. */
    static boolean matches(int[] glob, int[] text) {
        int at = 0;
        int next = 0;
        int anyAt = -1;
        int resumeAt = 0;
        while (at < text.length) {
            if (next < glob.length && glob[next] == ANY) {
                anyAt = next++;
                resumeAt = at;
            } else if (next < glob.length && glob[next] == text[at]) {
                next++;
                at++;
            } else if (anyAt >= 0) {
                next = anyAt + 1;
                at = ++resumeAt;
            } else {
                return false;
            }
        }
        while (next < glob.length && glob[next] == ANY) {
            next++;
        }
        return next == glob.length;
    }

    /** A glob as symbols. */
    static int[] symbols(String glob) {
        return glob.chars().toArray();
    }

    /**
     * A pattern of words between dots as symbols: of each wildcard one {@link #WILD}, which stands for its words with
     * the dot that goes when they do. {@code *} is one word, {@code #} any number: {@code a.#} is also {@code a}, and
     * so becomes {@code a} and a wildcard. A {@code *} of a glob takes such a symbol whatever it stands for, and
     * nothing else does: where a glob matches the symbols, it matches every name that the pattern does. The reverse
     * need not hold.
     */
    static int[] wordPattern(String pattern) {
        int[] out = new int[2 * pattern.length() + 1];
        int length = 0;
        boolean begun = false;
        for (String word : pattern.isEmpty() ? new String[0] : pattern.split("\\.", -1)) {
            if (word.equals("#")) {
                out[length++] = WILD;
                continue;
            }
            if (begun) {
                out[length++] = '.';
            }
            begun = true;
            if (word.equals("*")) {
                out[length++] = WILD;
                continue;
            }
            for (int i = 0; i < word.length(); i++) {
                out[length++] = word.charAt(i);
            }
        }
        return Arrays.copyOf(out, length);
    }
}

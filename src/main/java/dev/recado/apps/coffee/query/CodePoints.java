package dev.recado.apps.coffee.query;

import java.util.Comparator;

/** Texts in the order of their code points, which is also that of their UTF-8; {@code String} compares UTF-16. */
final class CodePoints {

    static final Comparator<String> ORDER = CodePoints::compare;

    private CodePoints() {}

    private static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left != right) {
                // Surrogates stand for code points above all others, though their own numbers do not.
                boolean same = Character.isSurrogate(left) == Character.isSurrogate(right);
                return same ? Character.compare(left, right) : Character.isSurrogate(left) ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}

package dev.recado.core.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of words: words lie between dots, {@code *} stands for exactly one
 * word, {@code #} for any number of words, none included. The empty text has no words; otherwise words may be empty.
 * Immutable.
 *
 * <p>Matching costs at most words of the pattern times words of the key, whatever the pattern.
 */
public final class TopicPattern {

    static final String ONE = "*";
    static final String ANY = "#";

    private final String[] words;

    private TopicPattern(String[] words) {
        this.words = words;
    }

    public static TopicPattern of(String pattern) {
        return new TopicPattern(words(pattern));
    }

    /** Whether some word is {@code *} or {@code #}; as part of a word they stand for themselves. */
    public static boolean isPattern(String text) {
        for (String word : words(text)) {
            if (word.equals(ONE) || word.equals(ANY)) {
                return true;
            }
        }
        return false;
    }

    /** Goes back to the last {@code #} only: an earlier one could not match more than that one still can. */
    public boolean matches(String key) {
        String[] given = words(key);
        int at = 0;
        int next = 0;
        int anyAt = -1;
        int resumeAt = 0;
        while (at < given.length) {
            if (next < words.length && words[next].equals(ANY)) {
                anyAt = next++;
                resumeAt = at;
            } else if (next < words.length && (words[next].equals(ONE) || words[next].equals(given[at]))) {
                next++;
                at++;
            } else if (anyAt >= 0) {
                next = anyAt + 1;
                at = ++resumeAt;
            } else {
                return false;
            }
        }
        while (next < words.length && words[next].equals(ANY)) {
            next++;
        }
        return next == words.length;
    }

    /** The words between the dots of {@code text}. */
    static String[] words(String text) {
        if (text.isEmpty()) {
            return new String[0];
        }
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', from)) {
            words.add(text.substring(from, dot));
            from = dot + 1;
        }
        words.add(text.substring(from));
        return words.toArray(String[]::new);
    }

    @Override
    public String toString() {
        return String.join(".", words);
    }
}

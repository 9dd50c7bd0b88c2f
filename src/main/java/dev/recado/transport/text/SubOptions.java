package dev.recado.transport.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a SUB.
 *
 * @param timed each message is delivered with its publish time
 * @param spending its credit comes back by CREDIT alone
 * @param exclusive it is the only member, or none
 * @param alone it reads from a position of its own, in no group
 * @param priority of its group's members, those of a higher one are served first
 */
record SubOptions(boolean timed, boolean spending, boolean exclusive, boolean alone, int priority) {

    static final String ALLOWED = "time, spend, exclusive, alone, priority=<n>, joined by &";

    private static final String PRIORITY = "priority=";
    private static final Set<String> FLAGS = Set.of("time", "spend", "exclusive", "alone");

    /** What the field says, or null where that is none of the options, or one of them twice. */
    static @Nullable SubOptions parse(String field) {
        List<String> words = new ArrayList<>(field.isEmpty() ? List.of() : List.of(field.split("&", -1)));
        int priority = 0;
        for (String word : List.copyOf(words)) {
            if (word.startsWith(PRIORITY)) {
                Integer given = number(word.substring(PRIORITY.length()));
                if (given == null
                        || words.stream()
                                        .filter(other -> other.startsWith(PRIORITY))
                                        .count()
                                > 1) {
                    return null;
                }
                priority = given;
                words.remove(word);
            }
        }
        Set<String> flags = new HashSet<>(words);
        return FLAGS.containsAll(flags)
                ? new SubOptions(
                        flags.contains("time"),
                        flags.contains("spend"),
                        flags.contains("exclusive"),
                        flags.contains("alone"),
                        priority)
                : null;
    }

    private static @Nullable Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException notOne) {
            return null;
        }
    }
}

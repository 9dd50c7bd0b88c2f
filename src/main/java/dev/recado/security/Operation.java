package dev.recado.security;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What may be done with a topic, an exchange or the node. */
public enum Operation {
    /** Put messages into a topic or an exchange, or have an exchange or a group do so. */
    PUBLISH(1),
    /** Take messages of a topic or an exchange, or have an exchange do so; who may, may also {@link #BROWSE}. */
    CONSUME(2),
    /** Look at messages of a topic, and change nothing. */
    BROWSE(4),
    /** Create, change, empty and delete topics, groups and exchanges. */
    CONFIGURE(8),
    /** See the node's sessions and end them, and change users. Of the node as a whole: no name narrows it. */
    ADMINISTER(16),
    /** See figures of topics and groups; where everything matches, the node's too. Each of the others brings it. */
    MONITOR(32);

    private final int bit;
    private final String word = name().toLowerCase(Locale.ROOT);

    Operation(int bit) {
        this.bit = bit;
    }

    /** In settings and refusals, as in {@code publish}. */
    public String word() {
        return word;
    }

    /** The operation with that word, or null. */
    public static @Nullable Operation of(String word) {
        for (Operation operation : values()) {
            if (operation.word.equals(word)) {
                return operation;
            }
        }
        return null;
    }

    /** Those of a list of words with commas between, blanks around none; null where one is no operation's. */
    public static @Nullable Set<Operation> list(String words) {
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        for (String word : words.isEmpty() ? new String[0] : words.split(",", -1)) {
            Operation operation = of(word);
            if (operation == null) {
                return null;
            }
            operations.add(operation);
        }
        return operations;
    }

    /** All their words, for a person. */
    public static String words() {
        return Stream.of(values()).map(Operation::word).collect(Collectors.joining(", "));
    }

    /** Several of them as stored: a bit for each, which stays. */
    static int bits(Set<Operation> operations) {
        int bits = 0;
        for (Operation operation : operations) {
            bits |= operation.bit;
        }
        return bits;
    }

    /** What {@link #bits} gave; bits of later versions give nothing. */
    static Set<Operation> ofBits(int bits) {
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        for (Operation operation : values()) {
            if ((bits & operation.bit) != 0) {
                operations.add(operation);
            }
        }
        return operations;
    }
}

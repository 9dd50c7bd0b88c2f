package dev.recado.core.topic;

import dev.recado.base.Choice;
import org.jspecify.annotations.Nullable;

/** How a group came to be. The numbers are part of the disk format. */
public enum GroupKind implements Choice {
    /** Somebody chose its name. */
    NAMED("named", 0),
    /** The broker made it for consumers that name no group. */
    AUTOMATIC("automatic", 1),
    /** It belongs to one classic consumer and bears its id. */
    PRIVATE("private", 2);

    private static final GroupKind[] ALL = values();

    private final String word;
    private final int number;

    GroupKind(String word, int number) {
        this.word = word;
        this.number = number;
    }

    @Override
    public String word() {
        return word;
    }

    /** The constant of that word, or null. */
    public static @Nullable GroupKind of(String word) {
        return Choice.find(ALL, word);
    }

    /** From 0 without gaps, in the order of declaration. */
    @Override
    public int number() {
        return number;
    }

    /** The constant stored under that number, within {@link #storedMax()}. */
    static GroupKind stored(int number) {
        return ALL[number];
    }

    static int storedMax() {
        return ALL.length - 1;
    }
}

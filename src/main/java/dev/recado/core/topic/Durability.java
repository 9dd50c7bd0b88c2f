package dev.recado.core.topic;

import dev.recado.base.Choice;
import org.jspecify.annotations.Nullable;

/** What a confirmation promises. The numbers are part of the disk format. */
public enum Durability implements Choice {
    /** On disk, synced. */
    FSYNC("fsync", 0),
    /** Handed to the operating system; on a cluster as {@link #FSYNC}. */
    OS("os", 1),
    /** In the memory of one node. */
    MEMORY("memory", 2);

    private static final Durability[] ALL = values();

    private final String word;
    private final int number;

    Durability(String word, int number) {
        this.word = word;
        this.number = number;
    }

    @Override
    public String word() {
        return word;
    }

    /** The constant of that word, or null. */
    public static @Nullable Durability of(String word) {
        return Choice.find(ALL, word);
    }

    /** From 0 without gaps, in the order of declaration. */
    @Override
    public int number() {
        return number;
    }
}

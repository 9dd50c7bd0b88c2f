package dev.recado.core.topic;

import dev.recado.base.Choice;

/** What happens to a publish beyond the backlog limit. The numbers are part of the disk format. */
public enum Overflow implements Choice {
    /** It waits for room. */
    BLOCK("block", 0),
    /** It is refused. */
    REJECT("reject", 1),
    /** It is taken, and the oldest messages that nobody holds are finished. */
    DROP_OLDEST("drop-oldest", 2),
    /** It is refused, and goes on through the topic's exchange for dead letters. */
    REJECT_DEAD_LETTER("reject-dead-letter", 3);

    private final String word;
    private final int number;

    Overflow(String word, int number) {
        this.word = word;
        this.number = number;
    }

    /** Whether it is refused at once. */
    public boolean refuses() {
        return this == REJECT || this == REJECT_DEAD_LETTER;
    }

    @Override
    public String word() {
        return word;
    }

    /** From 0 without gaps, in the order of declaration. */
    @Override
    public int number() {
        return number;
    }
}

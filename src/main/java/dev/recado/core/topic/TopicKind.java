package dev.recado.core.topic;

import dev.recado.base.Choice;

/** What becomes of a finished message. The numbers are part of the disk format. */
public enum TopicKind implements Choice {
    /** Keeps by time and size; any number of groups. */
    LOG("log", 0),
    /** Keeps until acknowledged; exactly one group, named {@code queue}. */
    QUEUE("queue", 1);

    private final String word;
    private final int number;

    TopicKind(String word, int number) {
        this.word = word;
        this.number = number;
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

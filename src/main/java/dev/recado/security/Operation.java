package dev.recado.security;

import java.util.Locale;

/** What may be done with a topic, an exchange or the node. */
public enum Operation {
    /** Put messages into a topic or an exchange, or have an exchange or a group do so. */
    PUBLISH,
    /** Take messages of a topic or an exchange, or have an exchange do so; who may, may also {@link #BROWSE}. */
    CONSUME,
    /** Look at messages, groups and figures of a topic, and change nothing. */
    BROWSE,
    /** Create, change, empty and delete topics, groups and exchanges. */
    CONFIGURE,
    /** See the node's sessions and figures, and end sessions. Of the node as a whole: no name narrows it. */
    ADMINISTER;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** In settings and refusals, as in {@code publish}. */
    public String word() {
        return word;
    }
}

package dev.recado.security;

/**
 * What somebody may do. A closed door stays closed: a right that is not listed is not given.
 *
 * @param publish may publish, and bind exchanges to topics
 * @param consume may subscribe, acknowledge and browse
 * @param configure may create, change and delete topics, groups and exchanges
 */
public record Rights(boolean publish, boolean consume, boolean configure) {

    /** Everything. */
    public static final Rights ALL = new Rights(true, true, true);

    /** Nothing. */
    public static final Rights NONE = new Rights(false, false, false);
}

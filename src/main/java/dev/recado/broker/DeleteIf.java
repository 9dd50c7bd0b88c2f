package dev.recado.broker;

/**
 * On what condition a topic is deleted: else that fails with IN_USE, or with NOT_EMPTY.
 *
 * @param unused only if none of its groups has a member
 * @param empty only if none of its messages is ready
 */
public record DeleteIf(boolean unused, boolean empty) {

    /** On none. */
    public static final DeleteIf ANY = new DeleteIf(false, false);
}

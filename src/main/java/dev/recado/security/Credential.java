package dev.recado.security;

/**
 * By what somebody was let in, so that a session ends with it. Immutable; it holds no secret.
 *
 * @param id of the password when it was set, of a token its id, of a key the key, of a listener the user it names
 * @param untilMs by the wall clock, milliseconds since 1970; 0 without an end
 */
public record Credential(Kind kind, String id, long untilMs) {

    /** Nothing that could end: the broker itself, and who has not come in. */
    public static final Credential NONE = new Credential(Kind.NONE, "", 0);

    /** That no user exists. */
    public static final Credential NO_USERS = new Credential(Kind.NO_USERS, "", 0);

    /** A key of the operator's list, which is nobody's. */
    public static final Credential LISTED_KEY = new Credential(Kind.LISTED_KEY, "", 0);

    /** What it is. */
    public enum Kind {
        NONE,
        NO_USERS,
        PASSWORD,
        TOKEN,
        KEY,
        LISTED_KEY,
        LISTENER,
        CERTIFICATE
    }

    static Credential password(UserDef user) {
        return new Credential(Kind.PASSWORD, Long.toString(user.passwordMs()), 0);
    }

    static Credential token(TokenDef token) {
        return new Credential(Kind.TOKEN, token.id(), token.untilMs());
    }
}

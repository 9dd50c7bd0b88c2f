package dev.recado.security;

/** Somebody whom an {@link Authenticator} knows, and what that somebody may do. Immutable. */
public record Identity(String user, Rights rights) {

    /** Who has not logged in, where that is needed: everything is refused. */
    public static final Identity NOBODY = new Identity("", Rights.NONE);

    /** The broker itself, for its own work. */
    public static final Identity BROKER = new Identity("", Rights.ALL);

    /** Whether somebody is there: all but {@link #NOBODY}. */
    public boolean isKnown() {
        return !equals(NOBODY);
    }
}

package dev.recado.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody whom an {@link Authenticator} knows, by what, and what that somebody may do. Immutable. */
public record Identity(String user, Rights rights, Credential credential) {

    /** Who has not logged in, where that is needed: everything is refused. */
    public static final Identity NOBODY = new Identity("", Rights.NONE);

    /** The broker itself, for its own work. */
    public static final Identity BROKER = new Identity("", Rights.ALL);

    /** One that lasts as long as its session. */
    public Identity(String user, Rights rights) {
        this(user, rights, Credential.NONE);
    }

    /**
     * Who comes by a key that the operator has listed and that is no user's.
     *
     * @param operations what such may do with every topic: words with commas between, as in {@code publish,consume}
     * @return null where these are no such words, or {@code administer} is among them
     */
    public static @Nullable Identity listed(String operations) {
        Set<Operation> words = Operation.list(operations);
        if (words == null || words.contains(Operation.ADMINISTER)) {
            return null;
        }
        Rights rights = words.isEmpty() ? Rights.NONE : Rights.of(new Grant(Grant.ANY, Grant.ANY, words));
        return new Identity("curve", rights, Credential.LISTED_KEY);
    }

    /** Whether somebody is there: all but {@link #NOBODY}. */
    public boolean isKnown() {
        return !equals(NOBODY);
    }
}

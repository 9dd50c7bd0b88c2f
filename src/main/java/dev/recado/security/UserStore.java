package dev.recado.security;

import org.jspecify.annotations.Nullable;

/** Port to the users with a password; safe for use by any thread. */
public interface UserStore {

    /** Whether no user with a password exists. */
    boolean isEmpty();

    /** Who that is, or null where user, password or virtual host do not fit; takes the same time for all three. */
    @Nullable
    Identity verify(String virtualHost, String user, byte[] password);

    /** A store without users. */
    static UserStore empty() {
        return new UserStore() {
            @Override
            public boolean isEmpty() {
                return true;
            }

            @Override
            public @Nullable Identity verify(String virtualHost, String user, byte[] password) {
                return null;
            }
        };
    }
}

package dev.recado.security;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Port to the users with a password; safe for use by any thread. */
public interface UserStore {

    /** Whether no user with a password exists. */
    boolean isEmpty();

    /**
     * Who that is, or null where user, password or virtual host do not fit; takes the same time for all three, and that
     * on another thread where it is long. The array is left as it is until the answer.
     */
    Future<@Nullable Identity> verify(String virtualHost, String user, byte[] password);

    /** A store without users. */
    static UserStore empty() {
        return new UserStore() {
            @Override
            public boolean isEmpty() {
                return true;
            }

            @Override
            public Future<@Nullable Identity> verify(String virtualHost, String user, byte[] password) {
                return Future.succeededFuture(null);
            }
        };
    }
}

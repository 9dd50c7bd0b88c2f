package dev.recado.security;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Port to the users; safe for use by any thread. */
public interface UserStore {

    /** Whether no user exists. */
    boolean isEmpty();

    /**
     * Who that is, or null where user and password do not fit; takes the same time for both, and that on another thread
     * where it is long. The array is left as it is until the answer.
     *
     * @param address of the peer, as sessions show it
     */
    Future<@Nullable Identity> verify(String address, String user, byte[] password);

    /** Whose key of CURVE that is, in Z85; null where it is nobody's. */
    @Nullable
    Identity byKey(String key);

    /** Who a certificate stands for that has that name; null where it is no user's. */
    @Nullable
    Identity byCertificate(String name);

    /** Who does not log in at a listener that takes such for {@code name}; null for nobody, and an administrator. */
    @Nullable
    Identity byListener(String name);

    /** A verifier of a password that is being set, see {@link PasswordHash}; the array is copied. */
    Future<String> verifier(byte[] password);

    /** A store without users. */
    static UserStore empty() {
        return new UserStore() {
            @Override
            public boolean isEmpty() {
                return true;
            }

            @Override
            public Future<@Nullable Identity> verify(String address, String user, byte[] password) {
                return Future.succeededFuture(null);
            }

            @Override
            public @Nullable Identity byKey(String key) {
                return null;
            }

            @Override
            public @Nullable Identity byCertificate(String name) {
                return null;
            }

            @Override
            public @Nullable Identity byListener(String name) {
                return null;
            }

            @Override
            public Future<String> verifier(byte[] password) {
                return Future.failedFuture(
                        BrokerException.of(Refusal.of(ErrorCode.NOT_ALLOWED, "there are no users here")));
            }
        };
    }
}

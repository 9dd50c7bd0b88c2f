package dev.recado.security;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The rule of a broker on loopback: while no user exists, no login and {@code guest}/{@code guest} have all rights on
 * every virtual host, and every other credential is refused; once a user exists, only users enter. Whoever holds the
 * secret of a listed key has all rights in any case.
 */
public final class DefaultAuthenticator implements Authenticator {

    private static final Identity ANONYMOUS = new Identity("anonymous", Rights.ALL);
    private static final Identity GUEST = new Identity("guest", Rights.ALL);
    private static final Identity LISTED = new Identity("curve", Rights.ALL);
    private static final byte[] GUEST_BYTES = "guest".getBytes(StandardCharsets.UTF_8);

    private final UserStore users;

    public DefaultAuthenticator(UserStore users) {
        this.users = users;
    }

    @Override
    public @Nullable Identity anonymous() {
        return users.isEmpty() ? ANONYMOUS : null;
    }

    @Override
    public Future<@Nullable Identity> authenticate(String virtualHost, String user, byte[] password) {
        if (!users.isEmpty()) {
            return users.verify(virtualHost, user, password);
        }
        // Every part is compared before any verdict, so that the time taken tells nothing about which one was wrong.
        boolean name = MessageDigest.isEqual(GUEST_BYTES, user.getBytes(StandardCharsets.UTF_8));
        boolean secret = MessageDigest.isEqual(GUEST_BYTES, password);
        return Future.succeededFuture(name && secret ? GUEST : null);
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(byte[] publicKey) {
        return Future.succeededFuture(LISTED);
    }
}

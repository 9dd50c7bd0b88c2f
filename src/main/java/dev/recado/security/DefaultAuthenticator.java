package dev.recado.security;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rule of a broker: while no user exists, no login and {@code guest}/{@code guest} have all rights on every virtual
 * host, and every other credential is refused; once a user exists, only users and tokens enter. Whoever holds the
 * secret of a key enters as the user who has it, or, where it is listed and nobody's, with the rights of such keys.
 */
public final class DefaultAuthenticator implements Authenticator {

    private static final Identity ANONYMOUS = new Identity("anonymous", Rights.ALL, Credential.NO_USERS);
    private static final Identity GUEST = new Identity("guest", Rights.ALL, Credential.NO_USERS);
    private static final byte[] GUEST_BYTES = "guest".getBytes(StandardCharsets.UTF_8);

    private final UserStore users;

    public DefaultAuthenticator(UserStore users) {
        this.users = users;
    }

    @Override
    public @Nullable Identity anonymous(String listener) {
        if (users.isEmpty()) {
            return ANONYMOUS;
        }
        return listener.isEmpty() ? null : users.byListener(listener);
    }

    @Override
    public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
        if (!users.isEmpty()) {
            return users.verify(address, user, password);
        }
        // Every part is compared before any verdict, so that the time taken tells nothing about which one was wrong.
        boolean name = MessageDigest.isEqual(GUEST_BYTES, user.getBytes(StandardCharsets.UTF_8));
        boolean secret = MessageDigest.isEqual(GUEST_BYTES, password);
        return Future.succeededFuture(name && secret ? GUEST : null);
    }

    @Override
    public Future<String> verifier(byte[] password) {
        return users.verifier(password);
    }

    @Override
    public @Nullable Identity byCertificate(List<String> names) {
        for (String name : names) {
            Identity known = users.byCertificate(name);
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    @Override
    public boolean knowsKey(String publicKey) {
        return users.byKey(publicKey) != null;
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
        Identity owner = users.byKey(publicKey);
        return Future.succeededFuture(owner == null ? listed : owner);
    }
}

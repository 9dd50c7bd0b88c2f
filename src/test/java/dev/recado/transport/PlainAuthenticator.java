package dev.recado.transport;

import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link Authenticator} for tests that knows no keys and makes the same verifier of every password. */
public abstract class PlainAuthenticator implements Authenticator {

    @Override
    public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
        return Future.succeededFuture(null);
    }

    @Override
    public @Nullable Identity byCertificate(List<String> names) {
        return null;
    }

    @Override
    public boolean knowsKey(String publicKey) {
        return false;
    }

    @Override
    public Future<String> verifier(byte[] password) {
        return Future.succeededFuture("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA");
    }
}

package dev.recado.security;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port to the question who somebody is. Safe for use by any thread; an implementation never logs what it was given. It
 * never blocks its caller: what takes time, such as the hash of a password, runs elsewhere. Its futures complete on any
 * thread, and may fail, which lets nobody in.
 */
public interface Authenticator {

    /**
     * Who a session is that has not logged in, or null where it must log in first.
     *
     * @param listener as which user its listener takes such; empty for none
     */
    @Nullable
    Identity anonymous(String listener);

    /**
     * Who a session is that logs in, or null where the credentials are wrong. Takes as long for an unknown user as for
     * a wrong password.
     *
     * @param address of the peer, as sessions show it: who fails there again and again is slowed down
     * @param password as the wire carried it; left as it is until the answer, after which the caller clears it
     */
    Future<@Nullable Identity> authenticate(String address, String user, byte[] password);

    /**
     * Who a peer is that has proven to hold the secret of {@code publicKey} (CURVE, in Z85); null where that is nobody.
     *
     * @param listed who it is where its key is no user's but listed by the operator, see {@link Identity#listed}; null
     *     where it is not
     */
    Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed);

    /** Who a peer is that has shown a certificate for these names: the first that is a user's; or null. */
    @Nullable
    Identity byCertificate(List<String> names);

    /** Whether that key, in Z85, is a user's. */
    boolean knowsKey(String publicKey);

    /** A verifier of a password that is being set, see {@link PasswordHash}; the array is copied. */
    Future<String> verifier(byte[] password);
}

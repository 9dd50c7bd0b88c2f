package dev.recado.security;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Port to the question who somebody is. Safe for use by any thread; an implementation never logs what it was given. It
 * never blocks its caller: what takes time, such as the hash of a password, runs elsewhere. Its futures complete on any
 * thread, and may fail, which lets nobody in.
 */
public interface Authenticator {

    /** Who a session is that has not logged in, or null where it must log in first. */
    @Nullable
    Identity anonymous();

    /**
     * Who a session is that logs in, or null where the credentials are wrong. Takes as long for an unknown user as for
     * a wrong password.
     *
     * @param virtualHost the namespace in which the session works so far; {@code /} where it has not said
     * @param password as the wire carried it; left as it is until the answer, after which the caller clears it
     */
    Future<@Nullable Identity> authenticate(String virtualHost, String user, byte[] password);

    /**
     * Who a peer is that has proven to hold the secret of {@code publicKey}, which the operator has listed (CURVE), or
     * null where that is nobody.
     */
    Future<@Nullable Identity> authenticateKey(byte[] publicKey);
}

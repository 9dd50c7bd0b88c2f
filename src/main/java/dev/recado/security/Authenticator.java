package dev.recado.security;

import org.jspecify.annotations.Nullable;

/** Port to the question who somebody is. Safe for use by any thread; an implementation never logs what it was given. */
public interface Authenticator {

    /** Who a session is that has not logged in, or null where it must log in first. */
    @Nullable
    Identity anonymous();

    /**
     * Who a session is that logs in, or null where the credentials are wrong. Takes as long for an unknown user as for
     * a wrong password.
     *
     * @param virtualHost {@code /} for protocols without virtual hosts
     * @param password as the wire carried it; the caller clears it afterwards
     */
    @Nullable
    Identity authenticate(String virtualHost, String user, byte[] password);
}

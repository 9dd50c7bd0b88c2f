package dev.recado.security;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Who somebody is that has logged in, for tests of other rooms: no password is checked. */
public final class LoggedIn {

    /** Of no password that anybody uses; costs next to nothing to check. */
    public static final String VERIFIER = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA";

    private LoggedIn() {}

    public static Identity byPassword(Users users, String name) {
        return users.byPassword(Objects.requireNonNull(users.user(name), name));
    }

    public static Identity byToken(Users users, Tokens.Made token, long nowMs) {
        return Objects.requireNonNull(users.byToken(token.text().getBytes(StandardCharsets.US_ASCII), nowMs));
    }
}

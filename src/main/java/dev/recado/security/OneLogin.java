package dev.recado.security;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets in whoever holds a secret that was made with it, as one that may do everything, and nobody else. */
public final class OneLogin implements Authenticator {

    /** As whom it logs in. */
    public static final String USER = "recado";

    private static final int SECRET_BYTES = 32;

    private final Authenticator verifiers;
    private final String secret;

    /** {@code verifiers} makes the verifiers of passwords that are set. */
    public OneLogin(Authenticator verifiers, String secret) {
        this.verifiers = verifiers;
        this.secret = secret;
    }

    /** A secret that nobody may foresee. */
    public static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public @Nullable Identity anonymous(String listener) {
        return null;
    }

    @Override
    public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
        boolean fits = MessageDigest.isEqual(secret.getBytes(StandardCharsets.US_ASCII), password);
        return Future.succeededFuture(fits && user.equals(USER) ? new Identity(USER, Rights.ALL) : null);
    }

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
        return verifiers.verifier(password);
    }
}

package dev.recado.transport;

import dev.recado.security.Identity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers when the test says so, or never. */
public class SlowAuthenticator extends PlainAuthenticator {

    /** The logins that were asked for. */
    public final List<Promise<@Nullable Identity>> asked = new ArrayList<>();
    /** Their passwords. */
    public final List<byte[]> passwords = new ArrayList<>();

    private final @Nullable Identity anonymous;

    public SlowAuthenticator(@Nullable Identity anonymous) {
        this.anonymous = anonymous;
    }

    @Override
    public @Nullable Identity anonymous(String listener) {
        return anonymous;
    }

    @Override
    public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
        passwords.add(password);
        return ask();
    }

    @Override
    public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
        return ask();
    }

    private Future<@Nullable Identity> ask() {
        Promise<@Nullable Identity> answer = Promise.promise();
        asked.add(answer);
        return answer.future();
    }
}

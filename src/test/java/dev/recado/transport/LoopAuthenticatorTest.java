package dev.recado.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.security.Authenticator;
import dev.recado.security.Identity;
import dev.recado.security.Rights;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Logins that take their time, on whatever thread. */
class LoopAuthenticatorTest {

    private static final Identity ANA = new Identity("ana", Rights.NONE);

    private final List<Runnable> loop = new ArrayList<>();
    private final byte[] password = {1, 2, 3};

    private Authenticator answering(Future<@Nullable Identity> answer) {
        return new LoopAuthenticator(
                new SlowAuthenticator(null) {
                    @Override
                    public Future<@Nullable Identity> authenticate(String host, String user, byte[] given) {
                        assertThat(given).containsExactly(1, 2, 3);
                        return answer;
                    }
                },
                loop::add);
    }

    @Test
    void shouldAnswerOnTheLoopAndClearThePassword() {
        // Given
        Promise<@Nullable Identity> known = Promise.promise();
        List<@Nullable Identity> told = new ArrayList<>();
        answering(known.future()).authenticate("/", "ana", password).onSuccess(told::add);
        assertThat(password).containsExactly(1, 2, 3);

        // When
        known.complete(ANA);

        // Then
        assertThat(password).containsOnly(0);
        assertThat(told).isEmpty();
        loop.forEach(Runnable::run);
        assertThat(told).containsExactly(ANA);
    }

    @Test
    void shouldAnswerAtOnceWhatIsKnownAtOnce() {
        // When
        Future<@Nullable Identity> answer =
                answering(Future.succeededFuture(ANA)).authenticate("/", "ana", password);

        // Then
        assertThat(answer.result()).isEqualTo(ANA);
        assertThat(password).containsOnly(0);
        assertThat(loop).isEmpty();
    }

    @Test
    void shouldLetNobodyInByAFailure() {
        // Given
        Authenticator throwing = new LoopAuthenticator(
                new SlowAuthenticator(null) {
                    @Override
                    public Future<@Nullable Identity> authenticate(String host, String user, byte[] given) {
                        throw new IllegalStateException("of the test");
                    }
                },
                loop::add);

        // Then
        assertThat(throwing.authenticate("/", "ana", password).failed()).isTrue();
        assertThat(password).containsOnly(0);
    }
}

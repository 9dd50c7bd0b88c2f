package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.transport.FakeClock;
import dev.recado.transport.PlainAuthenticator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BoundedAuthenticatorTest {

    private final List<Promise<@Nullable Identity>> asked = new ArrayList<>();
    private final FakeClock clock = new FakeClock();

    private final BoundedAuthenticator users = new BoundedAuthenticator(
            new PlainAuthenticator() {
                @Override
                public @Nullable Identity anonymous(String listener) {
                    return null;
                }

                @Override
                public Future<@Nullable Identity> authenticate(String address, String user, byte[] password) {
                    asked.add(Promise.promise());
                    return asked.get(asked.size() - 1).future();
                }

                @Override
                public Future<@Nullable Identity> authenticateKey(String publicKey, @Nullable Identity listed) {
                    throw new IllegalStateException("of the test");
                }
            },
            2,
            clock);

    @Test
    void shouldAskNoMoreThanItsBoundAtOnce() {
        // Given
        users.authenticate("/", "ana", new byte[0]);
        Future<@Nullable Identity> second = users.authenticate("/", "ben", new byte[0]);

        // When
        Future<@Nullable Identity> third = users.authenticate("/", "cid", new byte[0]);

        // Then
        assertThat(third.cause()).isInstanceOfSatisfying(BrokerException.class, why -> assertThat(why.code())
                .isEqualTo(ErrorCode.LIMIT_REACHED));
        assertThat(asked).hasSize(2);
        asked.get(1).fail("down");
        assertThat(second.failed()).isTrue();
        users.authenticate("/", "cid", new byte[0]);
        assertThat(asked).hasSize(3);
        assertThat(users.underWay()).isEqualTo(2);
    }

    @Test
    void shouldCountNothingThatFailsAtOnce() {
        for (int i = 0; i < 3; i++) {
            assertThat(users.authenticateKey("", null).failed()).isTrue();
            assertThat(users.underWay()).isZero();
        }
    }

    @Test
    void shouldWaitForNoAnswerWithoutEnd() {
        // Given
        Future<@Nullable Identity> lost = users.authenticate("/", "ana", new byte[0]);
        clock.nowMs += BoundedAuthenticator.ANSWER_MS_MAX;

        // When
        users.authenticate("/", "ben", new byte[0]);

        // Then
        assertThat(lost.cause()).isInstanceOfSatisfying(BrokerException.class, why -> assertThat(why.code())
                .isEqualTo(ErrorCode.TIMEOUT));
        assertThat(users.underWay()).isEqualTo(1);
        asked.get(0).complete(null);
        assertThat(users.underWay()).isEqualTo(1);
    }
}

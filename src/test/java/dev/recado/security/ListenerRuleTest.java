package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import io.vertx.core.Future;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerRuleTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void shouldAllowLoopback(String host) {
        assertThat(ListenerRule.check("text.host", host, UserStore.empty())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "::",
                "192.168.0.1",
                "127.0.0.1.example.org",
                "127.0.0",
                "127.0.0.256",
                "127..0.1",
                "localhost.example.org",
                "127.0.0.1.",
                "",
                "::ffff:10.0.0.1",
                "my-host"
            })
    void shouldRefuseEverythingElseWithoutUsers(String host) {
        // When
        Refusal refusal = Objects.requireNonNull(ListenerRule.check("text.host", host, UserStore.empty()));

        // Then
        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
        assertThat(refusal.detail()).startsWith("text.host: " + host).contains("--set text.host=127.0.0.1");
    }

    @Test
    void shouldAllowAnyAddressOnceUsersExist() {
        // Given
        UserStore users = new UserStore() {
            @Override
            public boolean isEmpty() {
                return false;
            }

            @Override
            public Future<@Nullable Identity> verify(String virtualHost, String user, byte[] password) {
                return Future.succeededFuture(null);
            }
        };

        // When / Then
        assertThat(ListenerRule.check("text.host", "0.0.0.0", users)).isNull();
    }
}

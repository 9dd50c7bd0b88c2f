package dev.recado.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerRuleTest {

    private static @Nullable Refusal check(String host, boolean isSealed) {
        return ListenerRule.checkSecrecy("text.host", host, isSealed, "set text.tls.certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void shouldAllowLoopback(String host) {
        assertThat(check(host, false)).isNull();
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
    void shouldRefuseReadablePasswordsEverywhereElse(String host) {
        // When
        Refusal refusal = Objects.requireNonNull(check(host, false));

        // Then
        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
        assertThat(refusal.detail()).startsWith("text.host: " + host).endsWith("set text.tls.certificate");
        assertThat(check(host, true)).isNull();
    }

    @Test
    void shouldTellHowTheFirstUserIsMade() {
        // When
        Refusal refusal = ListenerRule.withoutUsers(List.of("text.host=0.0.0.0", "amqp.host=::"));

        // Then
        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_AUTHENTICATED);
        assertThat(refusal.detail())
                .startsWith("text.host=0.0.0.0, amqp.host=::")
                .contains("recado user add NAME --role administrator --data DIR")
                .contains("security.first-admin.name")
                .contains("security.insecure=true");
    }
}

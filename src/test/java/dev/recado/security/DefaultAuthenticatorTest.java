package dev.recado.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultAuthenticatorTest {

    private final Authenticator withoutUsers = new DefaultAuthenticator(UserStore.empty());

    @Test
    void shouldLetAnonymousAndGuestInWhileThereAreNoUsers() {
        assertThat(withoutUsers.anonymous("")).isEqualTo(new Identity("anonymous", Rights.ALL, Credential.NO_USERS));
        assertThat(withoutUsers
                        .authenticate("/", "guest", "guest".getBytes(UTF_8))
                        .result())
                .isEqualTo(new Identity("guest", Rights.ALL, Credential.NO_USERS));
    }

    @Test
    void shouldLetGuestInOnEveryVirtualHost() {
        assertThat(withoutUsers
                        .authenticate("shop", "guest", "guest".getBytes(UTF_8))
                        .result())
                .isEqualTo(new Identity("guest", Rights.ALL, Credential.NO_USERS));
    }

    @ParameterizedTest
    @CsvSource({"/,guest,wrong", "/,admin,guest", "/,'',''", "/,Guest,guest", "/,guest,guest1"})
    void shouldRefuseEveryOtherCredential(String virtualHost, String user, String password) {
        assertThat(withoutUsers
                        .authenticate(virtualHost, user, password.getBytes(UTF_8))
                        .result())
                .isNull();
    }

    @Test
    void shouldAskTheUsersAndNobodyElseOnceThereAreAny() {
        // Given
        Identity ana = new Identity("ana", Rights.of(Grant.of("orders", Operation.PUBLISH)));
        Authenticator withUsers = new DefaultAuthenticator(new OneUser(ana));

        // When / Then
        assertThat(withUsers.anonymous("")).isNull();
        assertThat(withUsers.authenticate("/", "guest", "guest".getBytes(UTF_8)).result())
                .isNull();
        assertThat(withUsers.authenticate("/", "ana", new byte[0]).result()).isEqualTo(ana);
    }

    @Test
    void shouldKnowKeysOfUsersAndOfTheList() {
        // Given
        Identity ana = new Identity("ana", Rights.of(Grant.of("orders", Operation.PUBLISH)));
        Authenticator withUsers = new DefaultAuthenticator(new OneUser(ana));
        Identity listed = Identity.listed("publish,consume");

        // When / Then
        assertThat(withUsers.authenticateKey("key of ana", null).result()).isEqualTo(ana);
        assertThat(withUsers.authenticateKey("key of ana", listed).result()).isEqualTo(ana);
        assertThat(withUsers.authenticateKey("another", listed).result()).isEqualTo(listed);
        assertThat(withUsers.authenticateKey("another", null).result()).isNull();
        assertThat(withUsers.knowsKey("another")).isFalse();
        assertThat(withUsers.byCertificate(List.of("nobody", "ana"))).isEqualTo(ana);
        assertThat(withUsers.byCertificate(List.of("nobody"))).isNull();
    }

    @Test
    void shouldTakeThoseWhoDoNotLogInAsTheUserOfTheirListener() {
        // Given
        Identity ana = new Identity("ana", Rights.of(Grant.of("orders", Operation.PUBLISH)));
        Authenticator withUsers = new DefaultAuthenticator(new OneUser(ana));

        // When / Then
        assertThat(withUsers.anonymous("ana")).isEqualTo(ana);
        assertThat(withUsers.anonymous("ben")).isNull();
        assertThat(withoutUsers.anonymous("ben")).isEqualTo(withoutUsers.anonymous(""));
    }

    private record OneUser(Identity identity) implements UserStore {
        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public Future<@Nullable Identity> verify(String address, String user, byte[] password) {
            return Future.succeededFuture(user.equals(identity.user()) ? identity : null);
        }

        @Override
        public @Nullable Identity byKey(String key) {
            return key.equals("key of " + identity.user()) ? identity : null;
        }

        @Override
        public @Nullable Identity byCertificate(String name) {
            return name.equals(identity.user()) ? identity : null;
        }

        @Override
        public @Nullable Identity byListener(String name) {
            return name.equals(identity.user()) ? identity : null;
        }

        @Override
        public Future<String> verifier(byte[] password) {
            return Future.succeededFuture("verifier");
        }
    }
}

package dev.recado.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.transport.FakeClock;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KnownUsersTest {

    /** Of {@code password}; see {@link PasswordHashTest}. */
    private static final String VERIFIER =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    private record Due(long delayMs, Runnable task) {}

    private final FakeClock clock = new FakeClock();
    private final PasswordChecks checks = new PasswordChecks(clock);
    private final Deque<Due> later = new ArrayDeque<>();
    private volatile Users users = Users.NONE;
    private final List<String> noted = new CopyOnWriteArrayList<>();
    private final Audit audit = new Audit() {
        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public void note(Entry entry) {
            noted.add(entry.event() + " " + entry.by().user() + " " + entry.by().peer() + " "
                    + (entry.refusal() == null ? "done" : entry.refusal().code().name()));
        }
    };
    private final KnownUsers known =
            new KnownUsers(() -> users, checks, clock, (delayMs, task) -> later.add(new Due(delayMs, task)), audit);

    @AfterEach
    void close() {
        checks.close();
    }

    private void change(UserChange change) {
        users = ((UserChange.Result.Granted) users.apply(change)).users();
    }

    private void addAna() {
        change(new UserChange.Add(UserDef.of("ana", VERIFIER, 1, UserRole.ADMINISTRATOR)));
    }

    private Future<@Nullable Identity> ask(String peer, String user, String password) {
        return known.verify(peer, user, password.getBytes(UTF_8));
    }

    private static @Nullable Identity await(Future<@Nullable Identity> answer) {
        return answer.toCompletionStage().toCompletableFuture().join();
    }

    private @Nullable Identity logIn(String user, String password) {
        return await(ask("10.0.0.1:5", user, password));
    }

    @Test
    void shouldLetInWhoeverHasThePassword() {
        // Given
        addAna();

        // Then
        assertThat(logIn("ana", "password")).isEqualTo(users.byPassword(Objects.requireNonNull(users.user("ana"))));
        assertThat(logIn("ana", "wrong")).isNull();
        assertThat(logIn("eva", "password")).isNull();
        assertThat(known.succeeded()).isEqualTo(1);
        assertThat(known.failed()).isEqualTo(2);
        assertThat(checks.checks()).as("an unknown user costs as much").isEqualTo(3);
        assertThat(noted)
                .containsExactly(
                        "login ana 10.0.0.1:5 done",
                        "login ana 10.0.0.1:5 NOT_AUTHENTICATED",
                        "login eva 10.0.0.1:5 NOT_AUTHENTICATED");
    }

    @Test
    void shouldLetInWhoeverHasAToken() {
        // Given
        addAna();
        Tokens.Made token = Tokens.make(new Random(1));
        long untilMs = clock.wallMs() + 1_000;
        change(new UserChange.AddToken(new TokenDef(token.id(), "ana", token.digest(), 0, untilMs, List.of(), "")));

        // Then
        assertThat(Objects.requireNonNull(logIn("token", token.text())).user()).isEqualTo("ana");
        assertThat(logIn("ana", token.text())).isNull();
        assertThat(logIn("token", "password")).isNull();
        clock.nowMs += 1_000;
        assertThat(logIn("token", token.text())).isNull();
    }

    @Test
    void shouldGoByTheUsersOfNow() {
        // Given
        addAna();
        assertThat(logIn("ana", "password")).isNotNull();

        // When
        change(new UserChange.SetPassword("ana", VERIFIER.replace("t=2", "t=3"), 2));

        // Then
        assertThat(logIn("ana", "password")).isNull();
        users = Users.NONE;
        assertThat(known.isEmpty()).isTrue();
        assertThat(logIn("ana", "password")).isNull();
    }

    @Test
    void shouldSlowDownWhoeverTriesAndThenRefuse() {
        // Given
        addAna();
        for (int i = 0; i < LoginDelays.FREE; i++) {
            logIn("ana", "wrong" + i);
        }

        // When
        List<Future<@Nullable Identity>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(ask("10.0.0.1:6", "ana", "password"));
        }

        // Then
        assertThat(later.getFirst().delayMs()).isEqualTo(250);
        assertThat(answers.get(0).isComplete()).isFalse();
        assertThat(known.slowed()).isEqualTo(later.size());
        assertThat(known.refused()).isEqualTo(30 - later.size()).isPositive();
        assertThat(refusal(answers.get(29))).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(await(ask("10.0.0.2:6", "ana", "password")))
                .as("from elsewhere")
                .isNotNull();
        later.getFirst().task().run();
        assertThat(await(answers.get(0))).isNotNull();
        assertThat(logIn("ana", "password")).as("behind the right one").isNotNull();
    }

    private static ErrorCode refusal(Future<?> answer) {
        try {
            answer.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BrokerException refused) {
                return refused.code();
            }
        }
        throw new AssertionError("it was not refused: " + answer);
    }

    @Test
    void shouldSlowDownNobodyForSomebodysOldToken() {
        // Given
        addAna();
        Tokens.Made token = Tokens.make(new Random(1));
        change(new UserChange.AddToken(new TokenDef(token.id(), "ana", token.digest(), 0, 0, List.of(), "")));

        // When
        for (int i = 0; i < 100; i++) {
            assertThat(logIn("token", Tokens.make(new Random(2)).text())).isNull();
        }

        // Then
        assertThat(Objects.requireNonNull(logIn("token", token.text())).user()).isEqualTo("ana");
        assertThat(later).isEmpty();
        assertThat(known.failed()).isEqualTo(100);
    }

    @Test
    void shouldTakePasswordsThatEveryProtocolCanCarry() {
        assertThat(refusal(known.verifier(new byte[0]))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal(known.verifier(new byte[KnownUsers.PASSWORD_BYTES_MAX + 1])))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(known.verifier(new byte[KnownUsers.PASSWORD_BYTES_MAX])
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join())
                .startsWith("$argon2id$");
    }
}

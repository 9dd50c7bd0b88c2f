package dev.recado.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.TimeSource;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PasswordChecksTest {

    /** Of {@code password}; see {@link PasswordHashTest}. */
    private static final String VERIFIER =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    /** A clock that can keep a thread that looks at it. */
    private static final class KeepingClock implements TimeSource {
        private final AtomicLong nowMs = new AtomicLong();
        private volatile Runnable onLook = () -> {};

        @Override
        public long wallMs() {
            return nowMs.get();
        }

        @Override
        public long monotonicMs() {
            return nowMs.get();
        }

        @Override
        public long monotonicNanos() {
            onLook.run();
            return nowMs.get() * 1_000_000;
        }
    }

    private final KeepingClock clock = new KeepingClock();
    private final PasswordChecks checks = new PasswordChecks(clock);

    @AfterEach
    void close() {
        checks.close();
    }

    private static <T> T await(Future<T> answer) {
        return answer.toCompletionStage().toCompletableFuture().join();
    }

    private boolean check(String user, String verifier, String password) {
        return await(checks.check("10.0.0.1", user, verifier, password.getBytes(UTF_8)));
    }

    @Test
    void shouldTellWhetherAPasswordFits() {
        assertThat(check("ana", VERIFIER, "password")).isTrue();
        assertThat(check("ana", VERIFIER, "Password")).isFalse();
        assertThat(check("ana", VERIFIER, "")).isFalse();
        assertThat(check("ana", "", "password")).isFalse();
        assertThat(checks.checks()).isEqualTo(4);
        assertThat(checks.waiting()).isZero();
    }

    @Test
    void shouldRememberWhatWasRightForAWhileAndNothingElse() {
        // Given
        check("ana", VERIFIER, "password");
        check("ana", VERIFIER, "wrong");
        long before = checks.checks();

        // When, Then
        assertThat(check("ana", VERIFIER, "password")).isTrue();
        assertThat(checks.checks()).isEqualTo(before);
        check("ana", VERIFIER, "wrong");
        check("ben", VERIFIER, "password");
        check("ana", VERIFIER.replace("t=2", "t=3"), "password");
        assertThat(checks.checks()).isEqualTo(before + 3);
        clock.nowMs.addAndGet(PasswordChecks.REMEMBERED_MS);
        assertThat(check("ana", VERIFIER, "password")).isTrue();
        assertThat(checks.checks()).isEqualTo(before + 4);
    }

    @Test
    void shouldCopyWhatItIsGiven() {
        // Given
        byte[] password = "password".getBytes(UTF_8);

        // When
        Future<Boolean> answer = checks.check("10.0.0.1", "ana", VERIFIER, password);
        Arrays.fill(password, (byte) 0);

        // Then
        assertThat(await(answer)).isTrue();
    }

    private final List<Future<Boolean>> busy = new ArrayList<>();

    /** Both threads look at the clock until the test says that they go on. */
    private CountDownLatch occupied() {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(PasswordChecks.THREADS);
        clock.onLook = () -> {
            begun.countDown();
            awaitUnchecked(goOn);
        };
        for (int i = 0; i < PasswordChecks.THREADS; i++) {
            busy.add(checks.check("10.9.9.9", "busy" + i, VERIFIER, ("wrong" + i).getBytes(UTF_8)));
        }
        awaitUnchecked(begun);
        clock.onLook = () -> {};
        return goOn;
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldAskOnceWhatIsAskedSeveralTimesAtOnce() {
        // Given
        CountDownLatch goOn = occupied();
        long before = checks.checks();

        // When
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(checks.check("10.0.0." + i % 7, "ana", VERIFIER, "password".getBytes(UTF_8)));
        }
        goOn.countDown();

        // Then
        answers.forEach(answer -> assertThat(await(answer)).isTrue());
        busy.forEach(PasswordChecksTest::await);
        assertThat(checks.checks()).isEqualTo(before + PasswordChecks.THREADS + 1);
    }

    private static ErrorCode refusal(Future<?> answer) {
        try {
            await(answer);
        } catch (CompletionException e) {
            if (e.getCause() instanceof BrokerException refused) {
                return refused.code();
            }
        }
        throw new AssertionError("it was not refused: " + answer);
    }

    @Test
    void shouldBoundWhatWaitsOfAnAddressAndOfAll() {
        // Given
        CountDownLatch goOn = occupied();
        List<Future<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < PasswordChecks.WAITING_MAX; i++) {
            String address = "10.0.0." + i / PasswordChecks.WAITING_MAX_OF_ADDRESS;
            if (i == PasswordChecks.WAITING_MAX_OF_ADDRESS) {
                assertThat(refusal(checks.check("10.0.0.0", "more", VERIFIER, new byte[1])))
                        .isEqualTo(ErrorCode.LIMIT_REACHED);
            }
            waiting.add(checks.check(address, "user" + i, VERIFIER, "wrong".getBytes(UTF_8)));
        }

        // When
        ErrorCode refused = refusal(checks.check("10.1.1.1", "ana", VERIFIER, "password".getBytes(UTF_8)));

        // Then
        assertThat(refused).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(checks.waiting()).isEqualTo(PasswordChecks.WAITING_MAX);
        goOn.countDown();
        waiting.forEach(answer -> assertThat(await(answer)).isFalse());
        assertThat(checks.waiting()).isZero();
    }

    @Test
    void shouldLetAddressesTakeTurns() {
        // Given
        CountDownLatch goOn = occupied();
        List<String> order = new ArrayList<>();
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(ask("10.0.0.1", "crowd" + i, order));
        }
        all.add(ask("10.0.0.2", "ana", order));

        // When
        goOn.countDown();
        all.forEach(PasswordChecksTest::await);

        // Then
        assertThat(order.indexOf("ana")).isLessThan(4);
    }

    private Future<Boolean> ask(String address, String user, List<String> order) {
        return checks.check(address, user, VERIFIER, "wrong".getBytes(UTF_8)).onComplete(done -> {
            synchronized (order) {
                order.add(user);
            }
        });
    }

    @Test
    void shouldMakeVerifiersThatFit() {
        // When
        String verifier = await(checks.hash("pässword".getBytes(UTF_8)));

        // Then
        assertThat(check("ana", verifier, "pässword")).isTrue();
        assertThat(check("ana", verifier, "password")).isFalse();
    }

    @Test
    void shouldTakeNothingBehindItsEnd() {
        // When
        checks.close();

        // Then
        assertThatThrownBy(() -> await(checks.check("10.0.0.1", "ana", VERIFIER, new byte[1])))
                .isInstanceOf(RuntimeException.class);
    }
}

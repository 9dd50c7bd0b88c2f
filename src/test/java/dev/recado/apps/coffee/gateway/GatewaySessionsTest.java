package dev.recado.apps.coffee.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.wire.GatewayFrame.Hello;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewaySessionsTest {

    private static final UUID ONE = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final long GRACE_MS = 30_000;
    private static final long KEEP_MS = 600_000;

    @TempDir
    Path directory;

    private GatewayAnswers answers;
    private GatewaySessions sessions;

    @BeforeEach
    void open() throws IOException {
        answers = new GatewayAnswers(directory.resolve("answers"), 0);
        GatewayOptions options = new GatewayOptions("127.0.0.1", 0, 1, GRACE_MS, KEEP_MS, directory);
        sessions = new GatewaySessions(directory.resolve("sessions"), options, answers);
    }

    @AfterEach
    void close() throws IOException {
        sessions.close();
        answers.close();
    }

    @Test
    void shouldWaitForAClientThatMayComeBack() throws IOException {
        // Given
        GatewaySessions.Open open = attach(ONE);

        // When
        sessions.detach(open, false, 1_000);

        // Then
        assertThat(sessions.toEnd(1_000 + GRACE_MS - 1)).isEmpty();
        assertThat(refusal(OTHER)).isEqualTo(RefusalCode.FULL);
        assertThat(sessions.toEnd(1_000 + GRACE_MS)).singleElement().satisfies(ended -> {
            assertThat(ended.open()).isSameAs(open);
            assertThat(ended.isLeft()).isFalse();
            assertThat(ended.tables()).hasSize(5);
        });
        assertThat(sessions.refusal(new Hello(OTHER, false))).isNull();
    }

    /** Five clients with a wrong row each must not keep all others out for as long as a client may be away. */
    @Test
    void shouldNotWaitForAClientThatHasLeft() throws IOException {
        // Given
        GatewaySessions.Open open = attach(ONE);

        // When
        sessions.detach(open, true, 1_000);

        // Then
        assertThat(sessions.toEnd(1_000)).singleElement().satisfies(ended -> assertThat(ended.isLeft())
                .isTrue());
        assertThat(sessions.refusal(new Hello(OTHER, false))).isNull();
        assertThat(sessions.forget(1_000 + KEEP_MS - 1)).isEmpty();
        assertThat(sessions.forget(1_000 + KEEP_MS)).containsExactly(ONE);
    }

    private GatewaySessions.Open attach(UUID session) throws IOException {
        return Objects.requireNonNull(sessions.attach(new Hello(session, false)));
    }

    private RefusalCode refusal(UUID session) {
        return Objects.requireNonNull(sessions.refusal(new Hello(session, false)))
                .code();
    }
}

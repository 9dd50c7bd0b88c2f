package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may connect, and what those hear who may not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpLoginIT {

    private static final Duration A_WHILE = Duration.ofMillis(700);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private static ZmqSpec plain(String type, String password) {
        return ZmqSpec.of(type).with("plain-username", "guest").with("plain-password", password);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeTheRightPasswordAndNoOther(ZmqKit kit) throws Exception {
        kit.require();
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket worker = scene.open(kit, plain("REP", "guest"));
            ZmqSocket wrong = scene.open(kit, plain("REQ", "gues"));
            ZmqSocket right = scene.open(kit, plain("REQ", "guest"));

            // When
            wrong.send("wrong");
            right.post("right");

            // Then
            assertThat(worker.receive()).containsExactly("right");
            worker.post("welcome");
            assertThat(right.receive()).containsExactly("welcome");
            assertThat(worker.receive(A_WHILE)).isNull();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithALogin() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work);
                RawZmtp wrong = new RawZmtp(scene.broker().port("zmtp-push"), "PLAIN")) {
            wrong.command("HELLO", "\5guest\5wrong");
            assertThat(wrong.nextCommand()).startsWith("ERROR ").contains("wrong user or password");
            assertThat(wrong.nextCommand()).isEqualTo("closed");
        }
    }

    @Test
    void shouldNotSayAWordToAPeerThatIsSlowInTheHandshake() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work);
                RawZmtp slow = new RawZmtp(scene.broker().port("zmtp-pull"), "NULL")) {
            // An ERROR here would be the last that libzmq wants to hear of the broker.
            assertThat(slow.nextCommand()).isEqualTo("closed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REP, zmtp-router, zmtp-dealer",
        "REQ, zmtp-dealer, zmtp-router",
        "SUB, zmtp-xsub, zmtp-xpub",
        "PUB, zmtp-xpub, zmtp-xsub",
        "PULL, zmtp-pull, zmtp-push",
        "PUSH, zmtp-push, zmtp-pull"
    })
    void shouldNameTheListenerForASocketAtAnother(String type, String wrong, String right) throws Exception {
        try (ZmqScene scene = ZmqScene.start(work);
                RawZmtp socket = new RawZmtp(scene.broker().port(wrong), "NULL")) {
            socket.command("READY", RawZmtp.socketType(type));
            assertThat(socket.nextCommand())
                    .startsWith("ERROR ")
                    .contains("this is " + wrong)
                    .contains(type + " connects to " + right);
            assertThat(socket.nextCommand()).isEqualTo("closed");
        }
    }
}

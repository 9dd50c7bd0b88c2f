package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recado.transport.PeerLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log of operations says of connections that the broker ends: clients are told to look there. */
class AmqpPeerLogTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(PeerLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AmqpStage stage = new AmqpStage();

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(lines);
        log.setLevel(null);
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void logIn(String password, String... capabilities) {
        AmqpPeer peer = stage.connection("");
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", password), capabilities);
        stage.turn();
    }

    @Test
    void shouldTellOfALoginThatIsRefused() {
        // When
        logIn("x", "authentication_failure_close");

        // Then
        assertThat(said())
                .singleElement()
                .asString()
                .startsWith("amqp connection closed listener=amqp reason=403 ACCESS_REFUSED - Login was refused")
                .contains(" peer=")
                .doesNotContain("guest")
                .endsWith("unsaid=0");
    }

    @Test
    void shouldTellOfALoginWhoseClientIsToldNothing() {
        // When
        logIn("x");

        // Then
        assertThat(said()).singleElement().asString().contains("login refused mechanism=PLAIN peer=");
    }

    @Test
    void shouldCountThoseThatComeTooOften() {
        // Given
        logIn("x");
        logIn("x");
        logIn("x");

        // When
        stage.clock.nowMs += 10_000;
        logIn("x");

        // Then
        assertThat(said()).hasSize(2).last().asString().endsWith("unsaid=2");
    }

    private void openWhatIsNotThere() {
        AmqpPeer peer = stage.connection("");
        peer.send(AmqpPeer.HEADER);
        peer.startOk("PLAIN", AmqpPeer.plain("guest", "guest"));
        stage.turn();
        peer.send("0 connection.tune-ok 10 4096 0", "0 connection.open nope");
        stage.turn();
    }

    @Test
    void shouldTellOfALoginThatIsRefusedRightBehindAnotherFault() {
        // Given
        openWhatIsNotThere();
        openWhatIsNotThere();

        // When
        logIn("x", "authentication_failure_close");

        // Then
        assertThat(said())
                .hasSize(2)
                .last()
                .asString()
                .contains("403 ACCESS_REFUSED")
                .endsWith("unsaid=0");
    }

    @Test
    void shouldTellOfAVirtualHostThatIsNotThere() {
        // When
        openWhatIsNotThere();

        // Then
        assertThat(said()).singleElement().asString().contains("530 NOT_ALLOWED - vhost nope not found peer=");
    }
}

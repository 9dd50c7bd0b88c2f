package dev.recado.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConnectionLimitTest {

    @Test
    void shouldTakeWhatIsWantedWhereTheProcessMayOpenThat() {
        assertThat(ConnectionLimit.of(20_000, 1_048_576, 4096, 8).max()).isEqualTo(20_000);
        assertThat(ConnectionLimit.of(20_000, Long.MAX_VALUE, 4096, 8).max()).isEqualTo(20_000);
    }

    @Test
    void shouldLeaveAReserveForTheBrokersOwnFiles() {
        // When
        ConnectionLimit limit = ConnectionLimit.of(20_000, 1024, 128, 2);

        // Then
        assertThat(limit.max()).isEqualTo(1024 - 128 - 96 - 32);
        assertThat(limit.reserve()).isEqualTo(128 + 96 + 32);
    }

    @Test
    void shouldTakeAFewWhereTheLimitIsBelowTheReserve() {
        assertThat(ConnectionLimit.of(20_000, 128, 16, 2).max()).isEqualTo(16);
        assertThat(ConnectionLimit.of(20_000, 1, 8, 2).max()).isEqualTo(1);
    }

    @Test
    void shouldWarnOnlyWhoAskedForMore() {
        // Given
        ConnectionLimit cut = ConnectionLimit.of(20_000, 1024, 128, 2);

        // When / Then
        assertThat(told(cut, 20_000, true)).containsExactly(Level.WARN);
        assertThat(told(cut, 20_000, false)).containsExactly(Level.INFO);
        assertThat(told(cut, cut.max(), true)).isEmpty();
    }

    private static List<Level> told(ConnectionLimit limit, int wanted, boolean asked) {
        Logger log = (Logger) LoggerFactory.getLogger("connection-limit-test");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(lines);
        lines.start();
        limit.tell(log, wanted, asked);
        log.detachAppender(lines);
        return lines.list.stream().map(ILoggingEvent::getLevel).toList();
    }
}

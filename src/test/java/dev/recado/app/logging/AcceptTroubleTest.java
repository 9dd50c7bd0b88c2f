package dev.recado.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptTroubleTest {

    private static final String WORDS = "An exceptionCaught() event reached the tail of the pipeline.";

    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private long nowMs = 5;

    @BeforeEach
    void open() {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        written.setContext(context);
        written.start();
        root.addAppender(written);
        context.addTurboFilter(new AcceptTrouble(root, () -> nowMs));
    }

    private void fail(String words) {
        context.getLogger(AcceptTrouble.PIPELINE).warn(WORDS, new IOException(words));
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void shouldSayWhatToDoOnceAMinuteWithACount() {
        // Given
        String files = "accept(..) failed: Too many open files";

        // When
        for (int second = 0; second <= 60; second++) {
            fail(files);
            nowMs += 1_000;
        }

        // Then
        assertThat(lines())
                .containsExactly(
                        "connections could not be accepted, new ones wait: raise the limit of open files (ulimit -n,"
                                + " LimitNOFILE) or lower sessions.connections-max error=" + files + " count=1",
                        "connections could not be accepted, new ones wait: raise the limit of open files (ulimit -n,"
                                + " LimitNOFILE) or lower sessions.connections-max error=" + files + " count=60");
        assertThat(written.list).allMatch(event -> event.getThrowableProxy() == null);
    }

    @Test
    void shouldTellClientsThatGaveUpFromAWantOfFiles() {
        // When
        fail("accept(..) failed: Software caused connection abort");
        nowMs += 60_000;
        fail("accept(..) failed: Cannot allocate memory");

        // Then
        assertThat(lines().get(0)).contains("their clients gave up before");
        assertThat(lines().get(1)).contains("it is tried again every second");
    }

    @Test
    void shouldLeaveEverythingElseAsItIs() {
        // When
        context.getLogger(AcceptTrouble.PIPELINE).warn(WORDS, new IllegalStateException("a bug"));
        context.getLogger(AcceptTrouble.PIPELINE).error(WORDS, new IOException("else"));
        context.getLogger("io.netty.util").warn("something", new IOException("else"));

        // Then
        assertThat(lines()).containsExactly(WORDS, WORDS, "something");
    }
}

package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recado.base.TimeSource;
import dev.recado.journal.StorageException;
import dev.recado.journal.StorageException.Kind;
import dev.recado.node.StorageWatch.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StorageWatchTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(StorageWatch.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nowMs = 1;

    private final StorageWatch watch = new StorageWatch(new TimeSource() {
        @Override
        public long wallMs() {
            return nowMs;
        }

        @Override
        public long monotonicMs() {
            return nowMs;
        }
    });

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

    private boolean fails(Part part, Kind kind) {
        return watch.mayWait(part, new StorageException(kind, "it failed", null));
    }

    @Test
    void shouldTellOnceAMinuteAndWhenItIsOver() {
        // When
        for (int i = 0; i < 10 * 60 * 4; i++) {
            nowMs += 250;
            watch.onFreeSpace(true, 1, 2);
            fails(Part.JOURNAL, Kind.FULL);
            fails(Part.SEGMENTS, Kind.FULL);
        }

        // Then
        assertThat(lines.list).hasSize(10);
        watch.goesOn(Part.JOURNAL);
        watch.goesOn(Part.SEGMENTS);
        assertThat(lines.list).hasSize(10);
        watch.onFreeSpace(false, 3, 2);
        watch.onFreeSpace(false, 3, 2);
        assertThat(lines.list).hasSize(11);
        assertThat(lines.list.get(10).getFormattedMessage()).contains("again");
    }

    @Test
    void shouldTellLittleOfADiskThatComesAndGoes() {
        // When
        for (int i = 0; i < 60 * 4; i++) {
            nowMs += 250;
            fails(Part.JOURNAL, Kind.FULL);
            watch.goesOn(Part.JOURNAL);
        }

        // Then
        assertThat(lines.list).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void shouldWaitForEverForSpaceAndDescriptorsAndAMinuteForWhatNobodyUnderstands() {
        assertThat(fails(Part.JOURNAL, Kind.FAILED)).isFalse();
        assertThat(fails(Part.JOURNAL, Kind.FULL)).isTrue();
        nowMs += 3_600_000;
        assertThat(fails(Part.JOURNAL, Kind.NO_FILES)).isTrue();
        nowMs += 59_000;
        assertThat(fails(Part.JOURNAL, Kind.UNCLEAR)).isTrue();
        nowMs += 2_000;
        assertThat(fails(Part.JOURNAL, Kind.UNCLEAR)).isFalse();
        watch.goesOn(Part.JOURNAL);
        assertThat(fails(Part.JOURNAL, Kind.UNCLEAR)).isTrue();
    }

    @Test
    void shouldSayForHowLongNothingIsWritten() {
        assertThat(watch.writersWaitMs()).isZero();
        fails(Part.COLD_READS, Kind.NO_FILES);
        assertThat(watch.writersWaitMs()).isZero();
        fails(Part.SEGMENTS, Kind.FULL);
        nowMs += 500;
        fails(Part.SEGMENTS, Kind.FULL);
        assertThat(watch.writersWaitMs()).isGreaterThanOrEqualTo(500);
        assertThat(watch.isFull()).isTrue();
        watch.goesOn(Part.SEGMENTS);
        assertThat(watch.writersWaitMs()).isZero();
        assertThat(watch.isFull()).isFalse();
    }
}

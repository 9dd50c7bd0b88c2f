package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final ZoneId MADRID = ZoneId.of("Europe/Madrid");

    @ParameterizedTest
    @CsvSource({
        "first,first",
        "last,last",
        "next,next",
        "17,17",
        "@1700000000000,@1700000000000",
        "-1h,@1795950000000",
        "-90s,@1795953510000",
        "-7d,@1795348800000",
        "2026-11-28T15:00Z,@1795878000000",
        "2026-11-28T15:00:30.250Z,@1795878030250",
        "2026-11-28T15:00+01:00,@1795874400000",
        "2026-11-28T15:00-05:00,@1795896000000",
        "2026-11-28T15:00,@1795874400000",
        "2026-11-28,@1795820400000"
    })
    void shouldReadWhatPeopleWrite(String written, String expected) {
        assertThat(Positions.parse(written, NOW, MADRID)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "@2026,1970-01-01T00:00:02.026Z",
        "@20261128,1970-01-01T05:37:41.128Z",
        "@1795953510,1970-01-21T18:52:33.510Z"
    })
    void shouldNotTakeAYearOrSecondsForMilliseconds(String written, String meant) {
        assertThatThrownBy(() -> Positions.parse(written, NOW, MADRID))
                .hasMessageContaining("is " + meant + ": behind the @ stand milliseconds since 1970");
        assertThat(Positions.parse("@0", NOW, MADRID)).isEqualTo("@0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bogus", "-5", "-1y", "--1h", "2026-13-01", "2026-11-28T25:00Z", "28/11/2026", "@", "1-3"})
    void shouldRefuseAnythingElseAndSayWhatIsAllowed(String written) {
        assertThatThrownBy(() -> Positions.parse(written, NOW, MADRID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + written + "'")
                .hasMessageContaining("-1h");
    }

    @Test
    void shouldSayThatAnIdWithAPartitionIsNoPosition() {
        assertThatThrownBy(() -> Positions.parse("1-30", NOW, MADRID))
                .hasMessageContaining("'1-30' is the id of one partition's message; a position holds for every"
                        + " partition: 30 is that offset in each");
    }

    @Test
    void shouldNotGoBeforeTheEpoch() {
        assertThat(Positions.parse("-9999999d", NOW, MADRID)).isEqualTo("@0");
    }

    @Test
    void shouldKnowWhatIsNotYet() {
        assertThat(Positions.isFuture("@1001", Instant.ofEpochMilli(1_000))).isTrue();
        assertThat(Positions.isFuture("@1000", Instant.ofEpochMilli(1_000))).isFalse();
        assertThat(Positions.isFuture("1001", Instant.ofEpochMilli(1_000))).isFalse();
        assertThat(Positions.isFuture("next", Instant.ofEpochMilli(1_000))).isFalse();
        assertThat(Positions.isFuture("", Instant.ofEpochMilli(1_000))).isFalse();
    }
}

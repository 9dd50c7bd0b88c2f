package dev.recado.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "850,850ms",
        "30000,30s",
        "30250,30s",
        "90000,1m30s",
        "3600000,1h",
        "3601000,1h",
        "5400000,1h30m",
        "604800000,7d",
        "612000000,7d2h"
    })
    void shouldShowTheTwoLargestUnits(long ms, String expected) {
        assertThat(Shown.duration(ms)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "retention.time,604800000,7d",
        "retention.time,-1,none",
        "retention.bytes,1073741824,1GiB",
        "limit.messages,0,none",
        "limit.messages,5,5",
        "limit.bytes,1500,1500",
        "ttl,0,none",
        "lease-ms,30000,30s",
        "time,1700000000000,2023-11-14T22:13:20Z",
        "oldest,-1,-",
        "payload,1700000000000,1700000000000",
        "time,soon,soon"
    })
    void shouldShowFieldsByTheirNames(String name, String value, String expected) {
        assertThat(Shown.field(name, value)).isEqualTo(expected);
    }

    @Test
    void shouldShowAnEmptyTextAsSuch() {
        assertThat(Shown.field("dead-letter.exchange", "")).isEqualTo("\"\"");
        assertThat(Shown.field("dead-letter", "")).isEqualTo("\"\"");
        assertThat(Shown.field("dead-letter.exchange", "graves")).isEqualTo("graves");
        assertThat(Shown.field("limit.bytes", "")).isEmpty();
        assertThat(Shown.field("client", "")).isEmpty();
    }

    @Test
    void shouldShowACreditWithoutABoundAsSuch() {
        assertThat(Shown.credit("2147483647")).isEqualTo("any");
        assertThat(Shown.credit("100")).isEqualTo("100");
    }

    @Test
    void shouldShowAges() {
        assertThat(Shown.age("1000", 3_601_999)).isEqualTo("1h");
        assertThat(Shown.age("-1", 5)).isEqualTo("-");
        assertThat(Shown.age("9000", 5)).isEqualTo("0s");
    }
}

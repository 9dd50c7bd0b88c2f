package dev.recado.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "localhost,localhost:8080",
        "broker.example:9090,broker.example:9090",
        "[::1]:9090,[::1]:9090",
        "[::1],[::1]:8080",
        "::1,[::1]:8080",
        "fe80::1:2,[fe80::1:2]:8080"
    })
    void shouldTakeTheDefaultPortWhereNoneIsGiven(String written, String expected) {
        assertThat(BrokerAddress.parseList(written)).singleElement().hasToString(expected);
    }

    @Test
    void shouldReadAListWithTheDefaultOfItsCaller() {
        assertThat(BrokerAddress.parseList("a, b:1", 5559))
                .containsExactly(new BrokerAddress("a", 5559), new BrokerAddress("b", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8080",
                "host:",
                "host:http",
                "host:0",
                "host:70000",
                "[::1",
                "[::1]x:5",
                "a,,b",
                "http://127.0.0.1:8080"
            })
    void shouldRefuseWhatIsNoAddress(String written) {
        assertThatThrownBy(() -> BrokerAddress.parseList(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected HOST or HOST:PORT");
    }
}

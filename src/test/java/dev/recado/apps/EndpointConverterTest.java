package dev.recado.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class EndpointConverterTest {

    private final EndpointConverter converter = new EndpointConverter();

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:5557", "tcp://weather.example:1", "tcp://[::1]:65535", "none"})
    void shouldTakeEndpoints(String endpoint) {
        assertThat(converter.convert(endpoint)).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "127.0.0.1:5557", "tcp://", "tcp://host", "tcp://host:65536", "udp://h:1", "tcp://a b:1"})
    void shouldRefuseWhatIsNone(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("tcp://127.0.0.1:5557");
    }
}

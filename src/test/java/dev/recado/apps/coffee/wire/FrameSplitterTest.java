package dev.recado.apps.coffee.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import org.junit.jupiter.api.Test;

class FrameSplitterTest {

    /** Who goes on sending behind it would have filled the memory. */
    @Test
    void shouldHoldNothingOfWhatComesBehindAMalformedFrame() {
        // Given
        FrameSplitter splitter = new FrameSplitter(GatewayCodec.LENGTH_MAX);
        byte[] fetched = GatewayCodec.encode(new Fetched());
        splitter.feed(fetched, 0, fetched.length);
        assertThat(splitter.next()).isEqualTo(new Fetched());
        byte[] zeros = new byte[1 << 20];
        splitter.feed(zeros, 0, GatewayCodec.LENGTH_BYTES);
        assertThat(splitter.next()).isNull();
        assertThat(splitter.isMalformed()).isTrue();

        // When
        for (int mebibytes = 0; mebibytes < 4_096; mebibytes++) {
            splitter.feed(zeros, 0, zeros.length);
        }

        // Then
        assertThat(splitter.next()).isNull();
        assertThat(splitter.isMalformed()).isTrue();
    }
}

package dev.recado.transport.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetadataTest {

    /** Behind the name READY of what a ROUTER of libzmq sent. */
    private static final byte[] ROUTER = Arrays.copyOfRange(Recorded.ROUTER_READY, 8, Recorded.ROUTER_READY.length);

    @Test
    void shouldWriteWhatLibzmqWrites() {
        // Given
        ByteWriter out = new ByteWriter(64);

        // When
        Metadata.put(out, "ROUTER", new byte[0]);

        // Then
        assertThat(out.toByteArray()).isEqualTo(ROUTER);
    }

    @Test
    void shouldReadNamesInAnyCaseAndPassOverUnknownOnes() {
        // When
        Metadata metadata = read(property("x-Colour", "red")
                + property("SOCKET-type", "req")
                + property("identity", "alice")
                + property("Resource", ""));

        // Then
        assertThat(metadata).isNotNull();
        assertThat(metadata.socketType()).isEqualTo("REQ");
        assertThat(metadata.identity()).isEqualTo("alice".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadNothingAsNothing() {
        Metadata metadata = read("");
        assertThat(metadata).isNotNull();
        assertThat(metadata.socketType()).isEmpty();
        assertThat(metadata.identity()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsMalformed() {
        assertThat(read(property("Identity", "i".repeat(256)))).isNull();
        assertThat(read(property("Identity", "i".repeat(255)))).isNotNull();
        assertThat(read("\0\0\0\0\0")).isNull();
        assertThat(read("\4name")).isNull();
        assertThat(read("\4name\0\0\0")).isNull();
        assertThat(read("\4name\0\0\0\2x")).isNull();
        assertThat(read("\4name\u00ff\u00ff\u00ff\u00ffx")).isNull();
        assertThat(read("\4name\u0080\0\0\0x")).isNull();
        assertThat(read(property("a", "b") + "\u00ff")).isNull();
    }

    @Test
    void shouldRefuseEveryPartOfAProperty() {
        for (int length = 1; length < ROUTER.length; length++) {
            boolean whole = length == 22;
            assertThat(Metadata.read(ROUTER, 0, length) != null)
                    .as("%d bytes", length)
                    .isEqualTo(whole);
        }
    }

    @Test
    void shouldNeverThrowForRubbish() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = ROUTER.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            Metadata metadata = Metadata.read(mutated, 0, random.nextInt(mutated.length + 1));
            assertThat(metadata == null || metadata.identity().length <= 255).isTrue();
        }
    }

    private static String property(String name, String value) {
        return (char) name.length() + name + "\0\0" + (char) (value.length() >> 8) + (char) (value.length() & 0xFF)
                + value;
    }

    private static @Nullable Metadata read(String text) {
        byte[] bytes = ("##" + text + "#").getBytes(StandardCharsets.ISO_8859_1);
        return Metadata.read(bytes, 2, bytes.length - 3);
    }
}

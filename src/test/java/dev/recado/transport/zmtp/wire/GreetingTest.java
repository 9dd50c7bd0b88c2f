package dev.recado.transport.zmtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GreetingTest {

    @Test
    void shouldSayWhatLibzmqSays() {
        // Given
        ByteWriter out = new ByteWriter(64);

        // When
        Greeting.putStart(out);
        Greeting.putRest(out, "NULL", false);

        // Then
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(Recorded.PUSH, Greeting.BYTES));
    }

    @Test
    void shouldBeAServerWhereAPasswordIsAskedFor() {
        // Given
        ByteWriter out = new ByteWriter(64);

        // When
        Greeting.putStart(out);
        Greeting.putRest(out, "PLAIN", true);

        // Then
        byte[] expected = Arrays.copyOf(Recorded.PLAIN, Greeting.BYTES);
        expected[32] = 1;
        assertThat(out.toByteArray()).isEqualTo(expected);
    }

    @Test
    void shouldReadTheMechanism() {
        assertThat(Greeting.mechanism(Recorded.PUSH)).isEqualTo("NULL");
        assertThat(Greeting.mechanism(Recorded.PLAIN)).isEqualTo("PLAIN");
        byte[] unending = Recorded.PUSH.clone();
        Arrays.fill(unending, Greeting.MECHANISM_AT, Greeting.BYTES, (byte) 'x');
        assertThat(Greeting.mechanism(unending)).isEqualTo("x".repeat(20));
    }

    @Test
    void shouldLookAtTwoBitsOfTheSignatureOnly() {
        byte[] odd = Recorded.hex("ff0102030405060708" + "01");
        for (int length = 0; length <= odd.length; length++) {
            assertThat(Greeting.isSignature(odd, length)).isTrue();
        }
        assertThat(Greeting.isSignature(Recorded.hex("fe"), 1)).isFalse();
        assertThat(Greeting.isSignature(Recorded.hex("ff00000000000000017e"), 9))
                .isTrue();
        assertThat(Greeting.isSignature(Recorded.hex("ff00000000000000017e"), 10))
                .isFalse();
    }
}

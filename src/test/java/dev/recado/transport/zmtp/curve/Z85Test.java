package dev.recado.transport.zmtp.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Z85Test {

    private static final byte[] HELLO_WORLD = HexFormat.of().parseHex("864fd26fb559f75b");

    @Test
    void shouldWriteTheExampleOfTheSpecification() {
        assertThat(Z85.encode(HELLO_WORLD)).isEqualTo("HelloWorld");
        assertThat(Z85.decode("HelloWorld")).isEqualTo(HELLO_WORLD);
    }

    /** The key pairs of zmq_curve(7). */
    @Test
    void shouldReadThePublishedTestKeys() {
        assertThat(Z85.decode("Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"))
                .isEqualTo(HexFormat.of().parseHex("bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518"));
        assertThat(Z85.decode("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"))
                .isEqualTo(HexFormat.of().parseHex("7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888"));
    }

    @Test
    void shouldReadBackWhatItWrote() {
        // Given
        Random random = new Random(1);

        for (int groups = 0; groups < 200; groups++) {
            byte[] bytes = new byte[4 * groups];
            random.nextBytes(bytes);

            // When
            String text = Z85.encode(bytes);

            // Then
            assertThat(text).hasSize(5 * groups);
            assertThat(Z85.decode(text)).isEqualTo(bytes);
        }
    }

    @Test
    void shouldKnowTheLargestGroup() {
        assertThat(Z85.decode("%nSc0")).isEqualTo(new byte[] {-1, -1, -1, -1});
        assertThat(Z85.decode("%nSc1")).isNull();
        assertThat(Z85.decode("#####")).isNull();
    }

    @Test
    void shouldRefuseWhatIsNoZ85() {
        assertThat(Z85.decode("Hello worl")).isNull();
        assertThat(Z85.decode("HelloWorl")).isNull();
        assertThat(Z85.decode("Hell\u00f6Wor")).isNull();
        assertThat(Z85.decode("Hello\"orld")).isNull();
    }

    @Test
    void shouldNeverThrowForGarbage() {
        // Given
        Random random = new Random(2);

        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[5 * random.nextInt(4)];
            random.nextBytes(garbage);

            // When
            byte[] decoded = Z85.decode(garbage, 0, garbage.length);

            // Then
            if (decoded != null) {
                assertThat(Z85.encode(decoded)).isEqualTo(new String(garbage, StandardCharsets.US_ASCII));
            }
        }
    }
}

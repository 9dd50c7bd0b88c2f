package dev.recado.transport.zmtp.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveKeysTest {

    /** The key pairs of zmq_curve(7). */
    private static final String SERVER_PUBLIC = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

    private static final String SERVER_SECRET = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
    private static final String CLIENT_PUBLIC = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    private static final String CLIENT_SECRET = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    private static final String CERTIFICATE = """
            #   ****  Generated on 2026-11-26 01:24:32.334911 by pyzmq  ****
            #   ZeroMQ CURVE **Secret** Certificate
            #   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.

            metadata
                name = "broker"
            curve
                public-key = "%s"
                secret-key = "%s"
            """;

    @Test
    void shouldDeriveThePublicKey() {
        assertThat(CurveKeys.ofSecret(Z85.decode(SERVER_SECRET)).publicText()).isEqualTo(SERVER_PUBLIC);
        assertThat(CurveKeys.ofSecret(Z85.decode(CLIENT_SECRET)).publicText()).isEqualTo(CLIENT_PUBLIC);
    }

    @Test
    void shouldReadABareSecret() {
        assertThat(parsed(SERVER_SECRET).publicText()).isEqualTo(SERVER_PUBLIC);
        assertThat(parsed("# a comment\r\n\r\n  " + SERVER_SECRET + " \r\n").publicText())
                .isEqualTo(SERVER_PUBLIC);
    }

    @Test
    void shouldReadACertificate() {
        assertThat(parsed(CERTIFICATE.formatted(SERVER_PUBLIC, SERVER_SECRET)).publicKey())
                .isEqualTo(Z85.decode(SERVER_PUBLIC));
    }

    @Test
    void shouldRefuseAFileWithoutASecret() {
        assertThatThrownBy(() -> parsed("")).hasMessage("no secret key in the file");
        assertThatThrownBy(() -> parsed("curve\n  public-key = \"" + SERVER_PUBLIC + "\"\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no secret key in the file");
    }

    @Test
    void shouldRefuseKeysThatDoNotFit() {
        assertThatThrownBy(() -> parsed(CERTIFICATE.formatted(CLIENT_PUBLIC, SERVER_SECRET)))
                .hasMessage("the public key in the file is not that of the secret key");
    }

    @Test
    void shouldNameALineAndNotWhatStandsThere() {
        assertThatThrownBy(() -> parsed("\n" + SERVER_SECRET.substring(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a key in Z85 line=2");
        assertThatThrownBy(() -> parsed("secret-key = \"" + SERVER_SECRET.substring(1) + "\""))
                .hasMessage("not a key in Z85 line=1");
        assertThatThrownBy(() -> parsed(SERVER_SECRET + "\n" + CLIENT_SECRET)).hasMessage("a second secret key line=2");
    }

    @Test
    void shouldNotTellTheSecret() {
        assertThat(parsed(SERVER_SECRET).toString()).contains(SERVER_PUBLIC).doesNotContain(SERVER_SECRET);
    }

    @Test
    void shouldForgetTheSecret() {
        // Given
        CurveKeys keys = parsed(SERVER_SECRET);

        // When
        keys.wipe();

        // Then
        assertThat(keys.secret()).containsOnly(0);
    }

    @Test
    void shouldReadAListOfClients() {
        // When
        ClientKeys clients = clients("# who may come\n" + CLIENT_PUBLIC + " till 3\n\n"
                + "metadata\ncurve\n    public-key = \"" + SERVER_PUBLIC + "\"\n");

        // Then
        assertThat(clients.count()).isEqualTo(2);
        assertThat(clients.test(Z85.decode(CLIENT_PUBLIC))).isTrue();
        assertThat(clients.test(Z85.decode(SERVER_PUBLIC))).isTrue();
        assertThat(clients.test(Z85.decode(CLIENT_SECRET))).isFalse();
    }

    /** The digit is too large to begin a group, so a key never looks like a comment. */
    @Test
    void shouldTakeNoCommentForAKey() {
        // When
        ClientKeys clients = clients("#" + CLIENT_PUBLIC.substring(1) + "\n########################################\n");

        // Then
        assertThat(clients.count()).isZero();
        assertThat(Z85.decode("#0000")).isNull();
    }

    @Test
    void shouldAdmitNobodyIfNobodyIsListed() {
        assertThat(clients("").test(Z85.decode(CLIENT_PUBLIC))).isFalse();
        assertThat(ClientKeys.of(List.of()).test(new byte[32])).isFalse();
        assertThat(ClientKeys.ANY.test(new byte[32])).isTrue();
    }

    @Test
    void shouldRefuseAListThatIsNone() {
        assertThatThrownBy(() -> clients(CLIENT_PUBLIC.substring(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a key in Z85 line=1");
        assertThatThrownBy(() -> clients(CERTIFICATE.formatted(SERVER_PUBLIC, SERVER_SECRET)))
                .hasMessage("a secret key line=9");
    }

    @Test
    void shouldThrowNothingElseForGarbage() {
        Random random = new Random(4);
        byte[] good = CERTIFICATE.formatted(SERVER_PUBLIC, SERVER_SECRET).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(CurveKeys.parse(text).publicKey()).hasSize(32);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining(SERVER_SECRET.substring(0, 8));
            }
        }
    }

    private static CurveKeys parsed(String text) {
        return CurveKeys.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ClientKeys clients(String text) {
        return ClientKeys.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}

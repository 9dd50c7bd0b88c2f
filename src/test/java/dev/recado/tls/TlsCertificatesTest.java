package dev.recado.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.app.TestCertificates;
import dev.recado.base.Pem;
import dev.recado.base.Setting;
import dev.recado.base.SettingException;
import dev.recado.base.SettingValues;
import dev.recado.base.TimeSource;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsCertificatesTest {

    private static final long DAY_MS = 86_400_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    static Path made;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** Now, and as much later as a test wants. */
    private static final class Clock implements TimeSource {
        private long laterMs;

        @Override
        public long wallMs() {
            return System.currentTimeMillis() + laterMs;
        }

        @Override
        public long monotonicMs() {
            return laterMs;
        }
    }

    private final Clock clock = new Clock();
    private int written;

    @BeforeAll
    static void makeCertificates() throws IOException {
        TestCertificates.make(made.resolve("one"));
        TestCertificates.make(made.resolve("other"));
    }

    @BeforeEach
    void useTheFirst() throws IOException {
        replace("certificate.pem", "one");
        replace("key.pem", "one");
    }

    /** As another file, which a look notices whatever the clock of the disk. */
    private void replace(String file, String from) throws IOException {
        Path target = work.resolve(file);
        Files.copy(
                made.resolve(from).resolve(file),
                target,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.setLastModifiedTime(target, FileTime.fromMillis(1_000_000L * ++written));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(work.resolve(file), text);
        Files.setLastModifiedTime(work.resolve(file), FileTime.fromMillis(1_000_000L * ++written));
    }

    private TlsFiles files() {
        return new TlsFiles("text", work.resolve("certificate.pem"), work.resolve("key.pem"), null);
    }

    private TlsCertificates open() throws IOException {
        return TlsCertificates.open(files(), clock);
    }

    private static void look(TlsCertificates certificates) {
        certificates.onLook();
        certificates.onLook();
    }

    @Test
    void shouldSpeakTheTwoNewestVersionsOnly() throws Exception {
        try (TlsCertificates certificates = open()) {
            var engine = certificates.handler(UnpooledByteBufAllocator.DEFAULT).engine();
            assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
            assertThat(engine.getEnabledCipherSuites())
                    .isNotEmpty()
                    .allMatch(suite -> suite.startsWith("TLS_AES_")
                            || suite.startsWith("TLS_CHACHA20_")
                            || suite.startsWith("TLS_ECDHE_"));
            assertThat(engine.getUseClientMode()).isFalse();
            assertThat(certificates.daysLeft()).isBetween(28L, 30L);
        }
    }

    @Test
    void shouldRefuseAKeyThatOthersMayRead() throws Exception {
        Files.setPosixFilePermissions(work.resolve("key.pem"), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(this::open)
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("text.tls.key: ")
                .hasMessageEndingWith("chmod 600 " + work.resolve("key.pem"));
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws Exception {
        replace("key.pem", "other");
        assertThatThrownBy(this::open).hasMessageContaining("is not the key of the first certificate");
        write("key.pem", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(this::open).hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        assertThatThrownBy(this::open).hasMessageContaining("cut off: PRIVATE KEY has no end");
        Files.delete(work.resolve("key.pem"));
        assertThatThrownBy(this::open)
                .hasMessageStartingWith("text.tls.key: there is no file")
                .hasMessageContaining("recado tls self-signed");
        write("certificate.pem", "nothing");
        assertThatThrownBy(this::open)
                .hasMessageContaining("text.tls.certificate: ")
                .hasMessageContaining("PEM");
    }

    @Test
    void shouldTakeNewFilesOnceBothAreWritten() throws Exception {
        try (TlsCertificates certificates = open()) {
            // Given
            TlsMaterial before = certificates.material();
            replace("certificate.pem", "other");
            certificates.onLook();

            // When
            replace("key.pem", "other");
            certificates.onLook();
            boolean early = certificates.isStale();
            certificates.onLook();

            // Then
            assertThat(early).isFalse();
            assertThat(certificates.isStale()).isFalse();
            assertThat(certificates.material()).isNotSameAs(before);
        }
    }

    @Test
    void shouldKeepWhatWorksWhereNewFilesDoNot() throws Exception {
        try (TlsCertificates certificates = open()) {
            // When
            write("certificate.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
            look(certificates);

            // Then
            assertThat(certificates.isStale()).isTrue();
            assertThat(certificates.handler(UnpooledByteBufAllocator.DEFAULT)).isNotNull();

            // When
            replace("certificate.pem", "one");
            look(certificates);

            // Then
            assertThat(certificates.isStale()).isFalse();
        }
    }

    @Test
    void shouldNotTakeACertificateThatHasExpired() throws Exception {
        try (TlsCertificates certificates = open()) {
            // Given
            clock.laterMs = 40 * DAY_MS;
            replace("certificate.pem", "other");
            replace("key.pem", "other");

            // When
            look(certificates);

            // Then
            assertThat(certificates.isStale()).isTrue();
            assertThat(certificates.daysLeft()).isNegative();
        }
    }

    @Test
    void shouldWantBothSettingsOrNone() {
        List<Setting> rows = TlsFiles.rows("text");
        List<String> problems = new ArrayList<>();
        for (Map<String, String> given : List.of(
                Map.<String, String>of(),
                Map.of("text.tls.certificate", "a", "text.tls.key", "b"),
                Map.of("text.tls.certificate", "a"),
                Map.of("text.tls.key", "b"),
                Map.of("text.tls.client-ca", "c"))) {
            problems.addAll(TlsFiles.problems(SettingValues.of(rows, given), "text"));
        }
        assertThat(problems)
                .containsExactly(
                        "text.tls.key: is missing: text.tls.certificate needs its private key",
                        "text.tls.certificate: is missing: text.tls.key is nothing without it",
                        "text.tls.certificate: is missing: text.tls.client-ca is nothing without it");
    }

    @Test
    void shouldWriteWhatItReads() throws Exception {
        byte[] pem = Files.readAllBytes(work.resolve("certificate.pem"));
        byte[] encoded = Pem.certificates(pem).get(0).getEncoded();
        assertThat(Pem.encode("CERTIFICATE", encoded)).isEqualTo(new String(pem, StandardCharsets.US_ASCII));
        assertThat(Pem.belongTogether(
                        Pem.key(Files.readAllBytes(work.resolve("key.pem"))),
                        Pem.certificates(pem).get(0)))
                .isTrue();
    }
}

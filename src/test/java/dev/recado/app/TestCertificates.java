package dev.recado.app;

import java.io.IOException;
import java.nio.file.Path;

/** Keys and certificates for tests of other rooms, as {@code recado tls self-signed} makes them. */
public final class TestCertificates {

    private TestCertificates() {}

    /** Writes {@code certificate.pem} and {@code key.pem} into {@code directory}, for this machine. */
    public static void make(Path directory) throws IOException {
        try {
            SelfSigned.make(directory, SelfSigned.THIS_MACHINE, 30);
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }
}

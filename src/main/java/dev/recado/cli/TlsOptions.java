package dev.recado.cli;

import dev.recado.base.ClientTls;
import dev.recado.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how a command speaks TLS to its broker; mixed into every command that talks to one. */
public final class TlsOptions {

    private static final String ON = "RECADO_TLS";

    @Option(
            names = "--tls",
            description = "Speak TLS, and trust whom Java trusts unless --trust is given (default: the environment"
                    + " variable RECADO_TLS, true or false).")
    boolean wanted;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            defaultValue = "${env:RECADO_TLS_TRUST:-}",
            description = "Speak TLS and trust only the certificates in this file of PEM: the broker's own, or who"
                    + " signed it (default: the environment variable RECADO_TLS_TRUST).")
    String trust = "";

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            defaultValue = "${env:RECADO_TLS_CERTIFICATE:-}",
            description = "Certificate in PEM for a broker that asks for one (default: the environment variable"
                    + " RECADO_TLS_CERTIFICATE).")
    String certificate = "";

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            defaultValue = "${env:RECADO_TLS_KEY:-}",
            description = "Private key of that certificate in PEM (default: the environment variable RECADO_TLS_KEY).")
    String key = "";

    /** {@code options} with what was asked for. */
    ClientOptions addTo(ClientOptions options) {
        check();
        if (isAsked()) {
            options.tls();
        }
        if (!trust.isEmpty()) {
            options.tls(Path.of(trust));
        }
        if (!certificate.isEmpty()) {
            options.clientCertificate(Path.of(certificate), Path.of(key));
        }
        return options;
    }

    /** The same for who has sockets of its own; null for no TLS. */
    @Nullable
    ClientTls read() {
        check();
        if (!isAsked() && trust.isEmpty() && certificate.isEmpty()) {
            return null;
        }
        return ClientTls.of(bytes(trust), bytes(certificate), bytes(key));
    }

    private boolean isAsked() {
        return wanted || "true".equals(System.getenv(ON));
    }

    private void check() {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("--tls-certificate and --tls-key go together: give both or none");
        }
    }

    private static byte @Nullable [] bytes(String file) {
        try {
            return file.isEmpty() ? null : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }
}

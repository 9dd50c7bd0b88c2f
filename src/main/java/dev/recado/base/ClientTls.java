package dev.recado.base;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS, 1.3 or 1.2: whom it trusts and who it is. That the certificate is for the host which was
 * named is always checked. Immutable.
 */
public final class ClientTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = {};

    private final SSLContext context;

    private ClientTls(SSLContext context) {
        this.context = context;
    }

    /**
     * From the contents of files in PEM.
     *
     * @param trust certificates of authorities, or of brokers themselves; null for those that the JDK trusts
     * @param certificate the client's own and those behind it, null for none
     * @param key its private key, null where there is no certificate
     * @throws IllegalArgumentException for a person, where one of them cannot be used
     */
    public static ClientTls of(byte @Nullable [] trust, byte @Nullable [] certificate, byte @Nullable [] key) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(certificate, key), trust == null ? null : trustManagers(trust), null);
            return new ClientTls(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trustManagers(byte[] trust) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        List<X509Certificate> trusted = Pem.certificates(trust);
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("trusted" + i, trusted.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keyManagers(byte @Nullable [] certificate, byte @Nullable [] key)
            throws GeneralSecurityException, IOException {
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = Pem.certificates(certificate);
        PrivateKey secret = Pem.key(key);
        if (!Pem.belongTogether(secret, chain.get(0))) {
            throw new IllegalArgumentException("the key is not that of the first certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", secret, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Makes sockets over connected ones; {@link #parameters} are to be set on each before its handshake. */
    public SSLSocketFactory sockets() {
        return context.getSocketFactory();
    }

    /** For a connection without blocking. */
    public SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters());
        return engine;
    }

    /** The versions, and that the name of the host is checked. */
    public static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /** What a failure of TLS means, and what to do, for a person. */
    public static String describe(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        String words = text.toLowerCase(Locale.ROOT);
        if (words.contains("unsupported or unrecognized ssl message") || words.contains("not an ssl/tls record")) {
            return "speaks no TLS there: connect without TLS, or set text.tls.certificate at the broker";
        }
        if (words.contains("path building failed") || words.contains("validation failed")) {
            return "shows a certificate that is not trusted: name it, or who signed it, as trust file (" + text + ")";
        }
        if (words.contains("certificate_required") || words.contains("bad_certificate")) {
            return "wants a client certificate that its client-ca has signed (" + text + ")";
        }
        if (words.contains("no subject alternative") || words.contains("no name matching")) {
            return "shows a certificate for another host (" + text + ")";
        }
        return "TLS failed: " + text;
    }
}

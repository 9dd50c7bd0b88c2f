package dev.recado.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The names for which the certificate of a client stands. */
final class ClientNames {

    private static final int NAMES_MAX = 16;
    private static final int NAME_CHARS_MAX = 255;

    /** Kinds of subject alternative names that are texts (RFC 5280, 4.2.1.6): mail addresses, host names, URIs. */
    private static final List<Integer> TEXTS = List.of(1, 2, 6);

    private ClientNames() {}

    /**
     * Its subject alternative names that are mail addresses, host names and URIs, in the order of the certificate, 16
     * at most. Empty where the client has shown none, or one that the listener has not asked for and so not verified.
     */
    static List<String> of(SSLSession session) {
        List<String> names = new ArrayList<>();
        try {
            Certificate[] chain = session.getPeerCertificates();
            Collection<List<?>> all = chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? certificate.getSubjectAlternativeNames()
                    : null;
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0) instanceof Integer kind
                        && TEXTS.contains(kind)
                        && name.get(1) instanceof String text
                        && text.length() <= NAME_CHARS_MAX
                        && names.size() < NAMES_MAX) {
                    names.add(text);
                }
            }
            return List.copyOf(names);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return List.of();
        }
    }
}

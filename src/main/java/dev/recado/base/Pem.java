package dev.recado.base;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys in PEM (RFC 7468): what both ends of TLS read from files. Text around the parts is passed over.
 * What is wrong is said by an {@link IllegalArgumentException} for a person, which holds nothing of a key.
 */
public final class Pem {

    /** As many as a file of a whole machine's authorities has, several times over. */
    private static final int CERTIFICATES_MAX = 1_000;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private Pem() {}

    /** All certificates, in the order of the file; at least one. */
    public static List<X509Certificate> certificates(byte[] pem) {
        List<X509Certificate> all = new ArrayList<>();
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int at = 0; at >= 0 && all.size() < CERTIFICATES_MAX; ) {
                Part part = next(text, at);
                if (part == null) {
                    break;
                }
                if (part.label.equals(CERTIFICATE)) {
                    Certificate read = factory.generateCertificate(new ByteArrayInputStream(bytes(part)));
                    all.add((X509Certificate) read);
                }
                at = part.end;
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate " + (all.size() + 1) + " cannot be read", e);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no certificate in it: PEM is expected, -----BEGIN CERTIFICATE-----");
        }
        return all;
    }

    /** The first private key, which is in PKCS #8 and not encrypted. */
    public static PrivateKey key(byte[] pem) {
        Part part = firstKey(new String(pem, StandardCharsets.ISO_8859_1));
        if (part == null) {
            throw new IllegalArgumentException("no key in it: PEM is expected, -----BEGIN PRIVATE KEY-----");
        }
        if (!part.label.equals(KEY)) {
            boolean encrypted = part.label.startsWith("ENCRYPTED") || part.body.contains("ENCRYPTED");
            throw new IllegalArgumentException(
                    (encrypted ? "the key is encrypted" : "the key is a " + part.label + ", not in PKCS #8")
                            + "; `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW` writes one that can be read");
        }
        byte[] encoded = bytes(part);
        try {
            for (String algorithm : ALGORITHMS) {
                PrivateKey key = keyOf(algorithm, encoded);
                if (key != null) {
                    return key;
                }
            }
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
        throw new IllegalArgumentException("the key is none of " + String.join(", ", ALGORITHMS) + ", or damaged");
    }

    private static @Nullable PrivateKey keyOf(String algorithm, byte[] encoded) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            return null; // of another algorithm, or of none
        }
    }

    /** Whether {@code key} signs what {@code certificate} verifies. */
    public static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        PublicKey known = certificate.getPublicKey();
        byte[] probe = "do they belong together?".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signing = Signature.getInstance(signature(key.getAlgorithm()));
            signing.initSign(key);
            signing.update(probe);
            byte[] signed = signing.sign();
            Signature verifying = Signature.getInstance(signature(known.getAlgorithm()));
            verifying.initVerify(known);
            verifying.update(probe);
            return verifying.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String signature(String algorithm) {
        return switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm;
        };
    }

    /** {@code encoded} as a part with that label. */
    public static String encode(String label, byte[] encoded) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return BEGIN + label + DASHES + '\n' + body + '\n' + END + label + DASHES + '\n';
    }

    /** A part between its two lines; {@code end} is where the next may begin. */
    private record Part(String label, String body, int end) {}

    private static @Nullable Part firstKey(String text) {
        Part part = next(text, 0);
        while (part != null && !part.label.endsWith(KEY)) {
            part = next(text, part.end);
        }
        return part;
    }

    private static @Nullable Part next(String text, int from) {
        int begin = text.indexOf(BEGIN, from);
        int labelled = begin < 0 ? -1 : text.indexOf(DASHES, begin + BEGIN.length());
        if (labelled < 0) {
            return null;
        }
        String label = text.substring(begin + BEGIN.length(), labelled);
        String line = END + label + DASHES;
        int end = text.indexOf(line, labelled);
        if (end < 0) {
            throw new IllegalArgumentException("cut off: " + label + " has no end");
        }
        return new Part(label, text.substring(labelled + DASHES.length(), end), end + line.length());
    }

    private static byte[] bytes(Part part) {
        try {
            return Base64.getMimeDecoder().decode(part.body.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(part.label + " is damaged", e);
        }
    }
}

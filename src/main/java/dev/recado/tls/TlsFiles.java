package dev.recado.tls;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that make a listener one of TLS. Nothing is opened here.
 *
 * @param listener what its settings begin with, as in {@code text}
 * @param certificate its certificate in PEM, and behind it those that lead to one which clients trust
 * @param key the private key of the first of these
 * @param clientCa who signs the certificates of clients, which are required then; null where none are asked for
 */
public record TlsFiles(
        String listener,
        Path certificate,
        Path key,
        @Nullable Path clientCa) {

    private static final int PATH_CHARS_MAX = 4_096;

    /** What the listener with the settings {@code <listener>.…} uses, or null where it is not of TLS. */
    public static @Nullable TlsFiles of(SettingValues values, String listener) {
        if (!isPossible(values, listener)
                || values.text(certificateKey(listener)).isEmpty()) {
            return null;
        }
        String clientCa = values.text(clientCaKey(listener));
        return new TlsFiles(
                listener,
                Path.of(values.text(certificateKey(listener))),
                Path.of(values.text(keyKey(listener))),
                clientCa.isEmpty() ? null : Path.of(clientCa));
    }

    /** Whether a listener has the rows for it. */
    public static boolean isPossible(SettingValues values, String listener) {
        return values.has(certificateKey(listener));
    }

    /** The settings that it takes at least, for a person. */
    public static String settings(String listener) {
        return certificateKey(listener) + " and " + keyKey(listener);
    }

    /** The rows of a listener that may be of TLS. */
    public static List<Setting> rows(String listener) {
        return List.of(
                path(certificateKey(listener), "Certificates in PEM, the listener's own first: it speaks TLS then"),
                path(keyKey(listener), "Private key of that certificate in PEM, a file of mode 0600"),
                path(
                        clientCaKey(listener),
                        "Certificates in PEM of who signs clients' certificates, which are required then"));
    }

    private static Setting path(String key, String description) {
        return Setting.text(key, "", 0, PATH_CHARS_MAX, description);
    }

    /** What is wrong between the three settings of a listener. */
    public static List<String> problems(SettingValues values, String listener) {
        boolean certificate = !values.text(certificateKey(listener)).isEmpty();
        boolean key = !values.text(keyKey(listener)).isEmpty();
        boolean clientCa = !values.text(clientCaKey(listener)).isEmpty();
        if (certificate && !key) {
            return List.of(keyKey(listener) + ": is missing: " + certificateKey(listener) + " needs its private key");
        }
        if (!certificate && (key || clientCa)) {
            return List.of(certificateKey(listener) + ": is missing: "
                    + (key ? keyKey(listener) : clientCaKey(listener)) + " is nothing without it");
        }
        return List.of();
    }

    String certificateKey() {
        return certificateKey(listener);
    }

    String keyKey() {
        return keyKey(listener);
    }

    String clientCaKey() {
        return clientCaKey(listener);
    }

    private static String certificateKey(String listener) {
        return listener + ".tls.certificate";
    }

    private static String keyKey(String listener) {
        return listener + ".tls.key";
    }

    private static String clientCaKey(String listener) {
        return listener + ".tls.client-ca";
    }
}

package dev.recado.security;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be so before a listener is bound beyond loopback: passwords do not cross the network readable, and who
 * comes has to prove who it is.
 */
public final class ListenerRule {

    private ListenerRule() {}

    /**
     * Null where passwords that are shown at a listener stay secret, else the reason and what mends it.
     *
     * @param setting the key of the host's setting, as in {@code text.host}
     * @param isSealed whether it speaks TLS, or takes no passwords
     * @param mend what makes it so, for a person
     */
    public static @Nullable Refusal checkSecrecy(String setting, String host, boolean isSealed, String mend) {
        if (isLoopback(host) || isSealed) {
            return null;
        }
        return Refusal.fatal(
                ErrorCode.NOT_AUTHENTICATED,
                setting + ": " + host + " is not a loopback address, and passwords would cross the network readable: "
                        + mend);
    }

    /**
     * Why no listener is bound beyond loopback while no user exists, and what mends it.
     *
     * @param open the settings that would do so, as in {@code text.host=0.0.0.0}
     */
    public static Refusal withoutUsers(List<String> open) {
        return Refusal.fatal(
                ErrorCode.NOT_AUTHENTICATED,
                String.join(", ", open) + ": not loopback, and no user exists, so anybody who reaches it could read and"
                        + " write everything. Make an administrator first: recado user add NAME --role administrator"
                        + " --data DIR, DIR being the broker's data directory, or set security.first-admin.name and"
                        + " security.first-admin.password-file; on a network that you trust wholly, --set"
                        + " security.insecure=true");
    }

    /**
     * Whether {@code host} is {@code localhost} or a loopback address in its usual notation. Other names count as not
     * loopback whatever they resolve to, because what a name resolves to can change after the check.
     */
    public static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost") || isLoopbackV6(host) || isLoopbackV4(host);
    }

    private static boolean isLoopbackV6(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.equals("::1") || bare.equals("0:0:0:0:0:0:0:1");
    }

    /** Four decimal parts of at most three digits, the first of them 127 (RFC 1122, 3.2.1.3 g). */
    private static boolean isLoopbackV4(String host) {
        if (!host.startsWith("127.")) {
            return false;
        }
        int parts = 1;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.') {
                if (digits == 0) {
                    return false;
                }
                parts++;
                digits = 0;
                value = 0;
            } else if (c < '0' || c > '9' || digits == 3) {
                return false;
            } else {
                digits++;
                value = value * 10 + (c - '0');
                if (value > 255) {
                    return false;
                }
            }
        }
        return parts == 4 && digits > 0;
    }
}

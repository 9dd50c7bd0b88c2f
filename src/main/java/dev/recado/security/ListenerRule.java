package dev.recado.security;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import org.jspecify.annotations.Nullable;

/** Where a listener may be bound: loopback only until a user with a password exists. */
public final class ListenerRule {

    private ListenerRule() {}

    /**
     * Null where a listener may be bound to {@code host}, else the reason and what mends it.
     *
     * @param setting the key of the host's setting, as in {@code text.host}
     */
    public static @Nullable Refusal check(String setting, String host, UserStore users) {
        if (isLoopback(host) || !users.isEmpty()) {
            return null;
        }
        return Refusal.fatal(
                ErrorCode.NOT_AUTHENTICATED,
                setting + ": " + host + " is not a loopback address, and no user with a password exists, so anybody who"
                        + " reaches it could read and write everything; start with --set " + setting + "=127.0.0.1"
                        + " (users arrive with a later version)");
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

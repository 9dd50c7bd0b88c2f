package dev.recado.app;

import dev.recado.base.Refusal;
import dev.recado.base.SettingValues;
import dev.recado.config.Config;
import dev.recado.security.ListenerRule;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which listeners of a configuration would be open to others than this machine in a way that none may be. */
final class OpenListeners {

    /** One that is bound beyond loopback. */
    private record Open(DeclaredListener listener, String host, boolean isTls, Transport.OwnSealing sealing) {}

    private OpenListeners() {}

    private static List<Open> of(Config config) {
        List<Open> open = new ArrayList<>();
        SettingValues values = config.transports().values();
        for (Transport transport : config.transports().found()) {
            for (DeclaredListener listener : transport.listeners(values)) {
                String host = listener.settings(values).host();
                if (listener.enabled() && !ListenerRule.isLoopback(host)) {
                    boolean isTls = listener.settings(values).tls() != null;
                    open.add(new Open(listener, host, isTls, transport.sealing(values)));
                }
            }
        }
        return open;
    }

    /** Why each of them may not be bound where the configuration wants it, whoever the users are. */
    static List<String> refusals(Config config) {
        List<String> refusals = new ArrayList<>();
        SettingValues values = config.transports().values();
        for (Open open : config.security().isInsecure() ? List.<Open>of() : of(config)) {
            Refusal refusal = ListenerRule.checkSecrecy(
                    open.listener().hostKey(),
                    open.host(),
                    open.isTls() || open.sealing().isOn() || isPlaintext(open, values),
                    mend(open, values));
            if (refusal != null) {
                refusals.add(refusal.detail());
            }
        }
        return refusals;
    }

    private static boolean isPlaintext(Open open, SettingValues values) {
        return DeclaredListener.isPlaintext(values, open.listener().transport());
    }

    private static String mend(Open open, SettingValues values) {
        String tls = open.listener().tlsSettings(values);
        String plaintext = DeclaredListener.plaintextKey(open.listener().transport());
        String trusted = values.has(plaintext) ? "; on a network that you trust, --set " + plaintext + "=true" : "";
        if (!tls.isEmpty()) {
            return "set " + tls + ", which recado tls self-signed makes for a first try" + trusted;
        }
        return open.sealing().settings().isEmpty()
                ? "start with --set " + open.listener().hostKey() + "=127.0.0.1" + trusted
                : "set " + open.sealing().settings() + trusted;
    }

    /** Why some may not be bound while there are no users, or null. */
    static @Nullable String refusalWithoutUsers(Config config) {
        List<String> unknown = new ArrayList<>();
        for (Open open : of(config)) {
            if (!open.sealing().isListed()) {
                unknown.add(open.listener().hostKey() + "=" + open.host());
            }
        }
        return unknown.isEmpty() || config.security().isInsecure()
                ? null
                : ListenerRule.withoutUsers(unknown).detail();
    }

    /** What is less safe than it could be, by somebody's wish; to be said at each start. */
    static List<String> warnings(Config config) {
        List<String> warnings = new ArrayList<>();
        SettingValues values = config.transports().values();
        for (Open open : of(config)) {
            String where = open.listener().name() + " on " + open.host();
            if (config.security().isInsecure()) {
                warnings.add("security.insecure=true: whoever reaches " + where
                        + " may do everything while no user exists, and passwords may be readable");
            } else if (!open.isTls() && isPlaintext(open, values)) {
                warnings.add(DeclaredListener.plaintextKey(open.listener().transport()) + "=true: passwords to " + where
                        + " cross the network readable");
            }
        }
        return warnings;
    }
}

package dev.recado.app;

import dev.recado.base.Refusal;
import dev.recado.config.Config;
import dev.recado.security.ListenerRule;
import dev.recado.security.UserStore;
import dev.recado.transport.DeclaredListener;
import java.util.ArrayList;
import java.util.List;

/** Which listeners of a configuration would be open to others than this machine, which none may be yet. */
final class OpenListeners {

    private OpenListeners() {}

    /** Why each of them may not be bound where the configuration wants it. */
    static List<String> refusals(Config config) {
        List<String> refusals = new ArrayList<>();
        for (DeclaredListener listener : config.transports().enabledListeners()) {
            String host = listener.settings(config.transports().values()).host();
            Refusal refusal = ListenerRule.check(listener.hostKey(), host, UserStore.empty());
            if (refusal != null) {
                refusals.add(refusal.detail());
            }
        }
        return refusals;
    }
}

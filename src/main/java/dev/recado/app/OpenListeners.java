package dev.recado.app;

import dev.recado.base.Refusal;
import dev.recado.config.Config;
import dev.recado.security.ListenerRule;
import dev.recado.security.UserStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which listeners of a configuration would be open to others than this machine, which none may be yet. */
final class OpenListeners {

    private OpenListeners() {}

    /** Why each of them may not be bound where the configuration wants it. */
    static List<String> refusals(Config config) {
        Map<String, String> hosts = new LinkedHashMap<>();
        hosts.put("text.host", config.text().host());
        if (config.zmtp().enabled()) {
            new TreeMap<>(config.zmtp().addresses())
                    .forEach((role, address) -> hosts.put("zmtp." + role + ".host", address.host()));
        }
        List<String> refusals = new ArrayList<>();
        hosts.forEach((setting, host) -> {
            Refusal refusal = ListenerRule.check(setting, host, UserStore.empty());
            if (refusal != null) {
                refusals.add(refusal.detail());
            }
        });
        return refusals;
    }
}

package dev.recado.config;

import dev.recado.base.SettingValues;
import dev.recado.transport.DeclaredListener;
import dev.recado.transport.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * The transports, each of which reads its own settings.
 *
 * @param found in the order of their rows
 * @param values every setting of the configuration
 */
public record TransportsConfig(List<Transport> found, SettingValues values) {

    public TransportsConfig {
        found = List.copyOf(found);
    }

    /** What is to be bound, of all transports. */
    public List<DeclaredListener> enabledListeners() {
        List<DeclaredListener> enabled = new ArrayList<>();
        for (Transport transport : found) {
            enabled.addAll(transport.listeners(values));
        }
        enabled.removeIf(listener -> !listener.enabled());
        return enabled;
    }
}

package dev.recado.app;

import dev.recado.transport.Transport;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Why listeners could not be bound: all of them at once, and what to do. */
final class ListenFailure {

    private ListenFailure() {}

    /** {@code binding} is of {@code transports} in their order; at least one has failed. */
    static Throwable of(List<Transport> transports, List<? extends Future<?>> binding) {
        Set<String> lines = new LinkedHashSet<>();
        Set<String> switches = new LinkedHashSet<>();
        Throwable first = null;
        boolean taken = false;
        for (int i = 0; i < binding.size(); i++) {
            Throwable cause = binding.get(i).cause();
            if (cause == null) {
                continue;
            }
            if (!(cause instanceof IOException)) {
                return cause;
            }
            first = first == null ? cause : first;
            String text = String.valueOf(cause.getMessage());
            lines.addAll(text.lines().toList());
            if (text.contains("already in use")) {
                taken = true;
                switches.addAll(switchOf(transports.get(i)));
            }
        }
        if (taken) {
            String off = switches.isEmpty() ? "" : "; " + String.join(" and ", switches) + " binds none of that family";
            lines.add("another Recado may be running there; --free-ports lets every listener pick a free port" + off);
        }
        return new IOException(String.join("\n", lines), first);
    }

    /** The setting that switches it off, where it has one. */
    private static List<String> switchOf(Transport transport) {
        String key = transport.name() + ".enabled";
        return transport.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .map(setting -> "--set " + key + "=false")
                .toList();
    }
}

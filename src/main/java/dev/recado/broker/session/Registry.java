package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which session has which id of a consumer or producer, or which name of an inbox: the newer session wins. Owned by the
 * first loop.
 */
final class Registry {

    private final Loop home;
    private final Map<String, OpenLink> holders = new HashMap<>();
    private final Map<OpenLink, List<String>> idsOf = new HashMap<>();

    Registry(Loop home) {
        this.home = home;
    }

    /** Gives {@code id} to {@code link}, ends the session that had it, then runs {@code onDone} on the link's loop. */
    void claim(String id, OpenLink link, Runnable onDone) {
        home.dispatch(() -> {
            OpenLink before = holders.put(id, link);
            idsOf.computeIfAbsent(link, unused -> new ArrayList<>()).add(id);
            if (before == null || before == link) {
                link.loop().dispatch(onDone);
                return;
            }
            Refusal replaced = Refusal.fatal(ErrorCode.SESSION_REPLACED, "a newer session uses the id");
            before.loop().dispatch(() -> {
                before.closeByBroker(replaced);
                before.close();
                link.loop().dispatch(onDone);
            });
        });
    }

    /** As {@link #claim} where nobody else has {@code id}; where somebody does, {@code onHeld} runs instead. */
    void claimFree(String id, OpenLink link, Runnable onDone, Runnable onHeld) {
        home.dispatch(() -> {
            OpenLink before = holders.get(id);
            if (before != null && before != link) {
                link.loop().dispatch(onHeld);
            } else {
                claim(id, link, onDone);
            }
        });
    }

    void release(OpenLink link) {
        home.dispatch(() -> {
            List<String> ids = idsOf.remove(link);
            if (ids != null) {
                ids.forEach(id -> holders.remove(id, link));
            }
        });
    }
}

package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which session has which id of a consumer or producer, or which name of an inbox: the newer session wins. Owned by the
 * first loop.
 */
final class Registry {

    /** Ids of one session. */
    private static final int IDS_MAX = 64;

    private static final Refusal FULL =
            Refusal.of(ErrorCode.LIMIT_REACHED, "ids of producers and consumers of a session, limit=" + IDS_MAX);
    private static final Refusal HELD = Refusal.of(ErrorCode.NAME_IN_USE, "another session holds the inbox");

    private final Loop home;
    private final Map<String, OpenLink> holders = new HashMap<>();
    private final Map<OpenLink, Set<String>> idsOf = new HashMap<>();

    Registry(Loop home) {
        this.home = home;
    }

    /**
     * Gives {@code id} to {@code link}, ends the session that had it, then runs {@code onDone}; {@code onRefused} where
     * the link has as many ids as it may have. Both run on the link's loop.
     */
    void claim(String id, OpenLink link, Runnable onDone, Consumer<Refusal> onRefused) {
        home.dispatch(() -> claimNow(id, link, onDone, onRefused));
    }

    /** As {@link #claim}, but where another session has the inbox {@code id} it is left to that. */
    void claimFree(String id, OpenLink link, Runnable onDone, Consumer<Refusal> onRefused) {
        home.dispatch(() -> {
            OpenLink before = holders.get(id);
            if (before != null && before != link) {
                link.loop().dispatch(() -> onRefused.accept(HELD));
            } else {
                claimNow(id, link, onDone, onRefused);
            }
        });
    }

    private void claimNow(String id, OpenLink link, Runnable onDone, Consumer<Refusal> onRefused) {
        Set<String> ids = idsOf.computeIfAbsent(link, unused -> new LinkedHashSet<>(4));
        if (ids.size() >= IDS_MAX && !ids.contains(id)) {
            link.loop().dispatch(() -> onRefused.accept(FULL));
            return;
        }
        ids.add(id);
        OpenLink before = holders.put(id, link);
        if (before == null || before == link) {
            link.loop().dispatch(onDone);
            return;
        }
        idsOf.getOrDefault(before, Set.of()).remove(id);
        Refusal replaced = Refusal.fatal(ErrorCode.SESSION_REPLACED, "a newer session uses the id");
        before.loop().dispatch(() -> {
            before.closeByBroker(replaced);
            before.close();
            link.loop().dispatch(onDone);
        });
    }

    void release(OpenLink link) {
        home.dispatch(() -> {
            Set<String> ids = idsOf.remove(link);
            if (ids != null) {
                ids.forEach(id -> holders.remove(id, link));
            }
        });
    }
}

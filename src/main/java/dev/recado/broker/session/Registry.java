package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.security.Identity;
import java.util.HashMap;
import java.util.Map;
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
    private static final Refusal OTHERS = Refusal.of(ErrorCode.NAME_IN_USE, "a session of another user has the id");

    private final Loop home;
    private final Map<String, Holder> holders = new HashMap<>();
    /** How often each session has claimed each of its ids and not given it back. */
    private final Map<OpenLink, Map<String, Integer>> idsOf = new HashMap<>();

    /** A session, and as whom it took the id. */
    private record Holder(OpenLink link, Identity identity) {}

    Registry(Loop home) {
        this.home = home;
    }

    /** What {@link #claim} takes for an id of a {@code what}: a namespace has no control characters. */
    static String key(String what, String namespace, String id) {
        return what + ':' + namespace + '\n' + id;
    }

    /**
     * Gives {@code id} to {@code link}, ends the session that had it, then runs {@code onDone}; {@code onRefused} where
     * that session is another user's, unless the link's may end any session, and where the link has as many ids as it
     * may have. To be called on the link's loop, where both run.
     */
    void claim(String id, OpenLink link, Runnable onDone, Consumer<Refusal> onRefused) {
        Holder claimant = new Holder(link, link.identity());
        home.dispatch(() -> claimNow(id, claimant, onDone, onRefused));
    }

    /** As {@link #claim}, but where another session has the inbox {@code id} it is left to that. */
    void claimFree(String id, OpenLink link, Runnable onDone, Consumer<Refusal> onRefused) {
        Holder claimant = new Holder(link, link.identity());
        home.dispatch(() -> {
            Holder before = holders.get(id);
            if (before != null && before.link() != link) {
                link.loop().dispatch(() -> onRefused.accept(HELD));
            } else {
                claimNow(id, claimant, onDone, onRefused);
            }
        });
    }

    private void claimNow(String id, Holder claimant, Runnable onDone, Consumer<Refusal> onRefused) {
        OpenLink link = claimant.link();
        Holder holder = holders.get(id);
        OpenLink before = holder == null ? null : holder.link();
        if (holder != null && before != link && !new Access(claimant.identity()).mayReplace(holder.identity())) {
            link.loop().dispatch(() -> onRefused.accept(OTHERS));
            return;
        }
        Map<String, Integer> ids = idsOf.computeIfAbsent(link, unused -> new HashMap<>(4));
        if (ids.size() >= IDS_MAX && !ids.containsKey(id)) {
            link.loop().dispatch(() -> onRefused.accept(FULL));
            return;
        }
        ids.merge(id, 1, Integer::sum);
        holders.put(id, claimant);
        if (before == null || before == link) {
            link.loop().dispatch(onDone);
            return;
        }
        takeFrom(before, id);
        Refusal replaced = Refusal.fatal(ErrorCode.SESSION_REPLACED, "a newer session uses the id");
        before.loop().dispatch(() -> {
            before.closeByBroker(replaced);
            before.close();
            link.loop().dispatch(onDone);
        });
    }

    private void takeFrom(OpenLink link, String id) {
        Map<String, Integer> ids = idsOf.get(link);
        if (ids != null) {
            ids.remove(id);
        }
    }

    /** Ends one claim of {@code link} to {@code id}; nothing where it has lost it, or has ended. */
    void giveBack(String id, OpenLink link) {
        home.dispatch(() -> {
            Map<String, Integer> ids = idsOf.get(link);
            if (ids != null && ids.computeIfPresent(id, (same, claims) -> claims == 1 ? null : claims - 1) == null) {
                forget(id, link);
            }
        });
    }

    private void forget(String id, OpenLink link) {
        holders.computeIfPresent(id, (same, by) -> by.link() == link ? null : by);
    }

    /** Ends all that {@code link} has claimed. */
    void release(OpenLink link) {
        home.dispatch(() -> {
            Map<String, Integer> ids = idsOf.remove(link);
            if (ids != null) {
                ids.keySet().forEach(id -> forget(id, link));
            }
        });
    }
}

package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which ids of producers a session has been given: under another's it would take the numbers that are expected of that
 * one. {@link Registry} bounds them. One owner.
 */
public final class ClaimedProducers {

    /** The one that published last: most sessions have one, and give the same string again. */
    private @Nullable String last;

    private @Nullable Set<String> all;

    /** The session has been given {@code id}. */
    public void add(String id) {
        last = id;
        Set<String> known = all;
        if (known == null) {
            known = new HashSet<>(2);
            all = known;
        }
        known.add(id);
    }

    /** Why the session may not publish as {@code id}: it has not claimed that and may not do everything. */
    public @Nullable Refusal refusal(String id, Access access) {
        return id.equals(last) || access.isAll() || all != null && all.contains(id)
                ? null
                : Refusal.of(ErrorCode.NOT_ALLOWED, "producer=" + Names.shown(id) + " is not claimed by this session");
    }
}

package dev.recado.core.topic;

import dev.recado.base.Check;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import org.jspecify.annotations.Nullable;

/** Whether a catalog has room for more; each answers null where it has. */
final class CatalogBounds {

    private CatalogBounds() {}

    static @Nullable Refusal full(String what, int now, int more, int max) {
        Check.that(now >= 0, "negative count", now);
        return now + more <= max
                ? null
                : Refusal.of(ErrorCode.LIMIT_REACHED, "too many " + what + ", now=" + now + " allowed=" + max);
    }

    /** Numbers are given once. */
    static @Nullable Refusal exhausted(String what, int nextId, int more) {
        return nextId <= Integer.MAX_VALUE - more
                ? null
                : Refusal.of(ErrorCode.LIMIT_REACHED, "no more " + what + " numbers, now=" + nextId);
    }
}

package dev.recado.broker;

import dev.recado.base.Refusal;
import dev.recado.core.routing.PrefixSet;
import org.jspecify.annotations.Nullable;

/**
 * What one tap wants to see of its topic: everything, or, of a filtered one, what begins with its prefixes. Owned by the
 * session's loop.
 */
final class TapWish {

    private final boolean filtered;
    private final PrefixSet wanted = new PrefixSet();
    private boolean ended;

    TapWish(boolean filtered) {
        this.filtered = filtered;
    }

    /** Whether nothing at all is wanted, so that batches need not be handed on. */
    boolean isNothing() {
        return filtered && wanted.isEmpty();
    }

    PrefixSet wanted() {
        return wanted;
    }

    @Nullable
    Refusal add(byte[] prefix) {
        if (filtered && !ended) {
            wanted.add(prefix);
        }
        return null;
    }

    boolean remove(byte[] prefix) {
        return wanted.remove(prefix);
    }

    void end() {
        ended = true;
    }
}

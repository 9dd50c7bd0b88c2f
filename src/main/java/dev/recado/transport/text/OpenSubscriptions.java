package dev.recado.transport.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a session that have not ended, by their number. Numbers rise from 1 and are never used again, so
 * that what was said of an ended subscription does not hit a later one; only how many are open is bounded. One owner.
 */
final class OpenSubscriptions {

    /** Subscriptions that a session may have open. */
    static final int OPEN_MAX = 4096;

    /** In the order of their numbers. */
    private final List<TextSubscription> open = new ArrayList<>(1);

    private long lastSid;

    boolean isFull() {
        return open.size() >= OPEN_MAX;
    }

    /** The number of the next one; it stays so until {@link #add}. */
    long nextSid() {
        return lastSid + 1;
    }

    /** {@code one} bears the next number. */
    void add(TextSubscription one) {
        lastSid = one.sid;
        open.add(one);
    }

    /** The open subscription with that number, or null. */
    @Nullable
    TextSubscription find(long sid) {
        int at = indexOf(sid);
        return at < 0 ? null : open.get(at);
    }

    /** It ended; idempotent. */
    void remove(TextSubscription one) {
        int at = indexOf(one.sid);
        if (at >= 0) {
            open.remove(at);
        }
    }

    private int indexOf(long sid) {
        int low = 0;
        int high = open.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            long found = open.get(middle).sid;
            if (found == sid) {
                return middle;
            }
            if (found < sid) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}

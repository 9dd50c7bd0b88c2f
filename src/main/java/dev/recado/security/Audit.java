package dev.recado.security;

import dev.recado.base.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Port to where logins and acts of administration are written down. Safe for use by any thread; it never blocks, and
 * loses what comes faster than it can be written, which it counts.
 */
public interface Audit {

    /** Writes nothing down. */
    Audit NONE = new Audit() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void note(Entry entry) {}
    };

    /** Whether something comes of a note. */
    boolean isOn();

    void note(Entry entry);

    /**
     * One act, done or refused.
     *
     * @param event as in {@code login} or {@code topic.delete}
     * @param by who did it
     * @param about what it was about; no secret
     * @param refusal why it was not done; null where it was
     */
    record Entry(
            String event,
            Actor by,
            Map<String, String> about,
            @Nullable Refusal refusal) {}

    /**
     * Who did something.
     *
     * @param user as whom; empty for nobody
     * @param peer address at the other end; empty where it is not known
     * @param protocol empty where it is not known
     */
    record Actor(String user, String peer, String protocol) {}
}

package dev.recado.transport;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers did wrong, in the operations log: libraries connect again ten times a second, so of each kind of event at
 * most one line in ten seconds is written, with the number of those that were not. A client that is sent to the log
 * finds its line there whatever else goes wrong meanwhile. Owned by its loop.
 */
public final class PeerLog {

    private static final Logger LOG = LoggerFactory.getLogger(PeerLog.class);
    private static final long QUIET_MS = 10_000;

    private final String protocol;
    private final String listener;
    /** By event and code, which are the broker's own words and therefore few. */
    private final Map<String, Kind> kinds = new HashMap<>();

    private static final class Kind {
        long quietUntilMs = Long.MIN_VALUE;
        long unsaid;
    }

    public PeerLog(String protocol, String listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    /** A connection was refused or ended by the broker, or its peer said why it ends. */
    public void tell(String event, String reason, long nowMs) {
        tell(event, 0, reason, nowMs);
    }

    /** As {@link #tell(String, String, long)}; events of different codes are of different kinds. */
    public void tell(String event, int code, String reason, long nowMs) {
        Kind kind = kinds.computeIfAbsent(event + code, unused -> new Kind());
        if (nowMs < kind.quietUntilMs) {
            kind.unsaid++;
            return;
        }
        LOG.info("{} {} listener={} reason={} unsaid={}", protocol, event, listener, reason, kind.unsaid);
        kind.quietUntilMs = nowMs + QUIET_MS;
        kind.unsaid = 0;
    }
}

package dev.recado.transport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers did wrong, in the operations log: libraries connect again ten times a second, so at most one line in
 * ten seconds is written, whatever the event, with the number of those that were not. Owned by its loop.
 */
public final class PeerLog {

    private static final Logger LOG = LoggerFactory.getLogger(PeerLog.class);
    private static final long QUIET_MS = 10_000;

    private final String protocol;
    private final String listener;
    private long quietUntilMs;
    private long unsaid;

    public PeerLog(String protocol, String listener) {
        this.protocol = protocol;
        this.listener = listener;
    }

    /** A connection was refused or ended by the broker, or its peer said why it ends. */
    public void tell(String event, String reason, long nowMs) {
        if (nowMs < quietUntilMs) {
            unsaid++;
            return;
        }
        LOG.info("{} {} listener={} reason={} unsaid={}", protocol, event, listener, reason, unsaid);
        quietUntilMs = nowMs + QUIET_MS;
        unsaid = 0;
    }
}

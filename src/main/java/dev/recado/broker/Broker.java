package dev.recado.broker;

import dev.recado.base.Ledger;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import io.vertx.core.Future;

/**
 * The broker as transports and the admin see it: asynchronous and location-transparent. Whether a shard's owner is this
 * loop, another loop or (on a cluster) another node cannot be told and need not be known.
 */
public interface Broker {

    /** Name and version, as in {@code recado/0.2.0}. */
    String version();

    /** What of the heap is held for others; transports add the shares that are theirs. */
    Ledger ledger();

    /** The id of this node in its cluster. */
    String nodeId();

    /** The routing snapshot as it is now: one volatile read. */
    Catalog catalog();

    /**
     * Opens the link of one session. To be called on one of the broker's event loops; from then on every call on the
     * link and every call to {@code port} happens on that loop.
     */
    Link open(SessionPort port, Patience patience, SessionInfo info);

    /** What needs no session. Any thread; what it offers is for the broker's event loops. */
    BrokerAdmin admin();

    /**
     * Changes the catalog for the program itself and not for a session: completes when the change is committed and
     * visible, fails with {@link dev.recado.base.BrokerException}. To be called on one of the broker's event loops.
     */
    Future<Catalog> change(CatalogChange change);

    /**
     * Code of a session, or of the transport around it, has ended by {@code failure}, on one of the broker's event
     * loops. Returns, and counts it, where nothing but that session is touched, which its transport then ends. Where
     * shared state was being changed, or the Java heap is exhausted, the process is ended: what it holds is not to be
     * trusted, what is on disk is.
     */
    void onSessionFailure(Throwable failure);

    /** As {@link #open(SessionPort, Patience, SessionInfo)} for the broker's own work. */
    default Link open(SessionPort port) {
        return open(port, Patience.REFUSE, SessionInfo.INTERNAL);
    }

    /**
     * The address at which answers reach whoever holds the inbox {@code name}, see {@link Link#nameInbox}; the same
     * after a restart of the node. Costs a SHA-256 of the name.
     */
    String inboxAddress(String name, long correlation);
}

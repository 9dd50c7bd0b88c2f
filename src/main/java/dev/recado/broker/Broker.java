package dev.recado.broker;

import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

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

    /**
     * Why a message that is to be on disk is not stored just now, or null where it is. Sessions that have published
     * hear of it; see {@link SessionPort#onShortage}.
     */
    @Nullable
    Refusal shortage();

    /** The routing snapshot as it is now: one volatile read. */
    Catalog catalog();

    /**
     * Opens the link of one session, which may do what {@code identity} may: {@link Identity#NOBODY} nothing, until
     * {@link Link#identify}. To be called on one of the broker's event loops; from then on every call on the link and
     * every call to {@code port} happens on that loop.
     */
    default Link open(SessionPort port, Patience patience, SessionInfo info, Identity identity) {
        return open(port, patience, info, identity, new Party());
    }

    /** As before for one link of several that belong together. */
    Link open(SessionPort port, Patience patience, SessionInfo info, Identity identity, Party party);

    /**
     * What {@code identity} may ask without a session. Any thread; what it offers is for the broker's event loops.
     */
    BrokerAdmin admin(Identity identity);

    /**
     * Changes the catalog without a session, as far as {@code identity} may: completes when the change is committed and
     * visible, fails with {@link dev.recado.base.BrokerException}. To be called on one of the broker's event loops.
     */
    Future<Catalog> change(CatalogChange change, Identity identity);

    /**
     * Whether what let {@code identity} in still does. Links that are open hear of its end by themselves. Any thread.
     */
    boolean isLetIn(Identity identity);

    /**
     * Why {@code identity} may not publish to the topic of that name, there or not; null where it may. For who has to
     * say so before there is anything to publish: a publish is held against the same rights. Any thread.
     */
    @Nullable
    Refusal mayPublish(Identity identity, TopicName topic);

    /** As {@link #mayPublish} for who consumes. */
    @Nullable
    Refusal mayConsume(Identity identity, TopicName topic);

    /** Why {@code identity} may not work in the namespace of that name; null where it may. See {@link Link#enter}. */
    @Nullable
    Refusal mayEnter(Identity identity, String namespace);

    /** Why {@code identity} may not make that change, as {@link #change} would refuse it; or null. Any thread. */
    @Nullable
    Refusal mayChange(Identity identity, CatalogChange change);

    /** Whether a list for {@code identity} shows the topic or exchange of that name. Any thread. */
    boolean isVisible(Identity identity, TopicName name);

    /**
     * Code of a session, or of the transport around it, has ended by {@code failure}, on one of the broker's event
     * loops. Returns, and counts it, where nothing but that session is touched, which its transport then ends. Where
     * shared state was being changed, or the Java heap is exhausted, the process is ended: what it holds is not to be
     * trusted, what is on disk is.
     */
    void onSessionFailure(Throwable failure);

    /**
     * The address at which answers reach whoever holds the inbox {@code name}, see {@link Link#nameInbox}; the same
     * after a restart of the node. Costs a SHA-256 of the name.
     */
    String inboxAddress(String name, long correlation);
}

package dev.recado.broker.session;

import dev.recado.base.Ledger;
import dev.recado.broker.Broker;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The broker as transports see it, on the loops of one node: opens links. */
public final class LoopBroker implements Broker {

    private final SessionNode node;
    private final List<Loop> loops;
    private final SharedBySessions shared;
    /**
     * From a random number of 62 bits on: an address that lies in a durable topic must not reach a stranger after a
     * restart.
     */
    private final AtomicLong tokens;

    public LoopBroker(SessionNode node, List<Loop> loops) {
        this.node = node;
        this.loops = List.copyOf(loops);
        this.shared = new SharedBySessions(node, loops);
        this.tokens = new AtomicLong(node.chance().nextLong() >>> 2);
    }

    /** What its sessions share. */
    public SharedBySessions shared() {
        return shared;
    }

    /** For the sessions of {@code loop}, on it. */
    public void onTick(Loop loop, long nowMs) {
        shared.browses().onTick(nowMs);
        loop.onTick(nowMs);
    }

    @Override
    public Ledger ledger() {
        return node.ledger();
    }

    @Override
    public String version() {
        return node.version();
    }

    @Override
    public String nodeId() {
        return node.settings().nodeId();
    }

    @Override
    public Catalog catalog() {
        return node.catalog();
    }

    @Override
    public Link open(SessionPort port, Patience patience) {
        Loop loop = currentLoop();
        long token = tokens.incrementAndGet();
        int before = loop.boundary().enter();
        LoopLink link = new LoopLink(shared, loop, port, patience, token);
        loop.links().put(token, link);
        if (link.waits()) {
            // The session gets its link first.
            loop.execute(link::pauseIfCrowded);
        }
        loop.boundary().leave(before);
        return new GuardedLink(link);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        Loop loop = currentLoop();
        loop.boundary().judge(failure);
        loop.counters().sessionBugs++;
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return shared.inboxes().prefix(name) + correlation;
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        Loop loop = currentLoop();
        int before = loop.boundary().enter();
        Future<Catalog> answer = shared.change(change, loop);
        loop.boundary().leave(before);
        return loop.boundary().outside(answer);
    }

    private Loop currentLoop() {
        for (Loop loop : loops) {
            if (loop.isCurrent()) {
                return loop;
            }
        }
        throw new IllegalStateException("a link is opened on one of the broker's event loops");
    }
}

package dev.recado.transport;

import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.Link;
import dev.recado.broker.Party;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A {@link FakeBroker} of its own for every event loop, turned by that loop. */
public final class LoopBroker implements Broker {

    private final Ledger ledger = new Ledger();
    private final Map<Thread, FakeBroker> brokers = new ConcurrentHashMap<>();

    @Override
    public String version() {
        return "recado/0.2.0";
    }

    @Override
    public String nodeId() {
        return "n1";
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Catalog catalog() {
        return mine().catalog();
    }

    @Override
    public @Nullable Refusal shortage() {
        return mine().shortage();
    }

    @Override
    public Link open(SessionPort port, Patience patience, SessionInfo info, Identity identity, Party party) {
        return mine().open(port, patience, info, identity, party);
    }

    @Override
    public BrokerAdmin admin(Identity identity) {
        return mine().admin(identity);
    }

    @Override
    public Future<Catalog> change(CatalogChange change, Identity identity) {
        return mine().change(change, identity);
    }

    @Override
    public boolean isLetIn(Identity identity) {
        return mine().isLetIn(identity);
    }

    @Override
    public @Nullable Refusal mayPublish(Identity identity, TopicName topic) {
        return mine().mayPublish(identity, topic);
    }

    @Override
    public @Nullable Refusal mayConsume(Identity identity, TopicName topic) {
        return mine().mayConsume(identity, topic);
    }

    @Override
    public @Nullable Refusal mayEnter(Identity identity, String namespace) {
        return mine().mayEnter(identity, namespace);
    }

    @Override
    public @Nullable Refusal mayChange(Identity identity, CatalogChange change) {
        return mine().mayChange(identity, change);
    }

    @Override
    public boolean isVisible(Identity identity, TopicName name) {
        return mine().isVisible(identity, name);
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return mine().inboxAddress(name, correlation);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        mine().onSessionFailure(failure);
    }

    /** Event loops that have opened sessions. */
    public int loops() {
        return brokers.size();
    }

    private FakeBroker mine() {
        return brokers.computeIfAbsent(Thread.currentThread(), unused -> {
            FakeBroker broker = new FakeBroker();
            EventExecutor loop = ThreadExecutorMap.currentExecutor();
            broker.onActivity = new Runnable() {
                private boolean scheduled;

                @Override
                public void run() {
                    if (!scheduled) {
                        scheduled = true;
                        loop.execute(() -> {
                            scheduled = false;
                            broker.turn();
                        });
                    }
                }
            };
            return broker;
        });
    }
}

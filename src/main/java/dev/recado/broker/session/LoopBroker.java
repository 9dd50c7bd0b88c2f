package dev.recado.broker.session;

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
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.security.Users;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The broker as transports see it, on the loops of one node: opens links. */
public final class LoopBroker implements Broker {

    private final SessionNode node;
    private final SharedBySessions shared;
    /** Sessions so far. */
    private final AtomicLong numbers = new AtomicLong();

    private final LoopAdmin admin;

    public LoopBroker(SessionNode node, List<Loop> loops) {
        this.node = node;
        this.shared = new SharedBySessions(node, loops);
        this.admin = new LoopAdmin(shared);
    }

    /** What its sessions share. */
    public SharedBySessions shared() {
        return shared;
    }

    /** For the sessions of {@code loop}, on it. */
    public void onTick(Loop loop, long nowMs) {
        shared.browses().onTick(nowMs);
        loop.onTick(nowMs);
        loop.onShortage(shortage());
        Users users = node.catalog().users();
        if (users.hasExpiringTokens() && loop.isTokenCheckDue(nowMs)) {
            shared.endExpired(loop, users);
        }
    }

    @Override
    public @Nullable Refusal shortage() {
        return node.shortage(Durability.FSYNC);
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
    public Link open(SessionPort port, Patience patience, SessionInfo info, Identity identity, Party party) {
        Loop loop = shared.currentLoop();
        long number = numbers.incrementAndGet();
        int before = loop.boundary().enter();
        long nowMs = node.time().monotonicMs();
        SessionRecord record = new SessionRecord(
                number,
                info,
                identity,
                party,
                loop.samples(),
                nowMs,
                node.time().wallMs());
        LoopLink link = new LoopLink(shared, loop, port, patience, record);
        loop.links().put(number, link);
        shared.parties().onOpened(party);
        if (link.waits()) {
            // The session gets its link first.
            loop.execute(link::pauseIfCrowded);
        }
        loop.boundary().leave(before);
        GuardedLink held = new GuardedLink(link);
        if (!held.identify(identity)) {
            held.renew(node.catalog().users(), node.time().wallMs());
            loop.execute(() -> SharedBySessions.endIfGone(link));
        }
        return held;
    }

    @Override
    public BrokerAdmin admin(Identity identity) {
        return new AdminDoor(admin, access(identity), node.audit());
    }

    @Override
    public boolean isLetIn(Identity identity) {
        return node.catalog().users().renewed(identity, node.time().wallMs()) != null;
    }

    @Override
    public @Nullable Refusal mayPublish(Identity identity, TopicName topic) {
        return access(identity).mayPublish(topic);
    }

    @Override
    public @Nullable Refusal mayConsume(Identity identity, TopicName topic) {
        return access(identity).mayConsume(topic);
    }

    @Override
    public @Nullable Refusal mayEnter(Identity identity, String namespace) {
        return access(identity).enter(namespace, node.catalog());
    }

    @Override
    public @Nullable Refusal mayChange(Identity identity, CatalogChange change) {
        return access(identity).change(change, node.catalog());
    }

    @Override
    public boolean isVisible(Identity identity, TopicName name) {
        return access(identity).isVisible(name);
    }

    /** What somebody may do by the users of now. */
    private Access access(Identity identity) {
        Identity now = node.catalog().users().renewed(identity, node.time().wallMs());
        return new Access(now == null ? Identity.NOBODY : now);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        Loop loop = shared.currentLoop();
        loop.boundary().judge(failure);
        loop.counters().sessionBugs++;
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return shared.inboxes().prefix(name) + correlation;
    }

    @Override
    public Future<Catalog> change(CatalogChange change, Identity identity) {
        Catalog seen = node.catalog();
        CatalogChange wish = change.seenIn(seen);
        Refusal refusal = access(identity).change(wish, seen);
        refusal = refusal == null ? shared.parties().refusal(wish, seen, null) : refusal;
        Future<Catalog> answer = Access.asked(refusal, () -> change(wish));
        return identity.equals(Identity.BROKER)
                ? answer
                : Acts.change(node.audit(), new SessionInfo("", "", "", identity.user()), wish, seen, answer);
    }

    private Future<Catalog> change(CatalogChange change) {
        Loop loop = shared.currentLoop();
        int before = loop.boundary().enter();
        Future<Catalog> answer = shared.change(change, loop);
        loop.boundary().leave(before);
        return loop.boundary().outside(answer);
    }
}

package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Link;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.Party;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Audit;
import dev.recado.security.Identity;
import dev.recado.security.Users;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The link that a session holds, and the broker's door: whatever is asked for is held against the session's {@link
 * Access} before anything happens, and behind it nobody asks again. What is allowed is a change of shared state until
 * the call returns, and what futures bring runs as the session's own code again, see {@link Boundary}.
 */
final class GuardedLink implements Link, SessionDoor {

    private static final Refusal NOT_IN_TRANSACTION =
            Refusal.of(ErrorCode.NOT_ALLOWED, "a transaction is open, and holds no requests");

    private static final Refusal RIGHTS_CHANGED =
            Refusal.of(ErrorCode.NOT_AUTHORIZED, "rights have changed since the transaction began");

    private final LoopLink link;
    private final Boundary boundary;
    private final ClaimedProducers producers = new ClaimedProducers();
    private final Parties parties;
    private final Party party;
    private Access access;
    private boolean asksForProducers;
    private boolean isGone;

    GuardedLink(LoopLink link) {
        this.link = link;
        this.access = new Access(link.identity());
        this.boundary = link.loop().boundary();
        this.parties = link.sessions().parties();
        this.party = link.record().party();
        link.heldBy(this);
    }

    @Override
    public Identity identity() {
        return access.identity();
    }

    @Override
    public boolean identify(Identity identity) {
        // It may have been judged by users of a moment ago.
        Identity now =
                link.catalog().users().renewed(identity, link.node().time().wallMs());
        if (now != null) {
            become(now);
        }
        return now != null;
    }

    private void become(Identity identity) {
        access = new Access(identity);
        link.record().identity(identity);
    }

    @Override
    public void renew(Users users, long nowMs) {
        Identity before = access.identity();
        Identity now = users.renewed(before, nowMs);
        if (now != null && now.equals(before)) {
            return;
        }
        if (now == null) {
            isGone = true;
        }
        become(now == null ? Identity.NOBODY : now);
        transactions().spoil(RIGHTS_CHANGED);
        String namespace = namespace();
        link.subscriptions().endRefused(spec -> access.subscribe(namespace, spec));
    }

    @Override
    public boolean isGone() {
        return isGone;
    }

    @Override
    public SessionInfo info() {
        return link.record().info();
    }

    @Override
    public void introduce(SessionInfo info) {
        link.record().info(info);
    }

    @Override
    public String namespace() {
        return link.record().namespace();
    }

    @Override
    public @Nullable Refusal enter(String namespace) {
        Catalog catalog = link.catalog();
        Refusal refusal = access.enter(namespace, catalog);
        if (refusal == null && asksForProducers) {
            refusal = Refusal.of(ErrorCode.NOT_ALLOWED, "the session's producer is one of namespace=" + namespace());
        }
        String known = catalog.namespace(namespace);
        if (refusal == null && known != null) {
            link.record().namespace(known);
        }
        return refusal;
    }

    @Override
    public Catalog catalog() {
        return link.catalog();
    }

    @Override
    public @Nullable Refusal publish(Topic topic, Draft draft, long ticket) {
        int before = boundary.enter();
        Refusal refusal = access.publish(topic);
        Transaction open = transactions().open();
        if (refusal != null) {
            refusal = refused(refusal, draft);
        } else {
            refusal = open == null
                    ? link.publishNumbered(topic, draft, ticket, null, 0)
                    : open.publish(topic, draft, null, 0);
        }
        boundary.leave(before);
        return refusal;
    }

    @Override
    public @Nullable Refusal publishNumbered(Topic topic, Draft draft, long ticket, String producer, long sequence) {
        int before = boundary.enter();
        Refusal refusal = access.publish(topic);
        refusal = refusal == null ? producers.refusal(producer, access) : refusal;
        Transaction open = transactions().open();
        if (refusal != null) {
            refusal = refused(refusal, draft);
        } else {
            refusal = open == null
                    ? link.publishNumbered(topic, draft, ticket, producer, sequence)
                    : open.publish(topic, draft, producer, sequence);
        }
        boundary.leave(before);
        return refusal;
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String producer, long sequence) {
        int before = boundary.enter();
        Refusal refusal = access.publishThrough(link.record().namespace(), exchange, key);
        refusal = refusal == null && producer != null ? producers.refusal(producer, access) : refusal;
        refusal = refusal == null
                ? publishThrough(exchange, key, null, draft, ticket, producer, sequence)
                : refused(refusal, draft);
        boundary.leave(before);
        return refusal;
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, List<String> keys, Draft draft, long ticket, @Nullable String producer, long sequence) {
        int before = boundary.enter();
        Refusal refusal = access.publishThrough(link.record().namespace(), exchange, keys);
        refusal = refusal == null ? MessageRouter.problem(keys) : refusal;
        refusal = refusal == null && producer != null ? producers.refusal(producer, access) : refusal;
        refusal = refusal == null
                ? publishThrough(exchange, "", keys, draft, ticket, producer, sequence)
                : refused(refusal, draft);
        boundary.leave(before);
        return refusal;
    }

    private @Nullable Refusal publishThrough(
            String exchange,
            String key,
            @Nullable List<String> keys,
            Draft draft,
            long ticket,
            @Nullable String producer,
            long sequence) {
        Transaction open = transactions().open();
        return open == null
                ? link.publishThrough(exchange, key, keys, draft, ticket, producer, sequence)
                : open.publishThrough(exchange, key, keys, draft, ticket, producer, sequence);
    }

    private Transactions transactions() {
        return link.control().transactions();
    }

    /** Why the session may not do now what no transaction can hold, or null. */
    private @Nullable Refusal outsideOnly() {
        return transactions().open() == null ? null : NOT_IN_TRANSACTION;
    }

    @Override
    public @Nullable Refusal begin() {
        return transactions().begin();
    }

    @Override
    public boolean inTransaction() {
        return transactions().open() != null;
    }

    @Override
    public void spoil(Refusal why) {
        transactions().spoil(why);
    }

    @Override
    public Future<Void> commit() {
        return asked(null, () -> transactions().commit());
    }

    @Override
    public void rollback() {
        inside(() -> transactions().rollback());
    }

    @Override
    public @Nullable Refusal request(Topic topic, Draft draft, long ticket, long correlation) {
        int before = boundary.enter();
        Refusal refusal = access.publish(topic);
        refusal = refusal == null ? outsideOnly() : refusal;
        refusal = refusal == null ? link.request(topic, draft, ticket, correlation) : refused(refusal, draft);
        boundary.leave(before);
        return refusal;
    }

    /** What was lent for the draft is given back, as with every refusal at once. */
    private Refusal refused(Refusal refusal, Draft draft) {
        link.loop().counters().refused++;
        transactions().spoil(refusal);
        draft.giveBackLoan();
        return refusal;
    }

    /** Whoever has an address was given it with a request, and may answer. */
    @Override
    public void reply(String replyTo, Draft draft) {
        if (access.known() == null) {
            Transaction open = transactions().open();
            inside(() -> {
                if (open == null) {
                    link.reply(replyTo, draft);
                } else {
                    open.reply(replyTo, draft);
                }
            });
        } else {
            replyDropped();
        }
    }

    @Override
    public boolean isAwaited(String replyTo) {
        return access.known() == null && link.sessions().inboxes().isAwaited(replyTo);
    }

    @Override
    public void replyDropped() {
        link.loop().counters().repliesDropped++;
    }

    @Override
    public void ackIgnored() {
        link.loop().counters().acksIgnored++;
    }

    @Override
    public void refuseParked() {
        inside(link::refuseParked);
    }

    @Override
    public boolean hasParked() {
        return link.hasParked();
    }

    @Override
    public String inboxAddress(long correlation) {
        int before = boundary.enter();
        String address = link.inboxAddress(correlation);
        boundary.leave(before);
        return address;
    }

    /** Who publishes may know what is wanted. */
    @Override
    public @Nullable Refusal watchInterest(Topic topic) {
        Refusal refusal = access.publish(topic);
        if (refusal == null) {
            inside(() -> link.control().watchInterest(topic.name()));
        }
        return refusal;
    }

    @Override
    public void markDirty() {
        inside(link::markDirty);
    }

    @Override
    public void quit() {
        inside(link::quit);
    }

    @Override
    public void close() {
        inside(link::close);
    }

    @Override
    public Future<Void> nameInbox(String name, boolean takeOver) {
        return asked(access.claim("inbox", name), () -> link.control().nameInbox(name, takeOver));
    }

    @Override
    public Future<Long> producer(String id, long nextSequence) {
        asksForProducers = true;
        Refusal refusal = access.claim("producer", id);
        return asked(refusal == null ? outsideOnly() : refusal, () -> link.control()
                        .producer(id, nextSequence))
                .onSuccess(expected -> producers.add(id));
    }

    @Override
    public Future<SubscriptionLink> subscribe(SubscribeSpec spec) {
        String namespace = link.record().namespace();
        Topic topic = link.catalog().topic(new TopicName(namespace, spec.topic()));
        return asked(unlessOthers(access.subscribe(namespace, spec), topic), () -> link.subscribe(spec));
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        Catalog seen = link.catalog();
        CatalogChange wish = change.seenIn(seen);
        Refusal refusal = access.change(wish, seen);
        refusal = refusal == null ? parties.refusal(wish, seen, party) : refusal;
        return Acts.change(
                audit(),
                info(),
                wish,
                seen,
                asked(refusal, () -> parties.change(wish, party, link.loop(), () -> link.change(wish))));
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return noted(
                "topic.purge", topic, access.purge(topic), () -> link.rare().purge(topic));
    }

    @Override
    public Future<Long> purgeUnheld(Topic topic) {
        return noted(
                "topic.purge", topic, access.purge(topic), () -> link.rare().purgeUnheld(topic));
    }

    @Override
    public Future<Long> delete(Topic topic, DeleteIf condition) {
        return noted("topic.delete", topic, access.configure(topic), () -> link.rare()
                .delete(topic, condition));
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return noted(
                "group.reset", topic, access.configure(topic), () -> link.rare().resetGroup(topic, group, from));
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return asked(
                unlessOthers(access.browse(topic), topic), () -> link.rare().browse(topic, from, count));
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        return asked(access.monitor(topic), () -> link.rare().describe(topic));
    }

    @Override
    public @Nullable Refusal use(Topic topic) {
        Refusal refusal = access.browse(topic);
        if (refusal == null) {
            link.rare().use(topic);
        }
        return refusal;
    }

    @Override
    public Future<NodeFigures> figures() {
        return asked(access.monitor(), () -> link.rare().figures());
    }

    /** What rights say, and else whether the topic is another party's. */
    private @Nullable Refusal unlessOthers(@Nullable Refusal refusal, @Nullable Topic topic) {
        return refusal != null ? refusal : parties.refusal(topic, party);
    }

    private void inside(Runnable change) {
        int before = boundary.enter();
        change.run();
        boundary.leave(before);
    }

    private Audit audit() {
        return link.node().audit();
    }

    private <T> Future<T> noted(String event, Topic topic, @Nullable Refusal refusal, Supplier<Future<T>> command) {
        return Acts.topic(audit(), info(), event, topic, asked(unlessOthers(refusal, topic), command));
    }

    private <T> Future<T> asked(@Nullable Refusal refusal, Supplier<Future<T>> command) {
        if (refusal != null) {
            return Access.asked(refusal, command);
        }
        int before = boundary.enter();
        Future<T> answer = command.get();
        boundary.leave(before);
        return link.port().toSession(answer);
    }
}

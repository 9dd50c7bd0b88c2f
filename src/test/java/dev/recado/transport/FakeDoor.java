package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Link;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.broker.session.Access;
import dev.recado.broker.session.ClaimedProducers;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The link of a {@link FakeBroker}'s session: held against the real {@link Access}, as by the real broker. That it asks
 * the same questions, {@link dev.recado.broker.AccessRules} say.
 */
final class FakeDoor implements Link {

    private final Link link;
    private final ClaimedProducers producers = new ClaimedProducers();
    private Access access;
    private boolean asksForProducers;

    /** In front of {@code link}, which knows the identity already. */
    FakeDoor(Link link, Identity identity) {
        this.link = link;
        this.access = new Access(identity);
    }

    @Override
    public Identity identity() {
        return access.identity();
    }

    @Override
    public boolean identify(Identity identity) {
        access = new Access(identity);
        return link.identify(identity);
    }

    @Override
    public SessionInfo info() {
        return link.info();
    }

    @Override
    public void introduce(SessionInfo info) {
        link.introduce(info);
    }

    @Override
    public String namespace() {
        return link.namespace();
    }

    @Override
    public @Nullable Refusal enter(String namespace) {
        Refusal refusal = access.enter(namespace, link.catalog());
        if (refusal == null && asksForProducers) {
            refusal = Refusal.of(ErrorCode.NOT_ALLOWED, "the session's producer is one of namespace=" + namespace());
        }
        return refusal == null ? link.enter(namespace) : refusal;
    }

    @Override
    public Catalog catalog() {
        return link.catalog();
    }

    @Override
    public @Nullable Refusal publish(Topic topic, Draft draft, long ticket) {
        Refusal refusal = access.publish(topic);
        return refusal == null ? link.publish(topic, draft, ticket) : refused(refusal, draft);
    }

    @Override
    public @Nullable Refusal publishNumbered(Topic topic, Draft draft, long ticket, String producer, long sequence) {
        Refusal refusal = access.publish(topic);
        refusal = refusal == null ? producers.refusal(producer, access) : refusal;
        return refusal == null
                ? link.publishNumbered(topic, draft, ticket, producer, sequence)
                : refused(refusal, draft);
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, String key, Draft draft, long ticket, @Nullable String producer, long sequence) {
        Refusal refusal = access.publishThrough(namespace(), exchange, key);
        return refusal == null
                ? link.publishThrough(exchange, key, draft, ticket, producer, sequence)
                : refused(refusal, draft);
    }

    @Override
    public @Nullable Refusal publishThrough(
            String exchange, List<String> keys, Draft draft, long ticket, @Nullable String producer, long sequence) {
        Refusal refusal = access.publishThrough(namespace(), exchange, keys);
        return refusal == null
                ? link.publishThrough(exchange, keys, draft, ticket, producer, sequence)
                : refused(refusal, draft);
    }

    @Override
    public @Nullable Refusal request(Topic topic, Draft draft, long ticket, long correlation) {
        Refusal refusal = access.publish(topic);
        return refusal == null ? link.request(topic, draft, ticket, correlation) : refused(refusal, draft);
    }

    /** What was lent for the draft is given back, as with every refusal at once. */
    private Refusal refused(Refusal refusal, Draft draft) {
        draft.giveBackLoan();
        return refusal;
    }

    @Override
    public Future<Void> nameInbox(String name, boolean takeOver) {
        return Access.asked(access.claim("inbox", name), () -> link.nameInbox(name, takeOver));
    }

    @Override
    public String inboxAddress(long correlation) {
        return link.inboxAddress(correlation);
    }

    /** Whoever has an address was given it with a request, and may answer. */
    @Override
    public void reply(String replyTo, Draft draft) {
        if (access.known() == null) {
            link.reply(replyTo, draft);
        } else {
            link.replyDropped();
        }
    }

    @Override
    public boolean isAwaited(String replyTo) {
        return access.known() == null && link.isAwaited(replyTo);
    }

    @Override
    public void replyDropped() {
        link.replyDropped();
    }

    @Override
    public void ackIgnored() {
        link.ackIgnored();
    }

    @Override
    public Future<Long> producer(String id, long nextSequence) {
        asksForProducers = true;
        return Access.asked(access.claim("producer", id), () -> link.producer(id, nextSequence))
                .onSuccess(expected -> producers.add(id));
    }

    @Override
    public @Nullable Refusal begin() {
        return link.begin();
    }

    @Override
    public boolean inTransaction() {
        return link.inTransaction();
    }

    @Override
    public void spoil(Refusal why) {
        link.spoil(why);
    }

    @Override
    public Future<Void> commit() {
        return link.commit();
    }

    @Override
    public void rollback() {
        link.rollback();
    }

    @Override
    public void refuseParked() {
        link.refuseParked();
    }

    @Override
    public boolean hasParked() {
        return link.hasParked();
    }

    @Override
    public Future<SubscriptionLink> subscribe(SubscribeSpec spec) {
        return Access.asked(access.subscribe(namespace(), spec), () -> link.subscribe(spec));
    }

    /** Who publishes may know what is wanted. */
    @Override
    public @Nullable Refusal watchInterest(Topic topic) {
        Refusal refusal = access.publish(topic);
        return refusal == null ? link.watchInterest(topic) : refusal;
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        return Access.asked(access.change(change, link.catalog()), () -> link.change(change));
    }

    @Override
    public Future<Long> delete(Topic topic, DeleteIf condition) {
        return Access.asked(access.configure(topic), () -> link.delete(topic, condition));
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return Access.asked(access.purge(topic), () -> link.purge(topic));
    }

    @Override
    public Future<Long> purgeUnheld(Topic topic) {
        return Access.asked(access.purge(topic), () -> link.purgeUnheld(topic));
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return Access.asked(access.configure(topic), () -> link.resetGroup(topic, group, from));
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return Access.asked(access.browse(topic), () -> link.browse(topic, from, count));
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        return Access.asked(access.monitor(topic), () -> link.describe(topic));
    }

    @Override
    public @Nullable Refusal use(Topic topic) {
        Refusal refusal = access.browse(topic);
        return refusal == null ? link.use(topic) : refusal;
    }

    @Override
    public Future<NodeFigures> figures() {
        return Access.asked(access.monitor(), link::figures);
    }

    @Override
    public void markDirty() {
        link.markDirty();
    }

    @Override
    public void quit() {
        link.quit();
    }

    @Override
    public void close() {
        link.close();
    }

    static <T> Future<T> failed(ErrorCode code, String detail) {
        return Future.failedFuture(BrokerException.of(Refusal.of(code, detail)));
    }

    static Refusal noTopic(Topic topic) {
        return Refusal.of(ErrorCode.TOPIC_NOT_FOUND, topic.name().name());
    }

    /** Why a session ends whose id a newer one has taken. */
    static Refusal replaced(String detail) {
        return Refusal.fatal(ErrorCode.SESSION_REPLACED, detail);
    }
}

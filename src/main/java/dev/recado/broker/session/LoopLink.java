package dev.recado.broker.session;

import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Loan;
import dev.recado.base.Refusal;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionFigures;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.routing.Route;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import dev.recado.shard.Receipts;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardView;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session's link on its loop: publishes into the loop's builders, hears of their outcome, and sends commands to the
 * partitions' owners behind the session's own publishes.
 */
final class LoopLink implements OpenLink, Receipts {

    private final SharedBySessions sessions;
    private final SessionNode node;
    private final BrokerSettings.Publishing limits;
    private final Loop loop;
    private final GuardedPort port;
    private final LinkSubscriptions subscriptions = new LinkSubscriptions();
    private final RoutedPublishes routed;
    private final Control control;
    private final Asks asks;
    private final SessionRecord record;
    private @Nullable SessionDoor door;
    private @Nullable Inbox inbox;
    private final Unanswered unanswered;
    private final Patience patience;
    /** Whether it published what may wait for room, or is numbered. */
    private boolean leavesWork;

    private boolean dirty;
    private boolean turnAsked;
    private boolean quit;
    private boolean closed;

    LoopLink(SharedBySessions sessions, Loop loop, SessionPort port, Patience patience, SessionRecord record) {
        this.sessions = sessions;
        this.node = sessions.node();
        this.limits = node.settings().publishing();
        this.loop = loop;
        this.port = new GuardedPort(port, this);
        this.routed = new RoutedPublishes(this.port);
        this.record = record;
        this.patience = patience;
        this.asks = new Asks(sessions.node(), loop);
        this.control = new Control(this);
        this.unanswered = new Unanswered(this, loop.pressure(), limits.unconfirmedBytesMax());
    }

    SharedBySessions sessions() {
        return sessions;
    }

    SessionNode node() {
        return node;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    Asks asks() {
        return asks;
    }

    @Override
    public GuardedPort port() {
        return port;
    }

    boolean closed() {
        return closed;
    }

    Catalog catalog() {
        return node.catalog();
    }

    @Nullable
    Refusal publishNumbered(Topic topic, Draft draft, long ticket, @Nullable String producer, long sequence) {
        Refusal refusal = refusalOf(topic, draft);
        if (refusal != null) {
            loop.counters().refused++;
            draft.giveBackLoan();
            return refusal;
        }
        hand(topic, draft, ticket, producer, sequence);
        return null;
    }

    private void hand(Topic topic, Draft draft, long ticket, @Nullable String producer, long sequence) {
        record.onPublished();
        leavesWork |= producer != null || topic.settings().overflow() == Overflow.BLOCK;
        boolean lent = draft.loan != null;
        try {
            Partition to = sessions.router(loop.index()).partition(topic, draft, producer, sequence);
            int bytes = loop.publish(node.shard(to.shard()), to, draft, this, ticket, producer, sequence);
            if (lent && draft.loan == null) { // its run took the loan over, as one of a small message does not
                unanswered.addLent(bytes);
            } else {
                unanswered.add(bytes);
            }
        } finally {
            draft.giveBackLoan(); // it was not taken where that failed
        }
    }

    @Override
    public void onLoanEnded(long bytes) {
        unanswered.onLoanEnded(bytes);
    }

    @Nullable
    Refusal refusalOf(Topic topic, Draft draft) {
        int limit = Math.min(topic.settings().limitMessageBytes(), limits.messageBytesMax());
        if (draft.bytes() > limit) {
            return Refusal.of(ErrorCode.MESSAGE_TOO_LONG, draft.bytes() + " bytes, limit " + limit);
        }
        return closed || node.stopping() ? ShardView.STOPPING : null;
    }

    /** By {@code key}, or by all of {@code keys}; what was lent for {@code draft} is taken over or given back. */
    @Nullable
    Refusal publishThrough(
            String exchange,
            String key,
            @Nullable List<String> keys,
            Draft draft,
            long ticket,
            @Nullable String producer,
            long sequence) {
        try {
            MessageRouter router = sessions.router(loop.index());
            Route route = router.route(record.namespace(), exchange, key, keys, draft);
            return route == null || route.isInternal()
                    ? MessageRouter.closed(route, exchange)
                    : hand(route.topics(), draft, ticket, producer, sequence);
        } finally {
            draft.giveBackLoan();
        }
    }

    private @Nullable Refusal hand(
            List<Topic> topics, Draft draft, long ticket, @Nullable String producer, long sequence) {
        for (Topic topic : topics) {
            Refusal refusal = refusalOf(topic, draft);
            if (refusal != null) {
                loop.counters().refused++;
                return refusal;
            }
        }
        if (topics.isEmpty()) {
            port.onRouted(ticket, 0);
            return null;
        }
        if (topics.size() == 1 && !port.countsTopics()) {
            hand(topics.get(0), draft, ticket, producer, sequence);
            return null;
        }
        List<Loan> loans = Loan.copies(draft.loan, topics.size());
        if (loans == null) {
            draft.loan = null;
            loop.counters().refused++;
            return MessageRouter.noRoom(topics, draft);
        }
        draft.isGiven &= topics.size() == 1;
        routed.begin(ticket, topics.size(), producer != null);
        for (int i = 0; i < topics.size(); i++) {
            draft.loan = loans.isEmpty() ? null : loans.get(i);
            hand(topics.get(i), draft, ticket, producer, sequence);
        }
        return null;
    }

    @Nullable
    Refusal request(Topic topic, Draft draft, long ticket, long correlation) {
        byte[] headers = draft.headersBytes;
        int start = draft.headersStart;
        int length = draft.headersLength;
        inbox().address(draft, correlation);
        Refusal refusal = publishNumbered(topic, draft, ticket, null, 0);
        draft.headers(headers, start, length);
        return refusal;
    }

    Inbox inbox() {
        Inbox known = inbox;
        if (known == null) {
            known = sessions.inboxes().open(this);
            inbox = known;
            if (closed) {
                sessions.inboxes().close(known);
            }
        }
        return known;
    }

    String inboxAddress(long correlation) {
        return inbox().address(correlation);
    }

    @Override
    public void onInterest(TopicName topic, List<byte[]> prefixes, boolean wanted) {
        for (int i = 0; i < prefixes.size() && !closed; i++) {
            port.onInterest(topic.name(), prefixes.get(i), wanted);
        }
    }

    void reply(String replyTo, Draft draft) {
        flushUnsent();
        ByteWriter message = new ByteWriter(64 + draft.payloadLength);
        MessageLayout.write(message, draft);
        sessions.inboxes().send(replyTo, message.array(), loop);
    }

    @Override
    public void onReply(long correlation, MessageView reply) {
        if (!closed) {
            port.onReply(correlation, reply);
        }
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
        record.onAnswered(count);
        unanswered.remove(bytes);
        if (closed) {
            return;
        }
        if (routed.isEmpty()) {
            port.onConfirmed(firstTicket, count, partitionIndex, firstOffset);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (!routed.settle(firstTicket + i, null)) {
                port.onConfirmed(firstTicket + i, 1, partitionIndex, firstOffset + i);
            }
        }
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
        record.onAnswered(count);
        unanswered.remove(bytes);
        loop.counters().refused += count;
        if (closed) {
            return;
        }
        if (routed.isEmpty()) {
            port.onRefused(firstTicket, count, refusal);
            return;
        }
        for (int i = 0; i < count; i++) {
            if (!routed.settle(firstTicket + i, refusal)) {
                port.onRefused(firstTicket + i, 1, refusal);
            }
        }
    }

    @Override
    public void onParked(long bytes) {
        unanswered.park(bytes);
    }

    @Override
    public boolean waits() {
        return patience == Patience.WAIT;
    }

    @Override
    public void pauseIfCrowded() {
        unanswered.pauseIfCrowded();
    }

    @Override
    public void onBackPressure(boolean pauseReading) {
        if (!closed) {
            port.onBackPressure(pauseReading);
        }
    }

    boolean hasParked() {
        return unanswered.anyParked();
    }

    void refuseParked() {
        if (unanswered.anyParked() && !waits()) {
            refuseAllParked();
        }
    }

    private void refuseAllParked() {
        node.shards().forEach(shard -> shard.tell(new ShardCommand.RefuseParked(this)));
    }

    /** What the session claims for itself. */
    Control control() {
        return control;
    }

    Future<SubscriptionLink> subscribe(SubscribeSpec spec) {
        unanswered.consumes();
        return new Joining(this, spec).start();
    }

    Future<Catalog> change(CatalogChange change) {
        loop.sealAll();
        return sessions.change(change, loop);
    }

    /** What others may ask too, in the session's order. */
    RareCommands rare() {
        return new RareCommands(sessions, loop, asks);
    }

    @Override
    public SessionRecord record() {
        return record;
    }

    @Override
    public long number() {
        return record.id();
    }

    @Override
    public Identity identity() {
        return record.identity();
    }

    @Override
    public SessionFigures figures(long nowMs) {
        return record.figures(subscriptions.count(), unanswered.isPaused(), nowMs);
    }

    void markDirty() {
        turnAsked = true;
        schedule();
    }

    /** {@code subscription} has gathered something for its owners. */
    void markUnsent(LoopSubscription subscription) {
        subscriptions.markUnsent(subscription);
        schedule();
    }

    private void schedule() {
        if (!dirty) {
            dirty = true;
            loop.markLink(this);
        }
    }

    @Override
    public void flushUnsent() {
        subscriptions.flush();
    }

    @Override
    public void onTurnEnd() {
        dirty = false;
        flushUnsent();
        if (turnAsked) {
            turnAsked = false;
            port.onTurnEnd();
        }
    }

    /** What its session holds of it. */
    void heldBy(SessionDoor guard) {
        door = guard;
    }

    @Override
    public @Nullable SessionDoor door() {
        return door;
    }

    LinkSubscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public void closeByBroker(Refusal refusal) {
        if (!closed) {
            port.onClosedByBroker(refusal);
        }
    }

    void quit() {
        quit = true;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (leavesWork && !waits()) {
            // Behind all that it has sent: its next session must meet no waiting copy, and be told of its last number.
            loop.sealAll();
            refuseAllParked();
        }
        subscriptions.close(!quit && !node.draining());
        closed = true;
        control.close();
        asks.end();
        sessions.browses().forget(asks);
        unanswered.forget();
        loop.links().remove(number());
        if (inbox != null) {
            sessions.inboxes().close(inbox);
        }
        sessions.registry().release(this);
        sessions.parties().onClosed(record.party(), loop);
    }
}

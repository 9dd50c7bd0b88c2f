package dev.recado.transport.zmtp;

import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Topic;
import dev.recado.transport.Tickets;
import dev.recado.transport.TopicHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a session publishes: numbers its messages and counts what is refused, which ZeroMQ has no word for. Full topics
 * do not refuse, they make the peer wait. One owner.
 */
final class Publishing {

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    private final ZmtpEnvironment environment;
    private final Link link;
    private final ZmtpSession session;
    private final Role role;
    private final TopicHandle topic;
    private final Tickets tickets = new Tickets();
    private boolean told;

    Publishing(ZmtpEnvironment environment, Link link, ZmtpSession session, Role role, Topic topic) {
        this.environment = environment;
        this.link = link;
        this.session = session;
        this.role = role;
        this.topic = new TopicHandle(topic, link.catalog());
    }

    /** Publishes the frames of a message. */
    void publish(MessageDecoder message) {
        if (isGone()) {
            return;
        }
        Draft draft = environment.scratch.draft.clear();
        environment.parts.toDraft(message, 0, draft, environment.scratch.freshScratch());
        draft.loan = message.input().takeLoan();
        long ticket = tickets.take();
        settle(ticket, link.publish(topic.topic(), draft, ticket));
    }

    /** Publishes the frames of a message as a request, whose answer comes with {@code correlation}. */
    void request(MessageDecoder message, byte[] identity, long correlation) {
        if (isGone()) {
            return;
        }
        Draft draft = environment.scratch.draft.clear();
        environment.parts.toDraft(message, 0, draft, environment.scratch.freshScratch());
        RoutingId.put(draft, identity);
        draft.loan = message.input().takeLoan();
        long ticket = tickets.take();
        settle(ticket, link.request(topic.topic(), draft, ticket, correlation));
    }

    private void settle(long ticket, @Nullable Refusal refusal) {
        if (refusal != null) {
            tickets.giveBack(ticket);
            onRefused(refusal);
        }
    }

    /** A message was refused: the broker counts it, the log says so once for a connection. */
    void onRefused(Refusal refusal) {
        if (!told) {
            told = true;
            LOG.warn(
                    "zmtp message refused, further ones of this connection are only counted listener={} reason={} {}",
                    role.listener(),
                    refusal.code(),
                    refusal.detail());
        }
    }

    /** Whether the topic was deleted; then the peer has to come again, for a new one. */
    private boolean isGone() {
        boolean gone = topic.isGone(link.catalog());
        if (gone) {
            session.end("the topic was deleted");
        }
        return gone;
    }
}

package dev.recado.transport.zmtp;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Broker;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic behind a listener, made at the start where it is missing, so that consumers of other protocols find it as
 * it is meant, whoever comes first; and made again when a peer comes after somebody deleted it. ZeroMQ's peers hold
 * what they were given for as long as they are connected and cannot ask for more time, so the group of a queue that is
 * made here has leases without a time. It is the operator's settings that make it, and so the broker itself: a peer
 * that may not use it does not come so far.
 */
final class EndpointTopic {

    /** The group on a topic that is a log: somebody else made it. */
    static final String GROUP_ON_LOG = "zmtp";

    private static final Logger LOG = LoggerFactory.getLogger(EndpointTopic.class);

    private EndpointTopic() {}

    /** Finds or makes the topic. */
    static Future<Topic> ensure(Broker broker, ZmtpSettings.TopicRef wanted) {
        TopicName name = new TopicName("/", wanted.name());
        Topic known = broker.catalog().topic(name);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        CatalogChange create = new CatalogChange.CreateTopic(name, UUID.randomUUID(), wanted.settings(), true);
        return broker.change(create, Identity.BROKER).compose(catalog -> withoutLeaseTime(broker, catalog, name));
    }

    /** Why {@code who} may not do there what the peers of a role do; null where it may. */
    static @Nullable Refusal admission(Broker broker, ZmtpSettings.TopicRef wanted, Role role, Identity who) {
        TopicName name = TopicName.of(wanted.name());
        return role.publishes() ? broker.mayPublish(who, name) : broker.mayConsume(who, name);
    }

    private static Future<Topic> withoutLeaseTime(Broker broker, Catalog catalog, TopicName name) {
        Topic made = catalog.topic(name);
        if (made == null) {
            return Future.failedFuture(BrokerException.of(
                    Refusal.of(ErrorCode.TOPIC_NOT_FOUND, "topic=" + name.name() + " was deleted at once")));
        }
        GroupDef queue = made.group(GroupDef.QUEUE);
        if (queue == null || queue.settings().leaseMs() == 0) {
            return Future.succeededFuture(made);
        }
        GroupSettings old = queue.settings();
        GroupSettings altered = old.with(GroupSettings.LEASE_MS, 0);
        return broker.change(new CatalogChange.AlterGroup(queue.id(), altered), Identity.BROKER)
                .map(changed -> known(changed, name, made));
    }

    private static Topic known(Catalog catalog, TopicName name, Topic otherwise) {
        Topic now = catalog.topic(name);
        return now == null ? otherwise : now;
    }

    /** The group whose members share the topic's messages. */
    static String groupOf(Topic topic) {
        return topic.settings().kind() == TopicKind.QUEUE ? GroupDef.QUEUE : GROUP_ON_LOG;
    }

    /** What a peer is told that finds no place in the broker. */
    static String problem(Throwable failure) {
        if (failure instanceof BrokerException known) {
            return known.code() + " " + known.detail();
        }
        LOG.error("zmtp session did not begin", failure);
        return "internal error";
    }
}

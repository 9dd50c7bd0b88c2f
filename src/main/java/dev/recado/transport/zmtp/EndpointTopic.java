package dev.recado.transport.zmtp;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Link;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import io.vertx.core.Future;

/**
 * The topic behind a listener, made where it is missing. ZeroMQ's peers hold what they were given for as long as they
 * are connected and cannot ask for more time, so the group of a queue that is made here has leases without a time.
 */
final class EndpointTopic {

    /** The group on a topic that is a log: somebody else made it. */
    static final String GROUP_ON_LOG = "zmtp";

    private EndpointTopic() {}

    /** Finds or makes the topic. */
    static Future<Topic> ensure(ZmtpEnvironment environment, Link link, ZmtpSettings.TopicRef wanted) {
        TopicName name = new TopicName("/", wanted.name());
        Topic known = link.catalog().topic(name);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        if (!environment.sessions.autoCreateTopics()) {
            return Future.failedFuture(BrokerException.of(Refusal.of(
                    ErrorCode.TOPIC_NOT_FOUND, "topic=" + wanted.name() + " and topics.auto-create is off")));
        }
        CatalogChange create = new CatalogChange.CreateTopic(name, environment.uuids.get(), wanted.settings(), true);
        return link.change(create).compose(catalog -> withoutLeaseTime(link, catalog, name));
    }

    private static Future<Topic> withoutLeaseTime(Link link, Catalog catalog, TopicName name) {
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
        GroupSettings altered = new GroupSettings(
                old.strategy(),
                0,
                old.maxDeliveries(),
                old.backOffMs(),
                old.backOffMaxMs(),
                old.nackCounts(),
                old.maxMembers(),
                old.deadLetter());
        return link.change(new CatalogChange.AlterGroup(queue.id(), altered))
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
}

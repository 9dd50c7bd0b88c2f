package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.Refusal;
import dev.recado.broker.SessionInfo;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogChange.AlterGroup;
import dev.recado.core.topic.CatalogChange.AlterTopic;
import dev.recado.core.topic.CatalogChange.ChangeUsers;
import dev.recado.core.topic.CatalogChange.CreateExchange;
import dev.recado.core.topic.CatalogChange.CreateNamespace;
import dev.recado.core.topic.CatalogChange.CreateTopic;
import dev.recado.core.topic.CatalogChange.DeleteExchange;
import dev.recado.core.topic.CatalogChange.DeleteGroup;
import dev.recado.core.topic.CatalogChange.DeleteNamespace;
import dev.recado.core.topic.CatalogChange.DeleteTopic;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Audit;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of a session's doing is an act of administration, and so is noted: changes of users, namespaces, and of topics,
 * groups and exchanges that outlive their session. What programs make and let go of all day is not.
 */
final class Acts {

    /** What was done, and to what. */
    private record Act(String event, Map<String, String> about) {}

    private Acts() {}

    /** {@code answer}, of which is noted how it comes out. */
    static <T> Future<T> change(Audit audit, SessionInfo by, CatalogChange change, Catalog seen, Future<T> answer) {
        Act act = audit.isOn() ? of(change, seen) : null;
        return act == null ? answer : noted(audit, by, act, answer);
    }

    /** The same of something that is done with a topic. */
    static <T> Future<T> topic(Audit audit, SessionInfo by, String event, Topic topic, Future<T> answer) {
        return audit.isOn() && outlives(topic.settings())
                ? noted(audit, by, new Act(event, named("topic", topic.name())), answer)
                : answer;
    }

    /** The same of a session that is ended. */
    static Future<Void> close(Audit audit, SessionInfo by, long session, Future<Void> answer) {
        return audit.isOn()
                ? noted(audit, by, new Act("session.close", Map.of("session", Long.toString(session))), answer)
                : answer;
    }

    private static <T> Future<T> noted(Audit audit, SessionInfo by, Act act, Future<T> answer) {
        Audit.Actor actor = new Audit.Actor(by.user(), by.peer(), by.protocol());
        return answer.onComplete(done -> audit.note(
                new Audit.Entry(act.event(), actor, act.about(), done.succeeded() ? null : refusal(done.cause()))));
    }

    private static Refusal refusal(Throwable cause) {
        return BrokerException.refusal(cause);
    }

    private static @Nullable Act of(CatalogChange change, Catalog seen) {
        if (change instanceof ChangeUsers users) {
            return new Act(users.change().event(), users.change().about());
        } else if (change instanceof CreateNamespace create) {
            return new Act("namespace.create", Map.of("namespace", create.name()));
        } else if (change instanceof DeleteNamespace delete) {
            return new Act("namespace.delete", Map.of("namespace", delete.name()));
        } else if (change instanceof CreateTopic create) {
            return create.ifAbsent() || !outlives(create.settings())
                    ? null
                    : new Act("topic.create", named("topic", create.name()));
        } else if (change instanceof AlterTopic alter) {
            return ofTopic("topic.alter", seen, alter.topic());
        } else if (change instanceof DeleteTopic delete) {
            return ofTopic("topic.delete", seen, delete.topic());
        } else if (change instanceof AlterGroup alter) {
            return ofGroup("group.alter", seen, alter.groupId());
        } else if (change instanceof DeleteGroup delete) {
            return ofGroup("group.delete", seen, delete.groupId());
        } else if (change instanceof CreateExchange create) {
            return create.ifAbsent() ? null : new Act("exchange.create", named("exchange", create.name()));
        } else if (change instanceof DeleteExchange delete) {
            return new Act("exchange.delete", named("exchange", delete.name()));
        }
        return null;
    }

    private static @Nullable Act ofTopic(String event, Catalog seen, UUID uuid) {
        Topic topic = seen.topic(uuid);
        return topic == null || !outlives(topic.settings()) ? null : new Act(event, named("topic", topic.name()));
    }

    private static @Nullable Act ofGroup(String event, Catalog seen, int groupId) {
        GroupDef group = seen.group(groupId);
        if (group == null) {
            return null;
        }
        Topic topic = Objects.requireNonNull(seen.topic(group.topicId()), "the catalog has the topics of its groups");
        return outlives(topic.settings())
                ? new Act(event, Map.of("topic", topic.name().toString(), "group", group.name()))
                : null;
    }

    private static Map<String, String> named(String what, TopicName name) {
        return Map.of(what, name.toString());
    }

    /** Whether the topic does not end by itself with those who use it. */
    private static boolean outlives(TopicSettings settings) {
        return !settings.isMortal() && !settings.isTransient() && !settings.isExclusive();
    }
}

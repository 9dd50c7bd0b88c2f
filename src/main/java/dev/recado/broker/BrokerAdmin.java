package dev.recado.broker;

import dev.recado.core.message.Browsed;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Users;
import io.vertx.core.Future;
import java.util.List;

/**
 * What an administrator sees and does, without a session. To be called on one of the broker's event loops; futures
 * complete on it and fail with {@link dev.recado.base.BrokerException}. What is asked about a partition is served
 * behind what the sessions of that loop have published. Changes of the catalog are {@link Broker#change}. Each call is
 * held against the rights of who asks, as those of {@link Link} are.
 */
public interface BrokerAdmin {

    /** Sessions that one call answers at most. */
    int SESSIONS_MAX = 1_000;

    /** Members that one call answers at most of each partition. */
    int MEMBERS_MAX = 1_000;

    /** Searches of {@link #browse} under way or waiting at most, for each event loop. */
    int BROWSES_MAX = 64;

    /**
     * The open sessions with an id above {@code after}, in the order of their ids: at most {@code count}, and at most
     * {@link #SESSIONS_MAX}. Fewer than that are the last ones. Costs a look at each session of the node.
     */
    Future<List<SessionFigures>> sessions(long after, int count);

    /**
     * Ends a session: its transport hears {@link SessionPort#onClosedByBroker} with SESSION_CLOSED and {@code reason},
     * and what it holds counts as a delivery. Completes when it is closed in the broker; fails with NOT_FOUND where
     * there is none of that id (any more).
     */
    Future<Void> close(long session, String reason);

    /** The figures of the whole node. */
    Future<NodeFigures> figures();

    /** Users and tokens as they are now. */
    Future<Users> users();

    /** The figures of a topic and of its groups as they are now. */
    Future<TopicFigures> describe(Topic topic);

    /**
     * The members of a group, by partition, at most {@link #MEMBERS_MAX} of each.
     * Fails with GROUP_NOT_FOUND where the topic has no such group.
     */
    Future<List<MemberFigures>> members(Topic topic, String group);

    /**
     * As {@link Link#browse}; fails with LIMIT_REACHED where {@link #BROWSES_MAX} searches for administrators are under
     * way.
     */
    Future<List<Browsed>> browse(Topic topic, StartPosition from, int count);

    /** As {@link Link#purge}. */
    Future<Long> purge(Topic topic);

    /** As {@link Link#resetGroup}. */
    Future<Void> resetGroup(Topic topic, String group, StartPosition from);
}

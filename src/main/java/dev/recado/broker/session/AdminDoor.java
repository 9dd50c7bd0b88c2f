package dev.recado.broker.session;

import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionFigures;
import dev.recado.broker.SessionInfo;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Audit;
import dev.recado.security.Users;
import io.vertx.core.Future;
import java.util.List;

/**
 * What an administrator holds: whatever is asked is held against an {@link Access} first, as by {@link GuardedLink}.
 */
public final class AdminDoor implements BrokerAdmin {

    private final BrokerAdmin admin;
    private final Access access;
    private final Audit audit;

    /** In front of {@code admin}; what is done is noted in {@code audit}. */
    public AdminDoor(BrokerAdmin admin, Access access, Audit audit) {
        this.admin = admin;
        this.access = access;
        this.audit = audit;
    }

    private SessionInfo by() {
        return new SessionInfo("", "", "", access.identity().user());
    }

    @Override
    public Future<List<SessionFigures>> sessions(long after, int count) {
        return Access.asked(access.administer(), () -> admin.sessions(after, count));
    }

    @Override
    public Future<Void> close(long session, String reason) {
        return Acts.close(audit, by(), session, Access.asked(access.administer(), () -> admin.close(session, reason)));
    }

    @Override
    public Future<NodeFigures> figures() {
        return Access.asked(access.monitor(), admin::figures);
    }

    @Override
    public Future<Users> users() {
        return Access.asked(access.administer(), admin::users);
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        return Access.asked(access.monitor(topic), () -> admin.describe(topic));
    }

    @Override
    public Future<List<MemberFigures>> members(Topic topic, String group) {
        return Access.asked(access.monitor(topic), () -> admin.members(topic, group));
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return Access.asked(access.browse(topic), () -> admin.browse(topic, from, count));
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return Acts.topic(
                audit, by(), "topic.purge", topic, Access.asked(access.purge(topic), () -> admin.purge(topic)));
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        Future<Void> reset = Access.asked(access.configure(topic), () -> admin.resetGroup(topic, group, from));
        return Acts.topic(audit, by(), "group.reset", topic, reset);
    }
}

package dev.recado.broker.session;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionFigures;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Users;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What administrators ask, on whichever of the node's loops they ask it: each call is a change of shared state until it
 * returns, and what futures bring runs as code of whoever asked. See {@link Boundary}.
 */
final class LoopAdmin implements BrokerAdmin {

    private static final Logger LOG = LoggerFactory.getLogger(LoopAdmin.class);

    private final SharedBySessions sessions;
    private final List<OfLoop> ofLoops = new ArrayList<>();

    /** What administrators have asked on one loop; owned by it. */
    private static final class OfLoop {
        private final Asks asks;
        private int browses;

        private OfLoop(Asks asks) {
            this.asks = asks;
        }
    }

    LoopAdmin(SharedBySessions sessions) {
        this.sessions = sessions;
        sessions.loops().forEach(loop -> ofLoops.add(new OfLoop(new Asks(sessions.node(), loop))));
    }

    private <T> Future<T> asked(Function<RareCommands, Future<T>> command) {
        Loop loop = sessions.currentLoop();
        int before = loop.boundary().enter();
        Future<T> answer = command.apply(new RareCommands(sessions, loop, of(loop).asks));
        loop.boundary().leave(before);
        return loop.boundary().outside(answer);
    }

    private OfLoop of(Loop loop) {
        return ofLoops.get(loop.index());
    }

    @Override
    public Future<List<SessionFigures>> sessions(long after, int count) {
        return asked(rare -> rare.sessions(after, count));
    }

    @Override
    public Future<Void> close(long session, String reason) {
        String shown = Names.shown(reason);
        String detail = "by an administrator" + (reason.isEmpty() ? "" : ", reason=" + shown);
        return asked(rare -> rare.close(session, Refusal.fatal(ErrorCode.SESSION_CLOSED, detail)))
                .onSuccess(done -> LOG.info("session closed by an administrator session={} reason={}", session, shown));
    }

    @Override
    public Future<NodeFigures> figures() {
        return asked(RareCommands::figures);
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        return asked(rare -> rare.describe(topic));
    }

    @Override
    public Future<List<MemberFigures>> members(Topic topic, String group) {
        return asked(rare -> rare.members(topic, group));
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        OfLoop here = of(sessions.currentLoop());
        if (here.browses == BROWSES_MAX) {
            return Future.failedFuture(BrokerException.of(
                    Refusal.of(ErrorCode.LIMIT_REACHED, "searches for administrators, limit=" + BROWSES_MAX)));
        }
        here.browses++;
        return asked(rare -> rare.browse(topic, from, count).onComplete(done -> here.browses--));
    }

    @Override
    public Future<Users> users() {
        return Future.succeededFuture(sessions.node().catalog().users());
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return asked(rare -> rare.purge(topic));
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return asked(rare -> rare.resetGroup(topic, group, from));
    }
}

package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.DeleteIf;
import dev.recado.broker.Figure;
import dev.recado.broker.NodeFigures;
import dev.recado.broker.SessionFigures;
import dev.recado.core.message.Browsed;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.MemberFigures;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Identity;
import dev.recado.security.Users;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/** The rare commands of a {@link FakeBroker}, for administrators or for a session. */
public final class FakeAdmin implements BrokerAdmin {

    private final FakeBroker broker;
    private final Queue<Runnable> later;

    /** Answers behind what {@code later} holds. */
    FakeAdmin(FakeBroker broker, Queue<Runnable> later) {
        this.broker = broker;
        this.later = later;
    }

    /** Answers; whether there was anything to. */
    boolean work() {
        boolean any = false;
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
            any = true;
        }
        return any;
    }

    private <T> Future<T> answer(Supplier<Future<T>> found) {
        Promise<T> promise = Promise.promise();
        later.add(() -> found.get().onComplete(promise));
        broker.onActivity.run();
        return promise.future();
    }

    @Override
    public Future<Users> users() {
        return answer(() -> Future.succeededFuture(broker.catalog.users()));
    }

    private <T> Future<T> answer(Topic topic, Supplier<T> found) {
        return answer(() -> broker.catalog.topic(topic.id()) == null
                ? failed(FakeDoor.noTopic(topic))
                : Future.succeededFuture(found.get()));
    }

    private static <T> Future<T> failed(Refusal why) {
        return Future.failedFuture(BrokerException.of(why));
    }

    private static <T> Future<T> failed(ErrorCode code, String detail) {
        return failed(Refusal.of(code, detail));
    }

    @Override
    public Future<List<SessionFigures>> sessions(long after, int count) {
        return answer(() -> {
            List<SessionFigures> found = new ArrayList<>();
            for (int i = 0; i < broker.links.size() && found.size() < Math.min(count, SESSIONS_MAX); i++) {
                FakeLink link = broker.links.get(i);
                if (!link.closed && i + 1 > after) {
                    found.add(figures(i + 1, link));
                }
            }
            return Future.succeededFuture(found);
        });
    }

    /** What it was delivered and has acknowledged is always the same. */
    private static SessionFigures figures(long id, FakeLink link) {
        return new SessionFigures(
                id,
                link.info,
                FakeBroker.PUBLISH_TIME_MS,
                link.subscriptionCount(),
                false,
                new SessionFigures.Counts(link.lastTicket + 1, link.unconfirmed.size(), 3, 2),
                new SessionFigures.Rates(0.5, 0.25, 0));
    }

    @Override
    public Future<Void> close(long session, String reason) {
        return answer(() -> {
            FakeLink link = session < 1 || session > broker.links.size() ? null : broker.links.get((int) session - 1);
            if (link == null || link.closed) {
                return failed(ErrorCode.NOT_FOUND, "session=" + session);
            }
            String detail = "by an administrator" + (reason.isEmpty() ? "" : ", reason=" + reason);
            link.end(Refusal.fatal(ErrorCode.SESSION_CLOSED, detail));
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<NodeFigures> figures() {
        long open = broker.links.stream().filter(link -> !link.closed).count();
        return Future.succeededFuture(
                new NodeFigures(List.of(Figure.gauge("sessions", "open connections", open)), List.of()));
    }

    @Override
    public Future<TopicFigures> describe(Topic topic) {
        broker.asked();
        return answer(topic, () -> FakeBroker.figures(topic, broker.log(topic)));
    }

    @Override
    public Future<List<MemberFigures>> members(Topic topic, String group) {
        FakeGroup there = broker.log(topic).groups.get(group);
        if (there == null) {
            return failed(ErrorCode.GROUP_NOT_FOUND, "group=" + group);
        }
        return answer(topic, () -> {
            List<MemberFigures> members = new ArrayList<>();
            for (int i = 0; i < topic.partitionCount(); i++) {
                for (FakeSubscription one : there.members) {
                    members.add(one.figures(i, broker.links.indexOf(one.link) + 1));
                }
            }
            return members;
        });
    }

    @Override
    public Future<List<Browsed>> browse(Topic topic, StartPosition from, int count) {
        return answer(topic, () -> broker.log(topic).browse(from, Math.min(count, 1_000), 1 << 20));
    }

    Future<Long> delete(Topic topic, DeleteIf condition, Identity identity) {
        return answer(() -> {
            FakeBroker.Log log = broker.log(topic);
            long members = log.groups.values().stream()
                    .flatMap(group -> group.members.stream())
                    .filter(one -> !one.ceased)
                    .count();
            long kept = log.partitions.stream().mapToLong(List::size).sum();
            long ready = log.groups.values().stream()
                    .mapToLong(group -> group.ready.size())
                    .max()
                    .orElse(kept);
            String name = "topic=" + topic.name().name();
            if (condition.unused() && members > 0) {
                return failed(ErrorCode.IN_USE, name + " members=" + members);
            }
            return condition.empty() && ready > 0
                    ? failed(ErrorCode.NOT_EMPTY, name + " ready=" + ready)
                    : broker.change(new CatalogChange.DeleteTopic(topic.uuid()), identity)
                            .compose(catalog -> answer(() -> Future.succeededFuture(ready)));
        });
    }

    @Override
    public Future<Long> purge(Topic topic) {
        return answer(topic, () -> broker.log(topic).purge());
    }

    Future<Long> purgeUnheld(Topic topic) {
        broker.asked();
        return answer(topic, () -> broker.log(topic).purgeUnheld());
    }

    @Override
    public Future<Void> resetGroup(Topic topic, String group, StartPosition from) {
        return answer(topic, () -> broker.log(topic).reset(group, from) || topic.group(group) != null)
                .compose(isThere ->
                        isThere ? Future.succeededFuture() : failed(ErrorCode.GROUP_NOT_FOUND, "group=" + group));
    }
}

package dev.recado.transport.amqp;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.DeleteIf;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.topic.Binding;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicKind;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.QueueMethods;
import dev.recado.transport.amqp.wire.ReplyCode;
import dev.recado.transport.amqp.wire.ServerMethods;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The methods of class {@code queue}. One channel's, one owner. */
final class ChannelQueues {

    private static final String GENERATED = "amq.gen-";
    /** How often one declaration finds that others have deleted the queue meanwhile, before it says so. */
    private static final int ANEW_MAX = 100;

    private final AmqpChannel channel;
    private String last = "";
    private boolean deleting;

    ChannelQueues(AmqpChannel channel) {
        this.channel = channel;
    }

    void perform(MethodId method) {
        switch (method) {
            case QUEUE_DECLARE -> declare(method);
            case QUEUE_BIND -> bind(method);
            case QUEUE_UNBIND -> unbind(method);
            case QUEUE_PURGE -> purge(method);
            case QUEUE_DELETE -> delete(method);
            default -> channel.fail(AmqpError.notImplemented(method.wireName(), method));
        }
    }

    /** The queue that a method names, the last declared one where the name is empty; null where the channel ends. */
    @Nullable
    Topic find(String name, MethodId method) {
        String wanted = named(name, method);
        return wanted == null ? null : known(wanted, method);
    }

    /** The queue of this very name; null where the channel ends. */
    private @Nullable Topic known(String wanted, MethodId method) {
        Topic topic = channel.catalog().topic(channel.name(wanted));
        if (topic == null) {
            channel.fail(notFound(wanted, method));
        } else if (isLocked(topic)) {
            channel.fail(locked(wanted, method));
            return null;
        }
        return topic;
    }

    /** Whether it is another connection's alone. */
    private boolean isLocked(Topic topic) {
        return topic.settings().isExclusive()
                && !channel.session.connection().owned().contains(topic.uuid());
    }

    private AmqpError locked(String name, MethodId method) {
        return AmqpError.of(
                ReplyCode.RESOURCE_LOCKED,
                "cannot obtain exclusive access to locked " + channel.inVirtualHost("queue", name)
                        + ". It could be originally declared on another connection or the exclusive property value"
                        + " does not match that of the original declaration.",
                method);
    }

    /** The name that a method means, which may be that of the last declared queue; null where the channel ends. */
    private @Nullable String named(String name, MethodId method) {
        if (name.isEmpty() && last.isEmpty()) {
            channel.fail(AmqpError.notFound("no previously declared queue", method));
            return null;
        }
        return name.isEmpty() ? last : name;
    }

    private void declare(MethodId method) {
        QueueMethods.Declare read = channel.read(QueueMethods.Declare.read(channel.arguments), method);
        if (read != null) {
            declare(read, method, 0);
        }
    }

    /** {@code gone}: how often the queue was there and then was not. */
    private void declare(QueueMethods.Declare read, MethodId method, int gone) {
        if (channel.directReplies().isThere(read.queue())) {
            if (!read.noWait()) {
                ServerMethods.putQueueDeclareOk(channel.session.out, channel.number, read.queue(), 0, 1);
            }
            return;
        }
        if (read.passive()) {
            Topic topic = known(read.queue(), method);
            if (topic != null) {
                channel.link.use(topic);
                declared(read, topic, method, ANEW_MAX);
            }
            return;
        }
        String name = read.queue().isEmpty() ? generated() : read.queue();
        Topic known = channel.catalog().topic(channel.name(name));
        QueueArguments wanted = QueueArguments.of(read, channel.inVirtualHost("queue", name));
        AmqpError problem =
                known == null ? problemOfNew(read, name, wanted, method) : problemOf(known, read, wanted, method);
        if (problem != null) {
            channel.fail(problem);
        } else if (known != null && known.settings().isMortal()) {
            create(read, name, wanted.like(known), method, gone);
        } else if (known != null) {
            declared(read, known, method, gone);
        } else {
            create(read, name, wanted, method, gone);
        }
    }

    /** Why a queue that is there is not what was asked for, or null. Whose it is counts before what it is like. */
    private @Nullable AmqpError problemOf(
            Topic known, QueueMethods.Declare read, QueueArguments wanted, MethodId method) {
        if (isLocked(known) || known.settings().isExclusive() != read.exclusive()) {
            return locked(known.name().name(), method);
        }
        String what = channel.inVirtualHost("queue", known.name().name());
        AmqpError problem = wanted.wordDifference(known, what);
        problem = problem == null ? wanted.problem() : problem;
        return problem == null ? wanted.difference(known, what) : problem;
    }

    private static @Nullable AmqpError problemOfNew(
            QueueMethods.Declare read, String name, QueueArguments wanted, MethodId method) {
        boolean isReserved = !read.queue().isEmpty() && name.startsWith(StandardExchanges.RESERVED);
        return wanted.problem() == null && isReserved ? AmqpError.reserved("queue", name, method) : wanted.problem();
    }

    private String generated() {
        UUID random = channel.session.environment.uuids().get();
        ByteBuffer bytes = ByteBuffer.allocate(16)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits());
        return GENERATED + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Also where it is there: one that ends when nobody uses it is used thereby, or made anew if it is ending. */
    private void create(QueueMethods.Declare read, String name, QueueArguments wanted, MethodId method, int gone) {
        UUID uuid = channel.session.environment.uuids().get();
        if (read.exclusive()) {
            channel.session.connection().owned().add(uuid);
        }
        CatalogChange make = wanted.topic().kind() == TopicKind.LOG
                ? new CatalogChange.CreateTopic(channel.name(name), uuid, wanted.topic(), true)
                : new CatalogChange.CreateTopic(channel.name(name), uuid, wanted.topic(), wanted.group(), true);
        channel.await(
                channel.link.change(make),
                made -> onMade(read, made.topic(channel.name(name)), name, uuid, method, gone),
                refusal -> onNotMade(read, name, uuid, refusal, method, gone));
    }

    private void onMade(
            QueueMethods.Declare read, @Nullable Topic topic, String name, UUID uuid, MethodId method, int gone) {
        if (topic == null || !topic.uuid().equals(uuid)) {
            channel.session.connection().owned().remove(uuid);
        }
        if (topic == null) {
            onGone(read, name, method, gone);
        } else if (!topic.uuid().equals(uuid)) {
            declared(read, topic, method, gone);
        } else {
            channel.session.connection().owned().made(uuid, channel.catalog());
            last = name;
            if (!read.noWait()) {
                ServerMethods.putQueueDeclareOk(channel.session.out, channel.number, name, 0, 0);
            }
        }
    }

    /** Where it differs from one that is there by what nobody compares, it is that one. */
    private void onNotMade(
            QueueMethods.Declare read, String name, UUID uuid, Refusal refusal, MethodId method, int gone) {
        channel.session.connection().owned().remove(uuid);
        Topic known = channel.catalog().topic(channel.name(name));
        if (refusal.code() == ErrorCode.TOPIC_EXISTS && known == null) {
            onGone(read, name, method, gone);
        } else if (refusal.code() == ErrorCode.TOPIC_EXISTS
                && known != null
                && known.settings().isMortal()) {
            declared(read, known, method, gone);
        } else {
            channel.fail(AmqpError.of(refusal, method));
        }
    }

    /** Others have deleted it while it was declared: then it is declared after that. */
    private void onGone(QueueMethods.Declare read, String name, MethodId method, int gone) {
        if (gone < ANEW_MAX) {
            declare(read, method, gone + 1);
        } else {
            channel.fail(notFound(name, method));
        }
    }

    private void declared(QueueMethods.Declare read, Topic topic, MethodId method, int gone) {
        String name = topic.name().name();
        last = name;
        if (read.noWait()) {
            return;
        }
        channel.await(
                channel.link.describe(topic),
                figures -> ServerMethods.putQueueDeclareOk(
                        channel.session.out, channel.number, name, ready(figures), members(figures)),
                refusal -> {
                    if (refusal.code() == ErrorCode.TOPIC_NOT_FOUND) {
                        onGone(read, name, method, gone);
                    } else {
                        channel.fail(AmqpError.of(refusal, method));
                    }
                });
    }

    /** Why something was not done with a queue, which may have ended since it was found. */
    AmqpError refused(Topic queue, Refusal refusal, MethodId method) {
        return refusal.code() == ErrorCode.TOPIC_NOT_FOUND
                ? notFound(queue.name().name(), method)
                : AmqpError.of(refusal, method);
    }

    private AmqpError notFound(String name, MethodId method) {
        return AmqpError.notFound("no " + channel.inVirtualHost("queue", name), method);
    }

    /** Messages of a queue that could be delivered now. */
    static long ready(TopicFigures figures) {
        if (StreamArguments.isStream(figures.topic())) {
            return figures.counts().kept();
        }
        return figures.groups().isEmpty()
                ? 0
                : figures.groups().get(0).unfinished().ready();
    }

    private static long members(TopicFigures figures) {
        return figures.groups().stream()
                .mapToLong(TopicFigures.GroupFigures::members)
                .sum();
    }

    private void bind(MethodId method) {
        QueueMethods.Bind read = channel.read(QueueMethods.Bind.read(channel.arguments), method);
        String name = read == null ? null : named(read.queue(), method);
        if (read == null || name == null) {
            return;
        }
        if (read.exchange().isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        ExchangeDef exchange = channel.catalog().exchange(channel.name(read.exchange()));
        if (exchange == null) {
            channel.fail(AmqpError.notFound("no " + channel.inVirtualHost("exchange", read.exchange()), method));
            return;
        }
        Topic topic = known(name, method);
        if (topic == null) {
            return;
        }
        String wrong = TableValues.wrongMatch(exchange, read.arguments());
        if (wrong != null) {
            channel.fail(AmqpError.precondition(wrong, method));
            return;
        }
        CatalogChange change = new CatalogChange.Bind(
                channel.name(read.exchange()),
                new CatalogChange.Target.ToTopic(topic.uuid()),
                read.routingKey(),
                TableValues.wanted(read.arguments()));
        channel.await(
                channel.link.change(change),
                done -> {
                    if (!read.noWait()) {
                        ServerMethods.putBare(channel.session.out, channel.number, MethodId.QUEUE_BIND_OK);
                    }
                },
                refusal -> channel.fail(refused(topic, refusal, method)));
    }

    private void unbind(MethodId method) {
        QueueMethods.Bind read = channel.read(QueueMethods.Bind.readUnbind(channel.arguments), method);
        String name = read == null ? null : named(read.queue(), method);
        if (read == null || name == null) {
            return;
        }
        if (read.exchange().isEmpty()) {
            channel.fail(AmqpError.defaultExchange(method));
            return;
        }
        Topic topic = channel.catalog().topic(channel.name(name));
        ExchangeDef exchange = channel.catalog().exchange(channel.name(read.exchange()));
        Map<String, HeaderValue> headers = TableValues.wanted(read.arguments());
        if (exchange == null || topic == null || !exchange.has(new Binding(topic.id(), read.routingKey(), headers))) {
            ServerMethods.putBare(channel.session.out, channel.number, MethodId.QUEUE_UNBIND_OK);
            return;
        }
        if (isLocked(topic)) {
            channel.fail(locked(name, method));
            return;
        }
        CatalogChange change = new CatalogChange.Unbind(
                exchange.name(), new CatalogChange.Target.ToTopic(topic.uuid()), read.routingKey(), headers);
        channel.await(
                channel.link.change(change),
                method,
                done -> ServerMethods.putBare(channel.session.out, channel.number, MethodId.QUEUE_UNBIND_OK));
    }

    private void purge(MethodId method) {
        QueueMethods.Purge read = channel.read(QueueMethods.Purge.read(channel.arguments), method);
        Topic topic = read == null ? null : find(read.queue(), method);
        if (topic != null && StreamArguments.isStream(topic)) {
            channel.fail(StreamArguments.notSupported(
                    method.wireName(),
                    channel.inVirtualHost("queue", topic.name().name()),
                    method));
        } else if (read != null && topic != null) {
            channel.await(
                    channel.link.purgeUnheld(topic),
                    count -> {
                        if (!read.noWait()) {
                            ServerMethods.putGone(channel.session.out, channel.number, MethodId.QUEUE_PURGE_OK, count);
                        }
                    },
                    refusal -> channel.fail(refused(topic, refusal, method)));
        }
    }

    private void delete(MethodId method) {
        QueueMethods.Delete read = channel.read(QueueMethods.Delete.read(channel.arguments), method);
        String name = read == null ? null : named(read.queue(), method);
        if (read == null || name == null) {
            return;
        }
        Topic topic = channel.catalog().topic(channel.name(name));
        if (topic == null) {
            deleted(read, 0);
            return;
        }
        if (isLocked(topic)) {
            channel.fail(locked(name, method));
            return;
        }
        boolean isStream = StreamArguments.isStream(topic);
        DeleteIf condition = new DeleteIf(read.ifUnused() && !isStream, read.ifEmpty() && !isStream);
        deleting = true;
        channel.await(
                channel.link.delete(topic, condition),
                count -> deleted(read, isStream ? 0 : count),
                refusal -> onNotDeleted(read, name, refusal, method));
    }

    /** Whether the channel waits to hear of a queue that it deletes. */
    boolean isDeleting() {
        return deleting;
    }

    private void onNotDeleted(QueueMethods.Delete read, String name, Refusal refusal, MethodId method) {
        deleting = false;
        switch (refusal.code()) {
            case TOPIC_NOT_FOUND -> deleted(read, 0);
            case IN_USE ->
                channel.fail(AmqpError.precondition(channel.inVirtualHost("queue", name) + " in use", method));
            case NOT_EMPTY ->
                channel.fail(AmqpError.precondition(channel.inVirtualHost("queue", name) + " not empty", method));
            default -> channel.fail(AmqpError.of(refusal, method));
        }
        channel.tellEnded();
    }

    private void deleted(QueueMethods.Delete read, long count) {
        if (!read.noWait()) {
            ServerMethods.putGone(channel.session.out, channel.number, MethodId.QUEUE_DELETE_OK, count);
        }
        deleting = false;
        channel.tellEnded();
    }
}

package dev.recado.transport.amqp;

import dev.recado.broker.SubscribeSpec;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.transport.amqp.wire.BasicMethods;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.MethodId;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code basic.consume} asks of a queue.
 *
 * @param queue how a refusal names it
 */
record ConsumeWish(BasicMethods.Consume read, Topic topic, String queue) {

    private static final String PRIORITY = "x-priority";

    /** Of a log it is a member of the group that it names, or it reads alone; {@code nowMs} is the wall clock's. */
    SubscribeSpec spec(int credit, long nowMs) {
        boolean isStream = StreamArguments.isStream(topic);
        String group = isStream ? StreamArguments.group(read) : GroupDef.QUEUE;
        StartPosition given = isStream ? StreamArguments.from(read, nowMs) : StartPosition.first();
        StartPosition from = given == null ? StartPosition.next() : given;
        String name = topic.name().name();
        return group == null
                ? new SubscribeSpec(SubscribeSpec.Kind.READER, name, null, null, credit, from)
                : new SubscribeSpec(SubscribeSpec.Kind.GROUP, name, group, null, credit, from)
                        .withPriority(priority())
                        .withExclusive(read.exclusive());
    }

    /** Why nobody can consume it so, or null; {@code prefetch} is what the channel's consumers get, 0 for no bound. */
    @Nullable
    AmqpError problem(int prefetch, MethodId method) {
        if (read.exclusive() && QueueArguments.isSingleActive(topic)) {
            return AmqpError.exclusiveUse(queue, method); // which of its consumers is active says the queue
        }
        FieldCursor at = new FieldCursor();
        boolean isStream = StreamArguments.isStream(topic);
        boolean isAlone = isStream && StreamArguments.group(read) == null;
        String wrong = isAlone ? PRIORITY : StreamArguments.OFFSET;
        if (isAlone == isStream && read.arguments().find(wrong, at)) {
            return AmqpError.precondition(
                    "invalid arg '" + wrong + "' for " + queue + " of queue type "
                            + (isStream ? "rabbit_stream_queue" : "rabbit_classic_queue"),
                    method);
        }
        if (isStream && StreamArguments.from(read, 0) == null) {
            return StreamArguments.wrongOffset(read, queue);
        }
        if (isAlone && prefetch == 0) {
            return AmqpError.precondition("consumer prefetch count is not set for '" + queue + "'", method);
        }
        return isAlone && read.noAck()
                ? StreamArguments.notSupported("automatic acknowledgement", queue, method)
                : priorityProblem(method);
    }

    private @Nullable AmqpError priorityProblem(MethodId method) {
        FieldCursor at = new FieldCursor();
        return !read.arguments().find(PRIORITY, at) || at.isInteger()
                ? null
                : AmqpError.precondition(
                        "invalid arg '" + PRIORITY + "' for " + queue + ": \"expected integer, got " + at.typeName()
                                + "\"",
                        method);
    }

    private int priority() {
        FieldCursor at = new FieldCursor();
        return read.arguments().find(PRIORITY, at) && at.isInteger()
                ? (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, at.integer()))
                : 0;
    }
}

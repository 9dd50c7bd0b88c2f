package dev.recado.transport.amqp;

import dev.recado.base.Quantities;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicSettings;
import dev.recado.transport.amqp.wire.BasicMethods;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.FieldTable;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.QueueMethods;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What streams are declared and consumed with. A stream is a log, which keeps by age and size whoever has yet to read
 * it.
 */
final class StreamArguments {

    /** Which type of queue is declared; this one is a stream. */
    static final String TYPE = "stream";

    /** Of a delivery, and where a consumer begins. */
    static final String OFFSET = "x-stream-offset";
    /** Its consumers with the same name share what comes. */
    static final String GROUP = "x-group";

    private static final String BYTES = "x-max-length-bytes";
    private static final String AGE = "x-max-age";
    private static final String SEGMENT = "x-stream-max-segment-size-bytes";
    private static final String NODES = "x-initial-cluster-size";
    private static final String LEADER = "x-queue-leader-locator";
    private static final long SEGMENT_BYTES_MAX = 3_000_000_000L;
    private static final long NO_LIMIT = -1;
    private static final int SECOND_MS = 1_000;
    private static final Set<String> LEADERS = Set.of("client-local", "random", "least-leaders");

    /** What only other types of queues have. */
    private static final List<String> OF_OTHERS = List.of(
            "x-expires",
            "x-message-ttl",
            "x-max-length",
            "x-max-priority",
            "x-overflow",
            "x-dead-letter-exchange",
            "x-dead-letter-routing-key",
            "x-single-active-consumer",
            "x-delivery-limit",
            "x-queue-mode",
            "x-queue-version",
            "x-max-in-memory-length",
            "x-max-in-memory-bytes",
            "x-quorum-initial-group-size",
            "x-queue-master-locator");

    private static final List<String> OF_STREAMS = List.of(AGE, SEGMENT);

    private static final List<String> NOT_OF_QUORUM =
            List.of(AGE, SEGMENT, "x-max-priority", "x-queue-mode", "x-queue-version", "x-queue-master-locator");

    /** Units of an age, the longest first, each with its letter. */
    private record Unit(char letter, long ms) {}

    private static final List<Unit> UNITS = List.of(
            new Unit('Y', 365 * 86_400_000L),
            new Unit('M', 30 * 86_400_000L),
            new Unit('D', 86_400_000L),
            new Unit('h', 3_600_000L),
            new Unit('m', 60_000L),
            new Unit('s', SECOND_MS));

    private StreamArguments() {}

    static boolean isStream(Topic topic) {
        return topic.settings().kind() == TopicKind.LOG;
    }

    /** Whether it was declared as one: of a log that another protocol has made the arguments are not compared. */
    private static boolean isDeclared(TopicSettings settings) {
        return settings.retentionForce();
    }

    /** An argument that a queue which is none cannot have; null where there is none. */
    static @Nullable String ofStreams(FieldTable arguments) {
        return find(arguments, OF_STREAMS);
    }

    /** An argument that a queue of type {@code quorum} cannot have; null where there is none. */
    static @Nullable String notOfQuorum(FieldTable arguments) {
        return find(arguments, NOT_OF_QUORUM);
    }

    private static @Nullable String find(FieldTable arguments, List<String> names) {
        FieldCursor at = new FieldCursor();
        return names.stream()
                .filter(name -> arguments.find(name, at))
                .findFirst()
                .orElse(null);
    }

    /** What {@code declared} asks for, as settings of a topic; {@code reading} keeps what is wrong. */
    static TopicSettings read(QueueMethods.Declare declared, QueueArguments.Reading reading) {
        reading.without(find(declared.arguments(), OF_OTHERS), "rabbit_stream_queue");
        long bytes = reading.number(BYTES, 0, NO_LIMIT);
        long ageMs = ageMs(reading);
        if (reading.number(SEGMENT, 0, 0) > SEGMENT_BYTES_MAX) {
            reading.wrong("Exceeded max value for " + SEGMENT);
        }
        reading.number(NODES, 1, 1);
        String leader = reading.text(LEADER);
        if (leader != null && !LEADERS.contains(leader)) {
            reading.wrong(LEADER, "invalid_queue_locator_arg");
        }
        reading.lasting("rabbit_stream_queue");
        return TopicSettings.DEFAULT
                .with(TopicSettings.KIND, TopicKind.LOG)
                .with(TopicSettings.RETENTION_TIME, ageMs)
                .with(TopicSettings.RETENTION_BYTES, Math.min(bytes, TopicSettings.QUANTITY_MAX))
                .with(TopicSettings.RETENTION_FORCE, true)
                .with(TopicSettings.OVERFLOW, Overflow.BLOCK);
    }

    private static long ageMs(QueueArguments.Reading reading) {
        String text = reading.text(AGE);
        long ms = text == null ? NO_LIMIT : durationMs(text);
        if (text != null && ms == NO_LIMIT) {
            reading.wrong(AGE, "invalid_max_age");
        }
        return ms;
    }

    /** A number above 0 and a unit, in ms; -1 for anything else. */
    private static long durationMs(String text) {
        int digits = text.length() - 1;
        long number = digits < 1 ? Quantities.INVALID : Quantities.number(text.substring(0, digits));
        if (number == Quantities.INVALID || number == 0) {
            return NO_LIMIT;
        }
        for (Unit unit : UNITS) {
            if (unit.letter == text.charAt(digits)) {
                return number > TopicSettings.QUANTITY_MAX / unit.ms ? TopicSettings.QUANTITY_MAX : number * unit.ms;
            }
        }
        return NO_LIMIT;
    }

    private static @Nullable String ageText(long ms) {
        for (Unit unit : UNITS) {
            if (ms > 0 && ms % unit.ms == 0) {
                return ms / unit.ms + String.valueOf(unit.letter);
            }
        }
        return ms < 0 ? null : ms + "ms";
    }

    /** Why a stream that exists is not what was asked for, or null. */
    static @Nullable AmqpError difference(TopicSettings current, TopicSettings received, String what) {
        return isDeclared(current)
                ? QueueArguments.differs(BYTES, current.retentionBytes(), received.retentionBytes(), NO_LIMIT, what)
                        .or(() -> QueueArguments.differs(
                                AGE, ageText(current.retentionTimeMs()), ageText(received.retentionTimeMs()), what))
                        .orElse(null)
                : null;
    }

    // --- consumers

    /** The group that a consumer shares; null where it reads alone. */
    static @Nullable String group(BasicMethods.Consume read) {
        FieldCursor at = new FieldCursor();
        return read.arguments().find(GROUP, at) && at.isText() ? at.text() : null;
    }

    /**
     * Where a consumer begins, at {@code wallMs}; null where that is wrong. Where nothing is said who reads alone
     * begins at the next message, and a new group at the first: it is there so that its members miss nothing.
     */
    static @Nullable StartPosition from(BasicMethods.Consume read, long wallMs) {
        FieldCursor at = new FieldCursor();
        if (!read.arguments().find(OFFSET, at)) {
            return group(read) == null ? StartPosition.next() : StartPosition.first();
        }
        if (at.isInteger()) {
            return new StartPosition.AtOffset(Math.max(0, at.integer()));
        }
        if (at.isTimestamp()) {
            long seconds = Math.max(0, Math.min(at.timestamp(), TopicSettings.QUANTITY_MAX / SECOND_MS));
            return new StartPosition.AtTime(seconds * SECOND_MS);
        }
        if (!at.isText()) {
            return null;
        }
        return switch (at.text()) {
            case "first" -> StartPosition.first();
            case "last" -> StartPosition.last();
            case "next" -> StartPosition.next();
            default -> {
                long agoMs = durationMs(at.text());
                yield agoMs == NO_LIMIT ? null : new StartPosition.AtTime(Math.max(0, wallMs - agoMs));
            }
        };
    }

    /** What is wrong about where a consumer begins, as its value was given. */
    static AmqpError wrongOffset(BasicMethods.Consume read, String queue) {
        FieldCursor at = new FieldCursor();
        boolean isText = read.arguments().find(OFFSET, at) && at.isText();
        String value = isText ? "<<\"" + at.text() + "\">>" : "" + at.toObject();
        return AmqpError.precondition(
                "invalid arg '" + OFFSET + "' for " + queue + ": {invalid_stream_offset_arg,{" + at.typeName() + ","
                        + value + "}}",
                MethodId.BASIC_CONSUME);
    }

    static AmqpError notSupported(String what, String queue, MethodId method) {
        return AmqpError.notImplemented(what + " not supported by stream queues " + queue, method);
    }
}

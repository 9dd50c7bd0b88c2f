package dev.recado.transport.amqp;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.DeadLetterRoute;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.HandOver;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicNote;
import dev.recado.core.topic.TopicSettings;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.QueueMethods;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a queue is declared with, as settings of a topic and of its group.
 *
 * @param problem why it cannot be; null where it can
 */
record QueueArguments(
        TopicSettings topic,
        GroupSettings group,
        QueueWords words,
        @Nullable AmqpError problem) {

    private static final String TTL = "x-message-ttl";
    private static final String EXPIRES = "x-expires";
    private static final String LENGTH = "x-max-length";
    private static final String LENGTH_BYTES = "x-max-length-bytes";
    private static final String OVERFLOW = "x-overflow";
    private static final String SINGLE = "x-single-active-consumer";
    private static final String DELIVERY_LIMIT = "x-delivery-limit";
    private static final String PRIORITY = "x-max-priority";
    private static final String TYPE = "x-queue-type";

    private static final long NO_TTL = -1;
    private static final long NO_LIMIT = 0;
    private static final long ABSENT = -1;
    private static final long NO_DELIVERY_LIMIT = -1;
    private static final long DELIVERY_LIMIT_MAX = 999;

    private static final String DROP_HEAD = "drop-head";
    private static final String REJECT_PUBLISH = "reject-publish";
    private static final String REJECT_DEAD_LETTER = "reject-publish-dlx";
    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";
    private static final String DEAD_LETTER_KEY = "x-dead-letter-routing-key";

    /** A queue as the protocol has it: no lease ends, nothing is counted, nothing becomes a dead letter. */
    private static final GroupSettings GROUP = GroupSettings.DEFAULT
            .with(GroupSettings.LEASE_MS, 0L)
            .with(GroupSettings.MAX_DELIVERIES, 0)
            .with(GroupSettings.BACK_OFF_MS, 0L)
            .with(GroupSettings.NACK_COUNTS, false)
            .with(GroupSettings.DEAD_LETTER, "");

    /** What {@code declared} asks for; errors call the queue {@code what}. An exclusive one is never durable. */
    static QueueArguments of(QueueMethods.Declare declared, String what) {
        Reading reading = new Reading(declared, what);
        QueueWords words = reading.words();
        if (reading.isStream()) {
            TopicSettings log = StreamArguments.read(declared, reading);
            return new QueueArguments(log, GroupSettings.DEFAULT, words, reading.problem);
        }
        boolean durable = declared.durable() && !declared.exclusive();
        long length = reading.number(LENGTH, 0, ABSENT);
        long bytes = reading.number(LENGTH_BYTES, 0, ABSENT);
        TopicSettings topic = TopicSettings.DEFAULT
                .with(TopicSettings.KIND, TopicKind.QUEUE)
                .with(TopicNote.KEY, words.note())
                .with(TopicSettings.DURABILITY, durable ? Durability.FSYNC : Durability.MEMORY)
                .with(Spilling.KEY, !durable)
                .with(TopicSettings.TRANSIENT, !durable)
                .with(TopicSettings.EXCLUSIVE, declared.exclusive())
                .with(TopicSettings.AUTO_DELETE, declared.autoDelete())
                .with(TopicSettings.EXPIRES, reading.number(EXPIRES, 1, NO_TTL))
                .with(TopicSettings.TTL, reading.number(TTL, 0, NO_TTL))
                .with(TopicSettings.LIMIT_MESSAGES, Math.max(0, length))
                .with(TopicSettings.LIMIT_BYTES, Math.max(0, bytes))
                .with(HandOver.KEY, length == 0 || bytes == 0)
                .with(TopicSettings.PRIORITIES, reading.priorities())
                .with(TopicSettings.OVERFLOW, reading.overflow());
        GroupSettings group = GROUP;
        String exchange = reading.text(DEAD_LETTER_EXCHANGE);
        String key = reading.text(DEAD_LETTER_KEY);
        if (exchange != null) {
            topic = topic.with(DeadLetterRoute.EXCHANGE, exchange)
                    .with(DeadLetterRoute.KEY, key == null ? DeadLetterRoute.OWN_KEY : key);
            group = group.with(GroupSettings.DEAD_LETTER, GroupSettings.DEAD_LETTER_OF_TOPIC);
        } else if (key != null) {
            reading.wrong(DEAD_LETTER_KEY, "routing_key_but_no_dlx_defined");
        }
        if (reading.flag(SINGLE)) {
            group = group.with(GroupSettings.STRATEGY, Strategy.SINGLE_ACTIVE);
        }
        long limit = reading.number(DELIVERY_LIMIT, 0, NO_DELIVERY_LIMIT);
        if (limit != NO_DELIVERY_LIMIT) {
            group = group.with(GroupSettings.MAX_DELIVERIES, (int) Math.min(limit, DELIVERY_LIMIT_MAX) + 1)
                    .with(GroupSettings.NACK_COUNTS, true);
        }
        reading.type();
        if (words.isQuorum()) {
            reading.without(StreamArguments.notOfQuorum(declared.arguments()), "rabbit_quorum_queue");
            reading.lasting("rabbit_quorum_queue");
        } else {
            reading.without(StreamArguments.ofStreams(declared.arguments()), "rabbit_classic_queue");
        }
        return new QueueArguments(topic, group, words, reading.problem);
    }

    /** Where a queue that exists differs by one of the words, which counts before what is wrong with them; or null. */
    @Nullable
    AmqpError wordDifference(Topic known, String what) {
        TopicSettings other = known.settings();
        boolean isLikeFlags = isDurable(other) == isDurable(topic) && other.isAutoDelete() == topic.isAutoDelete();
        if (other.kind() != TopicKind.QUEUE || topic.kind() != TopicKind.QUEUE || !isLikeFlags) {
            return null;
        }
        QueueWords current = QueueWords.of(known);
        return current.single(words, what)
                .or(() -> current.overflow(words, what))
                .or(() -> current.wrongType(words, what))
                .orElse(null);
    }

    /** The same for a queue that exists, which is like it: with that one's note. */
    QueueArguments like(Topic known) {
        return new QueueArguments(topic.with(TopicNote.KEY, TopicNote.of(known.settings())), group, words, problem);
    }

    /** Whether a queue was declared with a limit of deliveries. */
    static boolean limitsDeliveries(Topic known) {
        return declaredGroup(known).map(group -> group.maxDeliveries() > 0).orElse(false);
    }

    /** Whether a queue was declared with one active consumer. */
    static boolean isSingleActive(Topic known) {
        return declaredGroup(known).map(QueueArguments::isSingle).orElse(false);
    }

    private static Optional<GroupSettings> declaredGroup(Topic known) {
        return known.groups().stream()
                .map(GroupDef::settings)
                .filter(QueueArguments::isDeclared)
                .findFirst();
    }

    /** Why a queue that exists is not what was asked for, or null. */
    @Nullable
    AmqpError difference(Topic known, String what) {
        TopicSettings other = known.settings();
        if (topic.kind() != other.kind()) {
            return differs("durable", isDurable(other), isDurable(topic), what)
                    .or(() -> differs("auto_delete", other.isAutoDelete(), topic.isAutoDelete(), what))
                    .or(() -> QueueWords.of(known).type(words, what))
                    .orElse(null);
        }
        if (topic.kind() == TopicKind.LOG) {
            return StreamArguments.difference(other, topic, what);
        }
        GroupSettings otherGroup = declaredGroup(known).orElse(group);
        QueueWords current = QueueWords.of(known);
        DeadLetterRoute now = other.deadLetters();
        DeadLetterRoute wanted = topic.deadLetters();
        return Stream.of(
                        differs("durable", isDurable(other), isDurable(topic), what),
                        differs("auto_delete", other.isAutoDelete(), topic.isAutoDelete(), what),
                        differs(EXPIRES, other.expiresMs(), topic.expiresMs(), NO_TTL, what),
                        differs(TTL, other.ttlMs(), topic.ttlMs(), NO_TTL, what),
                        differs(LENGTH, length(other), length(topic), ABSENT, what),
                        differs(LENGTH_BYTES, other.limitBytes(), topic.limitBytes(), NO_LIMIT, what),
                        current.priority(words, what),
                        differs(DEAD_LETTER_EXCHANGE, exchange(now), exchange(wanted), what),
                        differs(DEAD_LETTER_KEY, key(now), key(wanted), what),
                        differs(DELIVERY_LIMIT, otherGroup.maxDeliveries(), group.maxDeliveries(), what),
                        current.notedType(words, what))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    /** A limit of 0 bytes is one of 0 messages. */
    private static long length(TopicSettings settings) {
        long none = HandOver.isOf(settings) ? 0 : ABSENT;
        return settings.limitMessages() == 0 ? none : settings.limitMessages();
    }

    private static boolean isDurable(TopicSettings settings) {
        return settings.durability() != Durability.MEMORY;
    }

    private static Optional<AmqpError> differs(String argument, boolean current, boolean received, String what) {
        return current == received
                ? Optional.empty()
                : inequivalent(argument, what, "'" + received + "'", "'" + current + "'");
    }

    private static @Nullable String exchange(@Nullable DeadLetterRoute route) {
        return route == null ? null : route.exchange();
    }

    private static @Nullable String key(@Nullable DeadLetterRoute route) {
        return route == null ? null : route.key();
    }

    private static boolean isSingle(GroupSettings settings) {
        return settings.strategy() == Strategy.SINGLE_ACTIVE;
    }

    /** Whether the group is one that this protocol has made: of others it does not know the arguments. */
    private static boolean isDeclared(GroupSettings settings) {
        return settings.leaseMs() == 0 && settings.backOffMs() == 0;
    }

    static String word(Overflow overflow) {
        return switch (overflow) {
            case DROP_OLDEST, BLOCK -> DROP_HEAD;
            case REJECT -> REJECT_PUBLISH;
            case REJECT_DEAD_LETTER -> REJECT_DEAD_LETTER;
        };
    }

    /** Deliveries that a message may have, one more than may fail; 0 for any number. */
    private static Optional<AmqpError> differs(String argument, int current, int received, String what) {
        return differs(argument, current - 1L, received - 1L, -1, what);
    }

    /** Texts, null where there is none. */
    static Optional<AmqpError> differs(
            String argument, @Nullable String current, @Nullable String received, String what) {
        return QueueWords.differs(argument, QueueWords.text(current), QueueWords.text(received), null, what);
    }

    /** Numbers of which {@code none} stands for an argument that was not given. */
    static Optional<AmqpError> differs(String argument, long current, long received, long none, String what) {
        if (current == received) {
            return Optional.empty();
        }
        boolean both = current != none && received != none;
        return inequivalent(argument, what, shown(received, none, both), shown(current, none, both));
    }

    /** Where the other one has none, with the type that most clients give such a number. */
    private static String shown(long value, long none, boolean both) {
        if (value == none) {
            return "none";
        }
        String type = value == (int) value ? "signedint" : "long";
        return both ? "'" + value + "'" : "the value '" + value + "' of type '" + type + "'";
    }

    static Optional<AmqpError> inequivalent(String argument, String what, String received, String current) {
        return Optional.of(AmqpError.inequivalent(argument, what, received, current, MethodId.QUEUE_DECLARE));
    }

    /** Goes over the arguments and keeps what is wrong first. */
    static final class Reading {
        private final QueueMethods.Declare declared;
        private final String what;
        private final FieldCursor at = new FieldCursor();
        private @Nullable AmqpError problem;

        Reading(QueueMethods.Declare declared, String what) {
            this.declared = declared;
            this.what = what;
        }

        private boolean find(String name) {
            return declared.arguments().find(name, at);
        }

        void wrong(String name, String why) {
            wrong("invalid arg '" + name + "' for " + what + ": " + why);
        }

        /** {@code name}, unless it is null, is an argument that a queue of that type does not have. */
        void without(@Nullable String name, String type) {
            if (name != null) {
                wrong("invalid arg '" + name + "' for " + what + " of queue type " + type);
            }
        }

        /** A queue of that type has a name, is durable and nobody's own, and does not end with its consumers. */
        void lasting(String type) {
            if (declared.queue().isEmpty()) {
                wrong("Cannot declare a server-named queue for type " + type);
            }
            property(declared.autoDelete(), "auto-delete");
            property(declared.exclusive(), "exclusive-owner");
            property(!declared.durable(), "non-durable");
        }

        private void property(boolean isSo, String name) {
            if (isSo) {
                wrong("invalid property '" + name + "' for " + what);
            }
        }

        void wrong(String why) {
            if (problem == null) {
                problem = AmqpError.precondition(why, MethodId.QUEUE_DECLARE);
            }
        }

        boolean isStream() {
            return find(TYPE) && at.isText() && at.text().equals(StreamArguments.TYPE);
        }

        long number(String name, long least, long absent) {
            if (!find(name)) {
                return absent;
            }
            if (!at.isInteger()) {
                wrong(name, "\"expected integer, got " + at.typeName() + "\"");
                return absent;
            }
            if (at.integer() < least) {
                wrong(name, at.integer() < 0 ? "{value_negative," + at.integer() + "}" : "{value_zero,0}");
                return absent;
            }
            return at.integer();
        }

        int priorities() {
            long highest = number(PRIORITY, 0, 0);
            if (highest > TopicSettings.PRIORITIES_MAX) {
                wrong(PRIORITY, "{max_value_exceeded," + highest + "}");
                return 0;
            }
            return (int) highest;
        }

        /** Null where it is not given. */
        @Nullable
        String text(String name) {
            if (!find(name)) {
                return null;
            }
            if (!at.isText()) {
                unacceptable(name);
                return null;
            }
            return at.text();
        }

        QueueWords words() {
            long priority = find(PRIORITY) && at.isInteger() ? at.integer() : ABSENT;
            return new QueueWords(word(OVERFLOW), word(SINGLE), word(TYPE), priority, true);
        }

        private QueueWords.@Nullable Word word(String name) {
            if (!find(name)) {
                return null;
            }
            return new QueueWords.Word(at.isText() ? at.text() : String.valueOf(at.toObject()), at.typeName());
        }

        boolean flag(String name) {
            if (!find(name)) {
                return false;
            }
            if (!at.isFlag()) {
                unacceptable(name);
                return false;
            }
            return at.flag();
        }

        private void unacceptable(String name) {
            wrong(name, "{unacceptable_type," + at.typeName() + "}");
        }

        Overflow overflow() {
            if (!find(OVERFLOW)) {
                return Overflow.DROP_OLDEST;
            }
            if (!at.isText()) {
                unacceptable(OVERFLOW);
                return Overflow.DROP_OLDEST;
            }
            switch (at.text()) {
                case DROP_HEAD -> {
                    return Overflow.DROP_OLDEST;
                }
                case REJECT_PUBLISH -> {
                    return Overflow.REJECT;
                }
                case REJECT_DEAD_LETTER -> {
                    return Overflow.REJECT_DEAD_LETTER;
                }
                default -> {
                    wrong(OVERFLOW, "invalid_overflow");
                    return Overflow.DROP_OLDEST;
                }
            }
        }

        void type() {
            if (!find(TYPE)) {
                return;
            }
            if (!at.isText()) {
                unacceptable(TYPE);
            } else if (!QueueWords.isType(at.text())) {
                wrong(TYPE, "\"unsupported queue type '" + at.text() + "'\"");
            }
        }
    }
}

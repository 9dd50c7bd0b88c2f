package dev.recado.transport.amqp;

import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicNote;
import dev.recado.core.topic.TopicSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a queue as they were given, whatever they are; null where they were not. Settings do not tell whether
 * the usual value was said or nothing: that is in the topic's note, which is {@code amqp} and behind it, each with a
 * space before it, {@code name=value} of these.
 *
 * @param priority -1 where none was given
 * @param noted whether that is known: not of a queue that another protocol has made, or an early version
 */
record QueueWords(
        @Nullable Word overflow,
        @Nullable Word single,
        @Nullable Word type,
        long priority,
        boolean noted) {

    private static final String OVERFLOW = "x-overflow";
    private static final String SINGLE = "x-single-active-consumer";
    private static final String TYPE = "x-queue-type";
    private static final String PRIORITY = "x-max-priority";

    private static final String MARK = "amqp";
    private static final String DROP_HEAD = "drop-head";
    private static final String CLASSIC = "classic";
    private static final String QUORUM = "quorum";
    private static final String NO_PRIORITY = "0";
    private static final Set<String> TYPES = Set.of(CLASSIC, QUORUM);
    private static final String NOT_SINGLE = "false";

    /** A value and the name of its type. */
    record Word(String value, String type) {
        static Word text(String value) {
            return new Word(value, "longstr");
        }

        private static Word flag(boolean value) {
            return new Word(Boolean.toString(value), "bool");
        }
    }

    /** Those that the settings of the topic do not tell. */
    String note() {
        Map<String, Word> untold = new LinkedHashMap<>();
        put(untold, TYPE, type);
        put(untold, OVERFLOW, is(overflow, DROP_HEAD) ? overflow : null);
        put(untold, SINGLE, is(single, NOT_SINGLE) ? single : null);
        put(untold, PRIORITY, priority == 0 ? Word.text(NO_PRIORITY) : null);
        return Stream.concat(
                        Stream.of(MARK),
                        untold.entrySet().stream()
                                .map(each ->
                                        each.getKey() + "=" + each.getValue().value()))
                .collect(Collectors.joining(" "));
    }

    private static void put(Map<String, Word> words, String name, @Nullable Word word) {
        if (word != null) {
            words.put(name, word);
        }
    }

    private static boolean is(@Nullable Word word, String value) {
        return word != null && word.value().equals(value);
    }

    static boolean isType(String text) {
        return TYPES.contains(text);
    }

    boolean isQuorum() {
        return is(type, QUORUM);
    }

    /** What a queue was declared with. */
    static QueueWords of(Topic topic) {
        TopicSettings settings = topic.settings();
        String[] note = TopicNote.of(settings).split(" ");
        boolean dropsHead = settings.overflow() == Overflow.DROP_OLDEST || settings.overflow() == Overflow.BLOCK;
        String overflow = dropsHead ? said(note, OVERFLOW) : QueueArguments.word(settings.overflow());
        String type = settings.kind() == TopicKind.LOG ? StreamArguments.TYPE : said(note, TYPE);
        boolean isSingle = QueueArguments.isSingleActive(topic);
        boolean hasPriority = settings.priorities() > 0 || said(note, PRIORITY) != null;
        return new QueueWords(
                text(overflow),
                isSingle || said(note, SINGLE) != null ? Word.flag(isSingle) : null,
                text(type),
                hasPriority ? settings.priorities() : -1,
                note[0].equals(MARK));
    }

    private static @Nullable String said(String[] note, String name) {
        String before = name + "=";
        for (String each : note) {
            if (each.startsWith(before)) {
                return each.substring(before.length());
            }
        }
        return null;
    }

    // --- this is what a queue has, and received what it is declared with again

    Optional<AmqpError> single(QueueWords received, String what) {
        return differs(SINGLE, single, received.single, noted ? null : NOT_SINGLE, what);
    }

    Optional<AmqpError> overflow(QueueWords received, String what) {
        return differs(OVERFLOW, overflow, received.overflow, noted ? null : DROP_HEAD, what);
    }

    Optional<AmqpError> priority(QueueWords received, String what) {
        long none = noted ? -1 : 0;
        return QueueArguments.differs(
                PRIORITY, Math.max(none, priority), Math.max(none, received.priority), none, what);
    }

    /** Where the received one is none that a queue may have. */
    Optional<AmqpError> wrongType(QueueWords received, String what) {
        return received.type == null || isType(received.type.value()) ? Optional.empty() : type(received, what);
    }

    /** Where it is known. */
    Optional<AmqpError> notedType(QueueWords received, String what) {
        return noted ? type(received, what) : Optional.empty();
    }

    /** No type and {@code classic} are the same. */
    Optional<AmqpError> type(QueueWords received, String what) {
        return differs(TYPE, type, received.type, CLASSIC, what);
    }

    /** {@code usual} is the same as nothing. */
    static Optional<AmqpError> differs(
            String argument, @Nullable Word current, @Nullable Word received, @Nullable String usual, String what) {
        boolean isUsual = received == null || received.value().equals(usual);
        boolean wasUsual = current == null || current.value().equals(usual);
        if (isUsual && wasUsual || current != null && current.equals(received)) {
            return Optional.empty();
        }
        boolean both = current != null && received != null;
        return QueueArguments.inequivalent(argument, what, shown(received, both), shown(current, both));
    }

    static @Nullable Word text(@Nullable String value) {
        return value == null ? null : Word.text(value);
    }

    private static String shown(@Nullable Word word, boolean both) {
        if (word == null) {
            return "none";
        }
        return both ? "'" + word.value() + "'" : "the value '" + word.value() + "' of type '" + word.type() + "'";
    }
}

package dev.recado.transport.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The first word of a command. */
enum Verb {
    PUB(Shape.PAYLOAD),
    SEND(Shape.CONTENT),
    ACK(Shape.LINE),
    XPUB(Shape.PAYLOAD),
    PUBL(Shape.TEXT),
    GET(Shape.LINE),
    HEARTBEAT(Shape.LINE),
    REGISTER(Shape.LINE),
    ACK_DURABLY(Shape.LINE, "ACK!"),
    NACK(Shape.LINE),
    REJECT(Shape.LINE),
    EXTEND(Shape.LINE),
    CREDIT(Shape.LINE),
    SUB(Shape.LINE),
    CEASE(Shape.LINE),
    UNSUB(Shape.LINE),
    REQ(Shape.PAYLOAD),
    REPLY(Shape.PAYLOAD),
    CONFIRM(Shape.LINE),
    PRODUCER(Shape.LINE),
    BEGIN(Shape.LINE),
    COMMIT(Shape.LINE),
    ROLLBACK(Shape.LINE),
    HELLO(Shape.LINE),
    AUTH(Shape.LINE),
    TOPIC(Shape.LINE),
    GROUP(Shape.LINE),
    EXCHANGE(Shape.LINE),
    SESSION(Shape.LINE),
    NAMESPACE(Shape.LINE),
    USER(Shape.LINE),
    TOKEN(Shape.LINE),
    BIND(Shape.LINE),
    UNBIND(Shape.LINE),
    BROWSE(Shape.LINE),
    PING(Shape.LINE),
    STATS(Shape.LINE),
    HELP(Shape.LINE),
    QUIT(Shape.LINE),
    /** None of the protocol's. */
    UNKNOWN(Shape.LINE, "");

    /** What follows the line. */
    enum Shape {
        LINE(TextCommand.FIELDS_MAX),
        /** The last field is the length of a payload behind the line. */
        PAYLOAD(TextCommand.FIELDS_MAX),
        /** The rest of the line is one field, colons included. */
        CONTENT(1),
        /** Behind the first field the rest of the line is one more, colons included. */
        TEXT(2);

        /** Fields that are told apart; the surplus stays in the last one. */
        final int fieldsMax;

        Shape(int fieldsMax) {
            this.fieldsMax = fieldsMax;
        }

        boolean isLastFieldContent() {
            return this == CONTENT || this == TEXT;
        }
    }

    private static final Verb[][] BY_FIRST_LETTER = byFirstLetter();

    final Shape shape;
    /** Never changed after construction. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] word;

    Verb(Shape shape) {
        this.shape = shape;
        this.word = name().getBytes(StandardCharsets.US_ASCII);
    }

    Verb(Shape shape, String word) {
        this.shape = shape;
        this.word = word.getBytes(StandardCharsets.US_ASCII);
    }

    private static Verb[][] byFirstLetter() {
        Verb[][] table = new Verb[26][];
        for (int letter = 0; letter < 26; letter++) {
            List<Verb> verbs = new ArrayList<>();
            for (Verb verb : values()) {
                if (verb.word.length > 0 && verb.word[0] == 'A' + letter) {
                    verbs.add(verb);
                }
            }
            table[letter] = verbs.toArray(new Verb[0]);
        }
        return table;
    }

    /** The verb that the bytes spell. */
    static Verb of(byte[] bytes, int from, int to) {
        int letter = from < to ? bytes[from] - 'A' : -1;
        if (letter < 0 || letter >= 26) {
            return isHelp(bytes, from, to) ? HELP : UNKNOWN;
        }
        for (Verb verb : BY_FIRST_LETTER[letter]) {
            if (verb.is(bytes, from, to)) {
                return verb;
            }
        }
        return isHelp(bytes, from, to) ? HELP : UNKNOWN;
    }

    /** Who asks for help need not know how to ask. */
    private static boolean isHelp(byte[] bytes, int from, int to) {
        return to - from == HELP.word.length
                && new String(bytes, from, to - from, StandardCharsets.US_ASCII).equalsIgnoreCase(HELP.name());
    }

    private boolean is(byte[] bytes, int from, int to) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 1; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}

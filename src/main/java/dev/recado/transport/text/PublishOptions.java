package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Quantities;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.ProducerWindow;
import dev.recado.core.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How what publishes is read: the options of a PUB or XPUB, which the field before the size has (the message's
 * priority, and whether it waits for the disk), and a producer's numbers.
 */
final class PublishOptions {

    /** Fields of a PUB with key and headers, the size included; with options it has one more. */
    static final int PUB_FIELDS = 4;
    /** The same of an XPUB with more keys. */
    static final int XPUB_FIELDS = 5;

    private static final String ALLOWED =
            "options, allowed=nosync, priority=<0 to " + TopicSettings.PRIORITIES_MAX + ">, joined by &";
    private static final byte[] PRIORITY = "priority=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_SYNC = "nosync".getBytes(StandardCharsets.US_ASCII);
    private static final int NONE = -1;

    private PublishOptions() {}

    static Refusal malformedField() {
        return Refusal.of(ErrorCode.INVALID_ARGUMENT, "malformed percent-encoding");
    }

    /** A producer's number, or -1 where it is none of 0 to {@link ProducerWindow#SEQUENCE_MAX}. */
    static long sequence(String digits) {
        long number = Quantities.number(digits);
        return number >= 0 && number <= ProducerWindow.SEQUENCE_MAX ? number : -1;
    }

    /** Fills in what the last field but one says, where the command has more than {@code fields}; null or why not. */
    static @Nullable Refusal read(TextCommand command, int fields, Draft draft) {
        int field = command.fieldCount - 2;
        if (command.fieldCount <= fields || command.fieldLength(field) == 0) {
            return null;
        }
        int priority = NONE;
        boolean unsynced = false;
        int end = command.fieldEnd(field);
        for (int from = command.fieldStart[field]; from <= end; ) {
            int to = from;
            while (to < end && command.bytes[to] != '&') {
                to++;
            }
            if (!unsynced && Arrays.equals(command.bytes, from, to, NO_SYNC, 0, NO_SYNC.length)) {
                unsynced = true;
            } else {
                int given = priority == NONE ? priority(command, from, to) : NONE;
                if (given == NONE) {
                    return Refusal.of(ErrorCode.INVALID_ARGUMENT, ALLOWED);
                }
                priority = given;
            }
            from = to + 1;
        }
        draft.priority = Math.max(0, priority);
        draft.isUnsynced = unsynced;
        return null;
    }

    private static int priority(TextCommand command, int from, int to) {
        int digits = from + PRIORITY.length;
        boolean named = digits < to
                && digits + 3 >= to
                && Arrays.equals(command.bytes, from, digits, PRIORITY, 0, PRIORITY.length);
        long priority = named ? TextCommand.number(command.bytes, digits, to) : NONE;
        return priority < 0 || priority > TopicSettings.PRIORITIES_MAX ? NONE : (int) priority;
    }
}

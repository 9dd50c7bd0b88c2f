package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The options of a PUB or XPUB, which the field before the size has: so far the message's priority. */
final class PublishOptions {

    /** Fields of a PUB with key and headers, the size included; with options it has one more. */
    static final int PUB_FIELDS = 4;
    /** The same of an XPUB with more keys. */
    static final int XPUB_FIELDS = 5;

    private static final String ALLOWED = "options, allowed=priority=<0 to " + TopicSettings.PRIORITIES_MAX + ">";
    private static final byte[] PRIORITY = "priority=".getBytes(StandardCharsets.US_ASCII);

    private PublishOptions() {}

    /** Fills in what the last field but one says, where the command has more than {@code fields}; null or why not. */
    static @Nullable Refusal read(TextCommand command, int fields, Draft draft) {
        int field = command.fieldCount - 2;
        if (command.fieldCount <= fields || command.fieldLength(field) == 0) {
            return null;
        }
        int from = command.fieldStart[field];
        int digits = from + PRIORITY.length;
        int to = command.fieldEnd(field);
        boolean named = digits < to
                && digits + 3 >= to
                && Arrays.equals(command.bytes, from, digits, PRIORITY, 0, PRIORITY.length);
        long priority = named ? TextCommand.number(command.bytes, digits, to) : -1;
        if (priority < 0 || priority > TopicSettings.PRIORITIES_MAX) {
            return Refusal.of(ErrorCode.INVALID_ARGUMENT, ALLOWED);
        }
        draft.priority = (int) priority;
        return null;
    }
}

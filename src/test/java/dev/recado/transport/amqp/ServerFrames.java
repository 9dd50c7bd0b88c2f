package dev.recado.transport.amqp;

import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.Arguments;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.MethodId;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server sent as lines, such as {@code 1 queue.declare-ok q 0 0}; of a content the properties stand behind the
 * arguments, and the body behind a colon: {@code 1 basic.deliver t1 1 '' q type=x : hello}. {@code heartbeat} is one.
 */
public final class ServerFrames {

    /** As {@code ClientFrames} has them; r is not shown. */
    private static final Map<MethodId, String> LAYOUTS = layouts();

    private final AmqpFrameReader frame = new AmqpFrameReader();
    private final Arguments arguments = new Arguments();
    private final ContentHeader header = new ContentHeader();
    private int at;

    private static Map<MethodId, String> layouts() {
        Map<MethodId, String> all = new EnumMap<>(MethodId.class);
        all.put(MethodId.CONNECTION_START, "bbtSS");
        all.put(MethodId.CONNECTION_TUNE, "hih");
        all.put(MethodId.CONNECTION_CLOSE, "hsm");
        all.put(MethodId.CONNECTION_BLOCKED, "s");
        all.put(MethodId.CHANNEL_CLOSE, "hsm");
        all.put(MethodId.CHANNEL_FLOW_OK, "[active]");
        all.put(MethodId.QUEUE_DECLARE_OK, "sii");
        all.put(MethodId.QUEUE_PURGE_OK, "i");
        all.put(MethodId.QUEUE_DELETE_OK, "i");
        all.put(MethodId.BASIC_CONSUME_OK, "s");
        all.put(MethodId.BASIC_CANCEL, "s[no-wait]");
        all.put(MethodId.BASIC_CANCEL_OK, "s");
        all.put(MethodId.BASIC_DELIVER, "sl[redelivered]ss");
        all.put(MethodId.BASIC_RETURN, "hsss");
        all.put(MethodId.BASIC_GET_OK, "l[redelivered]ssi");
        all.put(MethodId.BASIC_ACK, "l[multiple]");
        all.put(MethodId.BASIC_NACK, "l[multiple,requeue]");
        return all;
    }

    /** Passes over so many bytes. */
    public void passOver(int count) {
        at += count;
    }

    /** What comes next in {@code bytes[0, to)}, or null where nothing more is complete. */
    public @Nullable String next(byte[] bytes, int to) {
        int start = at;
        String head = method(bytes, to);
        if (head == null || !head.contains("basic.") || !hasContent(head)) {
            return head;
        }
        if (!readFrame(bytes, to)) {
            at = start;
            return null;
        }
        check(frame.type() == AmqpFrameReader.HEADER, "no header behind " + head);
        check(header.read(bytes, frame.payloadStart(), frame.payloadLength()), header.problem());
        StringBuilder text = new StringBuilder(head).append(properties()).append(" : ");
        long left = header.bodyBytes();
        while (left > 0) {
            if (!readFrame(bytes, to)) {
                at = start;
                return null;
            }
            check(frame.type() == AmqpFrameReader.BODY, "no body behind " + head);
            text.append(new String(bytes, frame.payloadStart(), frame.payloadLength(), StandardCharsets.UTF_8));
            left -= frame.payloadLength();
        }
        return text.toString().stripTrailing();
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private static boolean hasContent(String head) {
        String word = head.split(" ")[1];
        return word.equals("basic.deliver") || word.equals("basic.return") || word.equals("basic.get-ok");
    }

    private boolean readFrame(byte[] bytes, int to) {
        AmqpFrameReader.Outcome outcome = frame.read(bytes, at, to, Integer.MAX_VALUE);
        check(outcome != AmqpFrameReader.Outcome.MALFORMED, frame.problem());
        if (outcome == AmqpFrameReader.Outcome.FRAME) {
            at = frame.end();
        }
        return outcome == AmqpFrameReader.Outcome.FRAME;
    }

    private @Nullable String method(byte[] bytes, int to) {
        if (!readFrame(bytes, to)) {
            return null;
        }
        if (frame.type() == AmqpFrameReader.HEARTBEAT) {
            return "heartbeat";
        }
        check(frame.type() == AmqpFrameReader.METHOD, "a content without a method");
        MethodId method =
                Objects.requireNonNull(MethodId.of(arguments.open(bytes, frame.payloadStart(), frame.payloadLength())));
        check(method.isFromServer(), method.wireName());
        StringBuilder line =
                new StringBuilder().append(frame.channel()).append(' ').append(method.wireName());
        String layout = LAYOUTS.getOrDefault(method, "");
        for (int i = 0; i < layout.length(); i++) {
            if (layout.charAt(i) == '[') {
                int end = layout.indexOf(']');
                for (String bit : layout.substring(i + 1, end).split(",")) {
                    line.append(arguments.bit() ? " " + bit : "");
                }
                i = end;
            } else {
                line.append(' ').append(argument(layout.charAt(i)));
            }
        }
        return line.toString();
    }

    private String argument(char form) {
        return switch (form) {
            case 'b' -> Integer.toString(arguments.octet());
            case 'h' -> Integer.toString(arguments.unsignedShort());
            case 'i' -> Long.toString(arguments.unsignedInt());
            case 'l' -> Long.toString(arguments.longLong());
            case 's' -> orEmpty(arguments.shortString());
            case 'S' -> new String(arguments.longString(), StandardCharsets.UTF_8);
            case 't' -> arguments.table().toString();
            default -> culprit();
        };
    }

    private static String orEmpty(String text) {
        return text.isEmpty() ? "''" : text;
    }

    private String culprit() {
        MethodId method = MethodId.of((int) arguments.unsignedInt());
        return "(" + (method == null ? "" : method.wireName()) + ")";
    }

    private String properties() {
        StringBuilder text = new StringBuilder();
        for (BasicProperty property : BasicProperty.values()) {
            if (header.has(property)) {
                String name = property.name().toLowerCase(Locale.ROOT).replace('_', '-');
                text.append(' ').append(name).append('=').append(value(property));
            }
        }
        return text.toString();
    }

    private String value(BasicProperty property) {
        return switch (property) {
            case HEADERS -> header.headers().toString().replace(" ", "");
            case DELIVERY_MODE -> Integer.toString(header.deliveryMode());
            case PRIORITY -> Integer.toString(header.priority());
            case TIMESTAMP -> Long.toString(header.timestamp());
            default -> Objects.requireNonNull(header.text(property));
        };
    }
}

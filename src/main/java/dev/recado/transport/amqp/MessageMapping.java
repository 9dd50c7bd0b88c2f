package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.Origin;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.amqp.wire.Address;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.PropertiesBuilder;
import dev.recado.transport.amqp.wire.ShortString;
import dev.recado.transport.amqp.wire.TableBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a message of AMQP is stored, and how a stored one becomes one of AMQP. What its publisher sent is kept byte for
 * byte in the native block:
 *
 * <pre>
 *  shortstr  exchange
 *  shortstr  routing key
 *  bytes     flags and properties, as in a content header
 * </pre>
 *
 * <p>Beside it stands what others read: the routing key as the key, where the message went through an exchange, and
 * text properties and simple headers as neutral headers. One that another protocol published gets its properties from
 * those.
 */
final class MessageMapping {

    /** What wrote a native block. */
    static final int CODEC = Origin.CODEC;

    private static final int PRIORITY_MAX = 255;
    /** The delivery mode of a message that need not outlive a loss of power; one that says nothing does. */
    private static final int TRANSIENT = 1;
    /** As many milliseconds as there are in some thousand years: more is never. */
    private static final long EXPIRATION_MS_MAX = 1L << 50;

    /** A property that is a neutral header, its name encoded once. */
    private record Named(BasicProperty property, String name, byte[] utf8) {
        private static Named of(BasicProperty property, String name) {
            return new Named(property, name, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final List<Named> NAMED = List.of(
            Named.of(BasicProperty.CONTENT_TYPE, "content-type"),
            Named.of(BasicProperty.CONTENT_ENCODING, "content-encoding"),
            Named.of(BasicProperty.CORRELATION_ID, "correlation-id"),
            Named.of(BasicProperty.REPLY_TO, Headers.REPLY_TO),
            Named.of(BasicProperty.MESSAGE_ID, "message-id"),
            Named.of(BasicProperty.TYPE, "type"),
            Named.of(BasicProperty.APP_ID, "app-id"));

    private MessageMapping() {}

    /** Fills in all but the payload; answers why the message cannot be taken, or null. */
    static @Nullable AmqpError toDraft(ContentHeader header, Address address, Draft draft, LoopScratch loop) {
        ByteWriter scratch = loop.freshScratch();
        putNeutral(header, scratch);
        int headersLength = scratch.size();
        address.put(scratch);
        scratch.put(header.bytes(), header.propertiesStart(), header.propertiesLength());
        draft.headers(scratch.array(), 0, headersLength);
        draft.nativeCodec = CODEC;
        draft.nativeBytes = scratch.array();
        draft.nativeStart = headersLength;
        draft.nativeLength = scratch.size() - headersLength;
        if (address.exchangeLength() > 0) {
            draft.key(address.bytes(), address.routingKeyStart(), address.routingKeyLength());
        }
        draft.isUnsynced = header.deliveryMode() == TRANSIENT;
        draft.priority = Math.min(PRIORITY_MAX, Math.max(0, header.priority()));
        return header.has(BasicProperty.EXPIRATION) ? expire(header, draft) : null;
    }

    private static void putNeutral(ContentHeader header, ByteWriter out) {
        for (Named named : NAMED) {
            BasicProperty property = named.property;
            if (header.has(property)) {
                out.putBlock(named.utf8, 0, named.utf8.length);
                int prefix = property == BasicProperty.REPLY_TO ? ReplyAddress.prefixBytes(header) : 0;
                out.putBlock(header.bytes(), header.start(property) + prefix, header.length(property) - prefix);
            }
        }
        if (header.has(BasicProperty.HEADERS)) {
            FieldCursor at = header.headers().fields();
            while (at.next()) {
                String value = simple(at);
                if (value != null && at.nameLength() > 0) {
                    out.putBlock(at.bytes(), at.nameStart(), at.nameLength());
                    out.putString(value);
                }
            }
        }
    }

    /** A value that has a plain text, or null. */
    private static @Nullable String simple(FieldCursor at) {
        if (at.isText()) {
            return at.text();
        }
        if (at.isInteger()) {
            return Long.toString(at.integer());
        }
        if (at.isFlag()) {
            return Boolean.toString(at.flag());
        }
        return at.isFloating() ? Double.toString(at.floating()) : null;
    }

    private static @Nullable AmqpError expire(ContentHeader header, Draft draft) {
        byte[] bytes = header.bytes();
        int at = header.start(BasicProperty.EXPIRATION);
        int end = at + header.length(BasicProperty.EXPIRATION);
        int from = at < end && (bytes[at] == '+' || bytes[at] == '-') ? at + 1 : at;
        long ms = 0;
        int digits = from;
        while (digits < end && bytes[digits] >= '0' && bytes[digits] <= '9') {
            ms = Math.min(EXPIRATION_MS_MAX, ms * 10 + bytes[digits] - '0');
            digits++;
        }
        String text = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        if (digits == from) {
            return expirationProblem(text, "no_integer");
        }
        if (digits < end) {
            return expirationProblem(
                    text,
                    "{leftover_string,\"" + new String(bytes, digits, end - digits, StandardCharsets.UTF_8) + "\"}");
        }
        if (bytes[at] == '-' && ms > 0) {
            return expirationProblem(text, "{value_negative,-" + ms + "}");
        }
        draft.ttlMs = ms;
        return null;
    }

    private static AmqpError expirationProblem(String text, String why) {
        return AmqpError.precondition("invalid expiration '" + text + "': " + why, MethodId.BASIC_PUBLISH);
    }

    /** Whether {@code message} keeps what an AMQP publisher sent. */
    static boolean isNative(MessageView message) {
        return message.nativeCodec == CODEC && message.nativeLength >= 2;
    }

    /** Where exchange and routing key of such a message end in the native block. */
    static int addressLength(MessageView message) {
        int exchange = message.bytes[message.nativeStart] & 0xFF;
        return 2 + exchange + (message.bytes[message.nativeStart + 1 + exchange] & 0xFF);
    }

    /** Flags and properties of a message of another protocol, which need not name its {@code correlationId}. */
    static void putProperties(MessageView message, @Nullable String correlationId, ByteWriter out) {
        PropertiesBuilder properties = new PropertiesBuilder();
        if (correlationId != null) {
            properties.text(BasicProperty.CORRELATION_ID, correlationId);
        }
        Map<String, String> headers = Headers.toMap(message.bytes, message.headersStart, message.headersLength);
        TableBuilder table = new TableBuilder();
        headers.forEach((name, value) -> {
            BasicProperty property = property(name);
            String shown = property == BasicProperty.REPLY_TO ? ReplyAddress.shown(value) : value;
            boolean fits = shown.getBytes(StandardCharsets.UTF_8).length <= ShortString.BYTES_MAX;
            if (property != null && fits) {
                properties.text(property, shown);
            } else if (name.getBytes(StandardCharsets.UTF_8).length <= ShortString.BYTES_MAX) {
                table.text(name, value);
            }
        });
        if (!table.isEmpty()) {
            properties.headers(table);
        }
        if (message.priority > 0) {
            properties.priority(message.priority);
        }
        if (message.ttlMs >= 0) {
            properties.text(BasicProperty.EXPIRATION, Long.toString(message.ttlMs));
        }
        properties.put(out);
    }

    private static @Nullable BasicProperty property(String name) {
        for (Named each : NAMED) {
            if (name.equals(each.name)) {
                return each.property;
            }
        }
        return null;
    }
}

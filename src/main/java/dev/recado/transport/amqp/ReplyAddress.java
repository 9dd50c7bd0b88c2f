package dev.recado.transport.amqp;

import dev.recado.broker.InboxAddress;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.ContentHeader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How the address of an inbox looks to AMQP clients: behind a name of their protocol. */
final class ReplyAddress {

    /** What a client consumes, and names in {@code reply-to}. */
    static final String QUEUE = "amq.rabbitmq.reply-to";
    /** In front of the address. */
    static final String PREFIX = QUEUE + ".";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

    private ReplyAddress() {}

    /** What clients are told as the {@code reply-to} of a message whose header is {@code value}. */
    static String shown(String value) {
        return InboxAddress.parse(value) == null ? value : PREFIX + value;
    }

    /** How many bytes of the property {@code reply-to} are not for others. */
    static int prefixBytes(ContentHeader header) {
        int from = header.start(BasicProperty.REPLY_TO);
        int prefix = PREFIX_BYTES.length;
        return header.length(BasicProperty.REPLY_TO) > prefix
                        && Arrays.equals(header.bytes(), from, from + prefix, PREFIX_BYTES, 0, prefix)
                ? prefix
                : 0;
    }
}

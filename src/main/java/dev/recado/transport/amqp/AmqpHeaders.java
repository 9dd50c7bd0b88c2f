package dev.recado.transport.amqp;

import dev.recado.core.message.HeaderView;
import dev.recado.core.message.NativeHeaders;
import dev.recado.transport.amqp.wire.BasicProperty;
import dev.recado.transport.amqp.wire.ContentHeader;

/** The header table of a message that came over AMQP, as exchanges compared it when it was published. */
public final class AmqpHeaders implements NativeHeaders {

    @Override
    public int codec() {
        return MessageMapping.CODEC;
    }

    @Override
    public HeaderView read(byte[] bytes, int start, int length) {
        int end = start + length;
        int keyAt = start + 1 + (length < 2 ? 0 : bytes[start] & 0xFF);
        if (length < 2 || keyAt >= end) {
            return HeaderView.NONE;
        }
        int properties = keyAt + 1 + (bytes[keyAt] & 0xFF);
        ContentHeader header = new ContentHeader();
        boolean isRead = properties < end && header.readProperties(bytes, properties, end - properties);
        return isRead && header.has(BasicProperty.HEADERS) ? TableValues.view(header) : HeaderView.NONE;
    }
}

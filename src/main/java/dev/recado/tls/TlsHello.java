package dev.recado.tls;

import io.netty.buffer.ByteBuf;

/** How a TLS connection begins: a record of a handshake, of major version 3 (RFC 8446, 5.1). */
public final class TlsHello {

    private static final int HANDSHAKE = 0x16;
    private static final int MAJOR = 3;

    private TlsHello() {}

    /** Whether {@code bytes}, of which there is one at least, begin so as far as they go; they are not read. */
    public static boolean begins(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.getByte(at) == HANDSHAKE && (bytes.readableBytes() == 1 || bytes.getByte(at + 1) == MAJOR);
    }
}

package dev.recado.it;

import dev.recado.base.ClientTls;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** What TLS clients say first. */
final class TlsHellos {

    private TlsHellos() {}

    /** The first flight of a client that goes no further. */
    static byte[] one() throws SSLException {
        SSLEngine engine = ClientTls.of(null, null, null).engine("localhost", 1);
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }
}

package dev.recado.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS of a {@link LoadSocket}. One thread may read while another writes, as there; each side has its own buffer. A
 * broker that changes its keys in the middle would be answered with the next write.
 */
final class LoadTls {

    /** Records that are gathered for one read or write of the socket. */
    private static final int RECORDS = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    /** What the socket brought and is not decrypted, ready to be read. */
    private final ByteBuffer arrived;
    /** What is encrypted and the socket has not taken, ready to be read. */
    private final ByteBuffer leaving;

    private LoadTls(SSLEngine engine) {
        this.engine = engine;
        int record = engine.getSession().getPacketBufferSize();
        arrived = ByteBuffer.allocateDirect(RECORDS * record).flip();
        leaving = ByteBuffer.allocateDirect(RECORDS * record).flip();
    }

    /** Completes the handshake on a channel that blocks. */
    static LoadTls handshake(SocketChannel channel, SSLEngine engine) throws IOException {
        engine.beginHandshake();
        LoadTls tls = new LoadTls(engine);
        ByteBuffer spare = ByteBuffer.allocate(tls.plainBytesMax());
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
            if (status == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
                status = engine.getHandshakeStatus();
            } else if (status == HandshakeStatus.NEED_WRAP) {
                status = tls.wrap(NOTHING).getHandshakeStatus();
                tls.flush(channel);
            } else {
                status = tls.unwrapMore(channel, spare);
            }
        }
        return tls;
    }

    private HandshakeStatus unwrapMore(SocketChannel channel, ByteBuffer spare) throws IOException {
        SSLEngineResult result = engine.unwrap(arrived, spare);
        if (result.getStatus() == Status.BUFFER_UNDERFLOW && !fill(channel)) {
            throw new SSLException("the broker closed the connection in the TLS handshake");
        }
        return result.getHandshakeStatus() == HandshakeStatus.FINISHED
                ? HandshakeStatus.FINISHED
                : engine.getHandshakeStatus();
    }

    /** What one record decrypts to at most. */
    int plainBytesMax() {
        return engine.getSession().getApplicationBufferSize();
    }

    /** Reads the socket once; answers whether it is open. */
    boolean fill(SocketChannel channel) throws IOException {
        arrived.compact();
        int count = channel.read(arrived);
        arrived.flip();
        return count >= 0;
    }

    /** Decrypts the next record that is complete; answers whether there was one. */
    boolean next(ByteBuffer into) throws IOException {
        SSLEngineResult result = engine.unwrap(arrived, into);
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
        return result.getStatus() == Status.OK && result.bytesConsumed() > 0;
    }

    private SSLEngineResult wrap(ByteBuffer plain) throws IOException {
        leaving.compact();
        try {
            return engine.wrap(plain, leaving);
        } finally {
            leaving.flip();
        }
    }

    /** Encrypts and writes {@code plain} as far as the socket takes it; answers whether it may take more. */
    boolean write(SocketChannel channel, ByteBuffer plain) throws IOException {
        int record = engine.getSession().getPacketBufferSize();
        while (plain.hasRemaining() && leaving.capacity() - leaving.remaining() >= record) {
            if (wrap(plain).getStatus() != Status.OK) {
                throw new SSLException("TLS is closed");
            }
        }
        return flush(channel);
    }

    /** Writes what is encrypted; answers whether that was all. */
    boolean flush(SocketChannel channel) throws IOException {
        while (leaving.hasRemaining()) {
            if (channel.write(leaving) == 0) {
                return false;
            }
        }
        return true;
    }
}

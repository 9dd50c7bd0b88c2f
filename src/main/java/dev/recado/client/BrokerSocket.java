package dev.recado.client;

import dev.recado.base.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A socket to a broker, with TLS over it or without. One thread may read while another writes and a third closes. */
final class BrokerSocket implements AutoCloseable {

    private final Socket plain;
    private final Socket spoken;

    private BrokerSocket(Socket plain, Socket spoken) {
        this.plain = plain;
        this.spoken = spoken;
    }

    /** Connects, and completes the handshake where there is a {@code tls}; a read waits as long at most. */
    static BrokerSocket connect(BrokerAddress broker, int timeoutMs, @Nullable ClientTls tls) throws IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            plain.connect(new InetSocketAddress(broker.host(), broker.port()), timeoutMs);
            refuseItself(plain);
            plain.setSoTimeout(timeoutMs);
            return new BrokerSocket(plain, tls == null ? plain : over(plain, broker.host(), broker.port(), tls));
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** Closed below by {@link #close}. */
    private static Socket over(Socket plain, String host, int port, ClientTls tls) throws IOException {
        SSLSocket secured = (SSLSocket) tls.sockets().createSocket(plain, host, port, true);
        secured.setSSLParameters(ClientTls.parameters());
        secured.startHandshake();
        return secured;
    }

    /** On loopback TCP may join a socket to itself where nobody listens, and so keep the broker from its port. */
    private static void refuseItself(Socket connection) throws IOException {
        if (connection.getLocalSocketAddress().equals(connection.getRemoteSocketAddress())) {
            connection.setSoLinger(true, 0);
            throw new ConnectException("connection refused");
        }
    }

    InputStream in() throws IOException {
        return spoken.getInputStream();
    }

    OutputStream out() throws IOException {
        return spoken.getOutputStream();
    }

    /** A read waits as long as it takes. */
    void waitForReads() throws IOException {
        plain.setSoTimeout(0);
    }

    /** Closes what is below TLS too: the goodbye of TLS would wait for a write that is under way. */
    @Override
    public void close() throws IOException {
        plain.close();
    }
}

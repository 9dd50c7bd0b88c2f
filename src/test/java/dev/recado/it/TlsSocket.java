package dev.recado.it;

import dev.recado.base.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A raw connection by the JDK's TLS, line by line. One thread. */
final class TlsSocket implements AutoCloseable {

    private static final int PATIENCE_MS = 20_000;

    private final SSLSocket socket;

    private TlsSocket(SSLSocket socket) {
        this.socket = socket;
    }

    /** Trusts {@code trust}; a small {@code receiveBytes} soon stops the flow, 0 leaves that to the system. */
    static TlsSocket open(int port, Path trust, int receiveBytes) throws IOException {
        Socket plain = new Socket();
        if (receiveBytes > 0) {
            plain.setReceiveBufferSize(receiveBytes);
        }
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        plain.setSoTimeout(PATIENCE_MS);
        return new TlsSocket(over(plain, "localhost", port, trust));
    }

    /** TLS over a connected socket, to a broker of that name. */
    static SSLSocket over(Socket plain, String host, int port, Path trust) throws IOException {
        ClientTls tls = ClientTls.of(Files.readAllBytes(trust), null, null);
        SSLSocket secured = (SSLSocket) tls.sockets().createSocket(plain, host, port, true);
        secured.setSSLParameters(ClientTls.parameters());
        secured.startHandshake();
        return secured;
    }

    /** The common name in the certificate that the broker has shown. */
    String shown() throws SSLPeerUnverifiedException {
        return socket.getSession().getPeerPrincipal().getName();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a line and answers the next that comes; null at the end. */
    @Nullable
    String ask(String line) throws IOException {
        write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return line();
    }

    @Nullable
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = socket.getInputStream().read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return next < 0 && line.isEmpty() ? null : line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.recado.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A blocking client that sends whatever it is told to. */
public final class BadClient implements AutoCloseable {

    private static final int TIMEOUT_MS = 10_000;

    private final Socket socket;
    private final InputStream in;

    public BadClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 65_536);
    }

    public BadClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public BadClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends until the broker hangs up or {@code bytesMax} are sent; answers how many were. */
    public long flood(byte[] bytes, long bytesMax) {
        long sent = 0;
        try {
            while (sent < bytesMax) {
                send(bytes);
                sent += bytes.length;
            }
        } catch (IOException hungUp) {
            return sent;
        }
        return sent;
    }

    public void hangUpHalf() throws IOException {
        socket.shutdownOutput();
    }

    /** The next line, or {@code (end)} where the connection is gone. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return line + "(end)";
                }
                line.append((char) b);
            }
        } catch (SocketException reset) {
            return line + "(end)";
        }
        return line.toString();
    }

    /** So many bytes, or what there is up to the end of the connection. */
    public String bytes(int count) throws IOException {
        return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end of the connection. */
    public String rest() throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "(reset)";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

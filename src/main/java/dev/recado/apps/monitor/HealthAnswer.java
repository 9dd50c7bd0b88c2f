package dev.recado.apps.monitor;

import dev.recado.apps.monitor.SupervisedNode.Address;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * Tells monitors that this process lives: answers {@code OK} to a datagram that says {@code PING}, and nothing to any
 * other. Has a thread of its own, which does not keep the process alive; so it answers though the process is at work.
 */
public final class HealthAnswer implements AutoCloseable {

    /** What is asked. */
    static final String PING = "PING";
    /** What is answered. */
    static final String OK = "OK";

    private static final int DATAGRAM_BYTES_MAX = 64;

    private static final byte[] OK_BYTES = OK.getBytes(StandardCharsets.US_ASCII);

    private final DatagramSocket socket;

    private HealthAnswer(DatagramSocket socket) {
        this.socket = socket;
    }

    /**
     * Begins to answer.
     *
     * @param port 0 for a free one
     * @throws IOException where the address is not to be had
     */
    public static HealthAnswer start(String host, int port) throws IOException {
        DatagramSocket socket;
        try {
            socket = new DatagramSocket(new InetSocketAddress(host, port));
        } catch (SocketException refused) {
            throw new IOException(
                    "health checks cannot be answered at " + host + ":" + port + ": " + refused.getMessage(), refused);
        }
        HealthAnswer answer = new HealthAnswer(socket);
        Thread thread = new Thread(answer::run, "health-answer");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /**
     * Begins to answer where an option says.
     *
     * @param at {@code HOST:PORT}, or a port of this machine's loopback
     * @throws IllegalArgumentException where it is neither
     */
    public static HealthAnswer start(String at) throws IOException {
        Address address = Address.parse(at.indexOf(':') < 0 ? "127.0.0.1:" + at : at);
        return start(address.host(), address.port());
    }

    /** The port that was bound. */
    public int port() {
        return socket.getLocalPort();
    }

    private void run() {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
        while (!socket.isClosed()) {
            try {
                packet.setLength(DATAGRAM_BYTES_MAX);
                socket.receive(packet);
                String asked = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                if (asked.strip().equals(PING)) {
                    socket.send(new DatagramPacket(OK_BYTES, OK_BYTES.length, packet.getSocketAddress()));
                }
            } catch (IOException passes) {
                // Closed, or the one who asked is gone: the next one is answered again.
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

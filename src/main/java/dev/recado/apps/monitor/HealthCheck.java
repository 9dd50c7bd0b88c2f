package dev.recado.apps.monitor;

import dev.recado.apps.monitor.SupervisedNode.Health;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A health check that blocks, for programs without an event loop. */
public final class HealthCheck {

    private HealthCheck() {}

    /**
     * Whether the node answers.
     *
     * @param health {@code HOST:PORT}, or {@code tcp://HOST:PORT}, as in a {@link NodeFile}
     * @param timeoutMs how long an answer may take
     */
    public static boolean answers(String health, int timeoutMs) {
        Health parsed = Health.parse(health);
        InetSocketAddress address =
                new InetSocketAddress(parsed.at().host(), parsed.at().port());
        try {
            return parsed.byTcp() ? connects(address, timeoutMs) : says(address, timeoutMs);
        } catch (IOException down) {
            return false;
        }
    }

    private static boolean connects(InetSocketAddress address, int timeoutMs) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMs);
            return true;
        }
    }

    private static boolean says(InetSocketAddress address, int timeoutMs) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(timeoutMs);
            socket.connect(address);
            byte[] ping = HealthAnswer.PING.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(ping, ping.length));
            DatagramPacket answer = new DatagramPacket(new byte[HealthAnswer.OK.length()], HealthAnswer.OK.length());
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII)
                    .equals(HealthAnswer.OK);
        }
    }
}

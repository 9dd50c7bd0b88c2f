package dev.recado.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Ports for brokers that must come back at the same address. */
public final class Ports {

    private Ports() {}

    /**
     * A port that is free now and lies below the range from which the system numbers outgoing connections: while the
     * broker is down, no client's own connection can take it (a client that keeps knocking could even meet itself).
     */
    public static int freeBelowEphemeral() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = 20_000 + random.nextInt(12_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port between 20000 and 32000");
    }

    /** So many different ones. */
    public static List<Integer> freeBelowEphemeral(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < count) {
            ports.add(freeBelowEphemeral());
        }
        return List.copyOf(ports);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

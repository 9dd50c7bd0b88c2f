package dev.recado.apps.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Free ports for parts that must come back at the same address. */
public final class FreePorts {

    /** Below the range from which systems number outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** A port for each key, free now for TCP and UDP, and all different. */
    public static Map<String, Integer> pick(List<String> keys) throws IOException {
        Random random = new Random();
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (int i = 0; i < TRIES && ports.size() < keys.size(); i++) {
            int port = FIRST + random.nextInt(COUNT);
            if (!ports.containsValue(port) && isFree(port)) {
                ports.put(keys.get(ports.size()), port);
            }
        }
        if (ports.size() < keys.size()) {
            throw new IOException("no free ports between " + FIRST + " and " + (FIRST + COUNT));
        }
        return ports;
    }

    /**
     * Else somebody else's listener would be taken for the part that cannot have its port.
     *
     * @throws IOException where one of them is not free; names it by its key and says what to do
     */
    public static void check(Map<String, Integer> ports) throws IOException {
        for (Map.Entry<String, Integer> one : ports.entrySet()) {
            if (!isFree(one.getValue())) {
                throw new IOException("port " + one.getValue() + " (" + one.getKey()
                        + ") is in use: end what listens there, or give --free-ports");
            }
        }
    }

    /** Whether nobody has it on the loopback address, neither for TCP nor for UDP. */
    private static boolean isFree(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket probe = new ServerSocket(port, 1, loopback);
                DatagramSocket other = new DatagramSocket(port, loopback)) {
            return probe.isBound() && other.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

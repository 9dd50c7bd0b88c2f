package dev.recado.it;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.ClientFrames;
import dev.recado.transport.amqp.ServerFrames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a scripted conversation, blocking, over raw frames. What it hears goes into lists by what is in a
 * fixed order among itself: the answers of a channel, its returns and confirmations (those between two returns by
 * their tags), each consumer's deliveries. A confirmation of many counts as one of each.
 */
final class AmqpCaller implements AutoCloseable {

    private static final byte[] HEADER = "AMQP\0\0\11\1".getBytes(StandardCharsets.ISO_8859_1);
    private static final String[] CAPABILITIES = {
        "consumer_cancel_notify", "authentication_failure_close", "connection.blocked", "basic.nack"
    };
    private static final int LIMIT_MS = Integer.getInteger("recado.differential.limit-ms", 15_000);
    private static final int FRAME_BYTES = 131_072;

    private static final Set<String> ASKING = Set.of(
            "connection.open",
            "connection.close",
            "connection.update-secret",
            "channel.open",
            "channel.close",
            "channel.flow",
            "access.request",
            "exchange.declare",
            "exchange.delete",
            "exchange.bind",
            "exchange.unbind",
            "queue.declare",
            "queue.bind",
            "queue.unbind",
            "queue.purge",
            "queue.delete",
            "basic.qos",
            "basic.consume",
            "basic.cancel",
            "basic.get",
            "basic.recover",
            "confirm.select",
            "tx.select",
            "tx.commit",
            "tx.rollback");

    private final Socket socket;
    private final ByteWriter received = new ByteWriter(4096);
    private final ServerFrames frames = new ServerFrames();
    private final byte[] buffer = new byte[64 * 1024];
    private final Map<String, List<String>> heard = new TreeMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<Integer, TreeSet<Long>> settled = new HashMap<>();
    private final Map<Integer, Integer> answers = new HashMap<>();
    private boolean over;
    private boolean agrees = true;

    private AmqpCaller(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MS);
    }

    /** Connected, and nothing said. */
    static AmqpCaller silent(int port) throws IOException {
        return new AmqpCaller(port);
    }

    /** Logged in and with channel 1 open, of which nothing is kept. */
    static AmqpCaller ready(int port) throws IOException {
        AmqpCaller caller = new AmqpCaller(port);
        caller.header();
        caller.login("PLAIN", "\0guest\0guest");
        caller.say("0 connection.tune-ok 2047 131072 0");
        caller.say("0 connection.open /");
        caller.say("1 channel.open");
        caller.heard.clear();
        return caller;
    }

    void header() throws IOException {
        socket.getOutputStream().write(HEADER);
        awaitAnswer(0, answered(0) + 1);
    }

    void login(String mechanism, String response) throws IOException {
        write(ClientFrames.startOk(mechanism, response.getBytes(StandardCharsets.ISO_8859_1), CAPABILITIES));
        awaitAnswer(0, answered(0) + 1);
    }

    void bytes(String hex) {
        write(HexFormat.of().parseHex(hex));
    }

    /** Does not answer a close by itself from now on. */
    void hold() {
        agrees = false;
    }

    /** Sends a line, and waits for the answer where there is one, or for the end of its channel. */
    void say(String line) throws IOException {
        if (over) {
            return;
        }
        String[] words = line.split(" ");
        int channel = Integer.parseInt(words[0]);
        int before = answered(channel);
        send(line);
        if (ASKING.contains(words[1]) && !line.contains(" no-wait")) {
            awaitAnswer(channel, before + 1);
        }
    }

    /** Sends a line; {@code 1 frame 2 00ff} is a frame of any type. */
    void send(String line) {
        String[] words = line.split(" ");
        int channel = Integer.parseInt(words[0]);
        write(
                words[1].equals("frame")
                        ? ClientFrames.frame(
                                Integer.parseInt(words[2]),
                                channel,
                                words.length < 4 ? new byte[0] : HexFormat.of().parseHex(words[3]))
                        : ClientFrames.of(line, FRAME_BYTES));
    }

    /** Sends bytes as they are. */
    void raw(byte[] bytes) {
        write(bytes);
    }

    private void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException gone) {
            // What was heard tells why.
        }
    }

    private int answered(int channel) {
        return answers.getOrDefault(channel, 0);
    }

    private void awaitAnswer(int channel, int count) throws IOException {
        while (!over && answered(channel) < count) {
            hear();
        }
    }

    /** Waits for so many lines more that hold {@code what}, as {@code 1 basic.deliver}. */
    void await(String what, int count) throws IOException {
        while (!over && counts.getOrDefault(what, 0) < count) {
            hear();
        }
        counts.merge(what, -count, Integer::sum);
    }

    /** Waits until the other side has closed. */
    void awaitEnd() throws IOException {
        while (!over) {
            hear();
        }
    }

    private void hear() throws IOException {
        String line = next();
        if (line == null) {
            over = true;
            note("0", "ended");
            return;
        }
        String[] words = line.split(" ");
        if (line.equals("heartbeat")) {
            return;
        }
        int channel = Integer.parseInt(words[0]);
        String method = words[1];
        switch (method) {
            case "basic.deliver" -> note(channel + " consumer " + words[2], line);
            case "basic.return" -> note(channel + " confirms", line);
            case "basic.ack", "basic.nack" -> onConfirm(channel, method, line);
            case "basic.cancel" -> note(channel + " cancels", line);
            default -> {
                note(Integer.toString(channel), method.equals("connection.start") ? "0 connection.start" : line);
                answers.merge(channel, 1, Integer::sum);
                onClose(channel, method);
            }
        }
        counts.merge(channel + " " + method, 1, Integer::sum);
    }

    private void onClose(int channel, String method) {
        if (method.equals("connection.close") || method.equals("connection.close-ok")) {
            over = true;
            if (method.equals("connection.close")) {
                write(ClientFrames.of("0 connection.close-ok", FRAME_BYTES));
            }
        } else if (method.equals("channel.close") && agrees) {
            write(ClientFrames.of(channel + " channel.close-ok", FRAME_BYTES));
            settled.remove(channel);
        }
    }

    private void onConfirm(int channel, String method, String line) {
        long tag = Long.parseLong(line.split(" ")[2]);
        TreeSet<Long> known = settled.computeIfAbsent(channel, unused -> new TreeSet<>());
        for (long one = line.contains(" multiple") ? 1 : tag; one <= tag; one++) {
            if (known.add(one)) {
                List<String> lines = heard.computeIfAbsent(channel + " confirms", unused -> new ArrayList<>());
                addByTag(lines, channel + " " + method + " " + one);
                counts.merge(channel + " confirm", 1, Integer::sum);
            }
        }
    }

    /**
     * Confirmations come in any order among themselves: a refusal may overtake the sync of what was published before.
     * What is returned stays before its own.
     */
    static void addByTag(List<String> lines, String confirm) {
        int at = lines.size();
        while (at > 0 && !lines.get(at - 1).contains(" basic.return ") && tag(lines.get(at - 1)) > tag(confirm)) {
            at--;
        }
        lines.add(at, confirm);
    }

    private static long tag(String confirm) {
        return Long.parseLong(confirm.split(" ")[2]);
    }

    /** The last answer on a channel, or what ended the connection. */
    String last(int channel) {
        List<String> lines = heard.getOrDefault(over ? "0" : Integer.toString(channel), List.of());
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    private void note(String where, String line) {
        heard.computeIfAbsent(where, unused -> new ArrayList<>()).add(line);
    }

    private @Nullable String next() throws IOException {
        String line = whole();
        while (line == null) {
            int count;
            try {
                count = socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException late) {
                note("0", "nothing more within " + LIMIT_MS + " ms");
                return null;
            } catch (IOException reset) {
                return null;
            }
            if (count < 0) {
                return null;
            }
            received.put(buffer, 0, count);
            line = whole();
        }
        return line;
    }

    /** What came as a whole: a frame, or the header that a server answers to another protocol. */
    private @Nullable String whole() {
        if (counts.isEmpty() && received.size() >= HEADER.length && received.array()[0] == 'A') {
            frames.passOver(HEADER.length);
            received.array()[0] = 0;
            return "0 header " + HexFormat.of().formatHex(received.array(), 1, HEADER.length);
        }
        boolean cut = received.size() > 0 && received.array()[0] == 'A';
        return cut ? null : frames.next(received.array(), received.size());
    }

    /** Ends the connection as a client does, and tells all that was heard until then. */
    List<String> end(String name) throws IOException {
        say("0 connection.close 200");
        close();
        List<String> all = new ArrayList<>();
        heard.forEach((where, lines) -> lines.forEach(line -> all.add(name + " [" + where + "] " + line)));
        return all;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

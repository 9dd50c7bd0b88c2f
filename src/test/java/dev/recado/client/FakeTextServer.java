package dev.recado.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A broker of one process's memory that speaks as much of the text protocol as a client needs, over real loopback
 * sockets, and that fails on demand. Topics have one partition; groups begin at the first message; state is guarded by
 * this.
 */
public final class FakeTextServer implements AutoCloseable {

    /** A stored message. */
    record Stored(String key, String headers, byte[] payload) {}

    /** A group: what is next, what came back, what is in whose hands, how often each was delivered. */
    static final class Group {
        long next;
        final TreeSet<Long> returned = new TreeSet<>();
        final Map<Long, FakeTextSession> held = new LinkedHashMap<>();
        final Map<Long, Integer> attempts = new HashMap<>();
        final TreeSet<Long> acked = new TreeSet<>();
        /** From this offset on it hands out nothing. */
        long end = Long.MAX_VALUE;
        /** Where its dead letters go; null where the broker does not say. */
        @Nullable
        String deadLetter;
    }

    final Map<String, List<Stored>> topics = new LinkedHashMap<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    final Map<String, Map<Long, Long>> producers = new HashMap<>();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final Set<FakeTextSession> sessions = new LinkedHashSet<>();
    /** Publishes until the connection is cut without an answer; -1 never. */
    int cutAfter = -1;
    /** How many of the next publishes are refused, and with what. */
    int refusals;

    /** What is answered to TOPIC:DESCRIBE of these topics. */
    final Map<String, String> descriptions = new HashMap<>();

    /** What is answered, in turn, to commands whose answers are lists; the last one again and again. */
    final Map<String, ArrayDeque<List<String>>> lists = new HashMap<>();

    /** What is answered to EXCHANGE:LIST. */
    final List<String> exchanges = new ArrayList<>();

    String refusal = "";
    /** Whether it knows no CEASE, as 0.1.0. */
    boolean ceaseless;
    /** Publishes are neither stored nor answered. */
    boolean mute;
    /** Whether it knows no options of a SUB, as 0.1.0. */
    boolean optionless;
    /** Duplicates that were dropped. */
    int duplicates;

    private final int port;
    private volatile ServerSocket listener;
    private volatile Thread acceptor = new Thread();

    private FakeTextServer(ServerSocket listener) {
        this.listener = listener;
        port = listener.getLocalPort();
        accept(listener);
    }

    public static FakeTextServer start() throws IOException {
        return new FakeTextServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    private void accept(ServerSocket on) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            open(on.accept());
                        }
                    } catch (IOException e) {
                        return;
                    }
                },
                "fake-server");
        thread.setDaemon(true);
        acceptor = thread;
        thread.start();
    }

    private synchronized void open(Socket socket) {
        FakeTextSession session = new FakeTextSession(this, socket);
        sessions.add(session);
        session.start();
    }

    /** Cuts every connection; what was held returns. */
    public synchronized void cutAll() {
        List.copyOf(sessions).forEach(FakeTextSession::cut);
    }

    /** Stops listening and cuts everything, as a killed broker does. */
    public void down() throws IOException {
        listener.close();
        try {
            acceptor.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cutAll();
    }

    public void up() throws IOException {
        listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        accept(listener);
    }

    public synchronized List<String> payloads(String topic) {
        List<String> texts = new ArrayList<>();
        topics.getOrDefault(topic, List.of())
                .forEach(stored -> texts.add(new String(stored.payload(), StandardCharsets.UTF_8)));
        return texts;
    }

    public synchronized int ackedCount(String topic, String group) {
        Group found = groups.get(topic + "/" + group);
        return found == null ? 0 : found.acked.size();
    }

    /** Refuses the next publishes. */
    public synchronized void refuse(String text, int times) {
        refusal = text;
        refusals = times;
    }

    /** Has a topic described so. */
    public synchronized void describe(String topic, String json) {
        topics.computeIfAbsent(topic, name -> new ArrayList<>());
        descriptions.put(topic, json);
    }

    /** Has a command answered so. */
    public synchronized void list(String command, String... lines) {
        lists.computeIfAbsent(command, unused -> new ArrayDeque<>()).add(List.of(lines));
    }

    /** Has a command refused from now on. */
    public synchronized void refuse(String command, String error) {
        lists.put(command, new ArrayDeque<>(List.of(List.of(error))));
    }

    /** Lists an exchange so. */
    public synchronized void exchange(String json) {
        exchanges.add(json);
    }

    /** Says a line to every session. */
    synchronized void push(String line) throws IOException {
        for (FakeTextSession session : sessions) {
            session.say(line);
        }
    }

    /** Answers no publish from now on, as a broker whose topic is full. */
    public synchronized void answerNoPublish() {
        mute = true;
    }

    /** Ends {@link #answerNoPublish}; who waits finds out at a new connection. */
    public synchronized void answerPublishes() {
        mute = false;
        cutAll();
    }

    /** Puts a message straight into a topic. */
    public synchronized void put(String topic, byte[] payload) {
        topics.computeIfAbsent(topic, name -> new ArrayList<>()).add(new Stored("", "", payload));
        dispatch();
    }

    /** As {@link #put(String, byte[])}, with headers as they are on the wire. */
    public synchronized void put(String topic, String headers, byte[] payload) {
        topics.computeIfAbsent(topic, name -> new ArrayList<>()).add(new Stored("", headers, payload));
        dispatch();
    }

    /** The headers of what is stored, as on the wire. */
    public synchronized List<String> headers(String topic) {
        return topics.getOrDefault(topic, List.of()).stream()
                .map(Stored::headers)
                .toList();
    }

    /** Has a group hand out nothing from an offset on. */
    public synchronized void withhold(String topic, String group, long from) {
        group(topic, group).end = from;
    }

    /** Has a group that sends its dead letters there. */
    public synchronized void deadLetter(String topic, String group, String target) {
        topics.computeIfAbsent(topic, name -> new ArrayList<>());
        group(topic, group).deadLetter = target;
    }

    /** The commands that begin so. */
    public List<String> commands(String start) {
        return commands.stream().filter(line -> line.startsWith(start)).toList();
    }

    /** Whether some session has sent this command. */
    public boolean heard(String command) {
        return commands.contains(command);
    }

    synchronized int heldCount(String topic, String group) {
        return group(topic, group).held.size();
    }

    synchronized Group group(String topic, String group) {
        return groups.computeIfAbsent(topic + "/" + group, name -> new Group());
    }

    /** Hands out what the members' credit allows. */
    synchronized void dispatch() {
        for (FakeTextSession session : List.copyOf(sessions)) {
            session.deliver();
        }
    }

    synchronized void closed(FakeTextSession session) {
        sessions.remove(session);
        groups.values().forEach(group -> giveBack(group, session));
        dispatch();
    }

    /** What a session holds of a group is there for others. */
    synchronized void giveBack(Group group, FakeTextSession session) {
        group.held.entrySet().removeIf(held -> {
            boolean its = held.getValue() == session;
            if (its) {
                group.returned.add(held.getKey());
            }
            return its;
        });
    }

    @Override
    public void close() throws IOException {
        down();
    }
}

package dev.recado.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * As much of the text protocol as {@link LoadPublisher} and {@link LoadMember} speak, in memory, one topic and one
 * group, on one thread; it can be told to do wrong, which shows that {@link HistoryChecker} would see it.
 */
final class StandInBroker implements AutoCloseable {

    private static final int EVERY = 50;

    /** What to do wrong, at every fiftieth message. */
    enum Fault {
        /** Confirms a message and drops it. */
        LOSE,
        /** Hands a message out twice under one attempt. */
        HAND_OUT_TWICE,
        /** Stores a message twice. */
        STORE_TWICE,
        /** Hands a message out after its successor. */
        SWAP,
        /** Hands out what nobody sent. */
        INVENT,
        /** Hands out another message's bytes. */
        MIX_UP,
        /** Closes a publisher's connection, once, instead of answering. */
        HANG_UP,
        /** Stores again what comes again under the same number. */
        FORGET_NUMBERS
    }

    private final Set<Fault> faults;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final Thread thread = new Thread(this::serve, "stand-in broker");
    private final List<byte[]> log = new ArrayList<>();
    private final Deque<Integer> ready = new ArrayDeque<>();
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private final Map<String, Map<Long, Integer>> numbers = new HashMap<>();
    private final List<Session> members = new ArrayList<>();
    private int turn;
    private boolean hungUp;

    /** One connection. */
    private static final class Session {
        private final SocketChannel channel;
        private final ByteArrayOutputStream input = new ByteArrayOutputStream();
        private final Set<Integer> held = new TreeSet<>();
        private boolean ranges;
        private int rangeFirst = -1;
        private int rangeLast = -1;
        private @Nullable String producer;
        private long sequence;
        private int credit;

        private Session(SocketChannel channel) {
            this.channel = channel;
        }
    }

    StandInBroker(Set<Fault> faults) throws IOException {
        this.faults = faults.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(faults);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        Waiting.until("the stand-in's thread to end", Duration.ofSeconds(5), () -> !thread.isAlive());
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void serve() {
        try {
            while (!Thread.interrupted()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    onReady(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onReady(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            SocketChannel channel = server.accept();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Session(channel));
            return;
        }
        Session session = (Session) key.attachment();
        try {
            read(session);
            deliver();
        } catch (IOException gone) {
            end(session);
        }
    }

    private void end(Session session) throws IOException {
        session.channel.close();
        members.remove(session);
        session.held.forEach(ready::addFirst);
        session.held.clear();
        deliver();
    }

    private void read(Session session) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        if (session.channel.read(buffer) < 0) {
            throw new IOException("closed");
        }
        session.input.write(buffer.array(), 0, buffer.position());
        byte[] bytes = session.input.toByteArray();
        int at = 0;
        for (int used = frame(session, bytes, at); used > 0; used = frame(session, bytes, at)) {
            at += used;
        }
        session.input.reset();
        session.input.write(bytes, at, bytes.length - at);
        endRange(session);
    }

    /** Bytes of one complete command at {@code at}, which it has carried out; 0 where it is not complete. */
    private int frame(Session session, byte[] bytes, int at) throws IOException {
        int lineEnd = at;
        while (lineEnd < bytes.length && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        if (lineEnd == bytes.length) {
            return 0;
        }
        String[] field = new String(bytes, at, lineEnd - at, StandardCharsets.UTF_8).split(":", -1);
        int end = lineEnd + 1;
        if (field[0].equals("PUB")) {
            int length = Integer.parseInt(field[field.length - 1]);
            if (end + length + 1 > bytes.length) {
                return 0;
            }
            publish(session, Arrays.copyOfRange(bytes, end, end + length));
            end += length + 1;
        } else {
            command(session, field);
        }
        return end - at;
    }

    private void command(Session session, String[] field) throws IOException {
        switch (field[0]) {
            case "CONFIRM" -> {
                session.ranges = field[1].equals("RANGE");
                say(session, "OK:CONFIRM");
            }
            case "PRODUCER" -> {
                session.producer = field[1];
                session.sequence = Long.parseLong(field[2]);
                say(session, "OK:PRODUCER:" + field[1] + ":" + field[2]);
            }
            case "SUB" -> {
                session.credit = Integer.parseInt(field[3]);
                members.add(session);
                say(session, "OK:SUB:1");
            }
            case "ACK" -> session.held.remove(Integer.parseInt(field[2]));
            case "UNSUB" -> {
                members.remove(session);
                say(session, "OK:UNSUB:1");
            }
            default -> say(session, "ERROR:Unknown command: " + field[0]);
        }
    }

    private void publish(Session session, byte[] payload) throws IOException {
        boolean wrong = ++turn % EVERY == 0;
        int id = store(session, payload, wrong);
        if (wrong && faults.contains(Fault.HANG_UP) && !hungUp) {
            hungUp = true;
            throw new IOException("hung up");
        }
        if (!session.ranges) {
            say(session, "OK:MSG_ID:" + id);
        } else if (session.rangeFirst >= 0 && session.rangeLast + 1 == id) {
            session.rangeLast = id;
        } else {
            endRange(session);
            session.rangeFirst = id;
            session.rangeLast = id;
        }
    }

    private int store(Session session, byte[] payload, boolean wrong) {
        String producer = session.producer;
        if (producer != null) {
            Map<Long, Integer> known = numbers.computeIfAbsent(producer, absent -> new HashMap<>());
            Integer old = known.get(session.sequence);
            if (old != null && !faults.contains(Fault.FORGET_NUMBERS)) {
                session.sequence++;
                return old;
            }
            known.put(session.sequence++, log.size());
        }
        int id = log.size();
        log.add(payload);
        if (!(wrong && faults.contains(Fault.LOSE))) {
            ready.add(id);
        }
        if (wrong && faults.contains(Fault.STORE_TWICE)) {
            ready.add(log.size());
            log.add(payload);
        }
        return id;
    }

    private void endRange(Session session) throws IOException {
        if (session.rangeFirst >= 0) {
            say(session, "OK:MSG_IDS:" + session.rangeFirst + ":" + session.rangeLast);
            session.rangeFirst = -1;
        }
    }

    private void deliver() throws IOException {
        for (Session member : List.copyOf(members)) {
            while (member.held.size() < member.credit && !ready.isEmpty()) {
                handOut(member, ready.remove());
            }
        }
    }

    private void handOut(Session member, int id) throws IOException {
        boolean wrong = id % EVERY == EVERY - 1;
        Integer next = ready.peek();
        if (wrong && faults.contains(Fault.SWAP) && next != null) {
            ready.remove();
            push(member, next, log.get(next), attempts.merge(next, 1, Integer::sum));
        }
        byte[] payload = wrong && faults.contains(Fault.MIX_UP) ? log.get(0) : log.get(id);
        int attempt = attempts.merge(id, 1, Integer::sum);
        push(member, id, payload, attempt);
        if (wrong && faults.contains(Fault.HAND_OUT_TWICE)) {
            push(member, id, payload, attempt);
        }
        if (wrong && faults.contains(Fault.INVENT)) {
            // Not held: there is nothing to come back when the member goes.
            tell(member, 1_000_000 + id, "never sent".getBytes(StandardCharsets.UTF_8), 1);
        }
    }

    private static void push(Session member, int id, byte[] payload, int attempt) throws IOException {
        member.held.add(id);
        tell(member, id, payload, attempt);
    }

    private static void tell(Session member, int id, byte[] payload, int attempt) throws IOException {
        String body = new String(payload, StandardCharsets.UTF_8);
        say(member, "MSG:1:" + id + ":" + attempt + ":" + payload.length + "\n" + body);
    }

    private static void say(Session session, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            session.channel.write(bytes);
        }
    }
}

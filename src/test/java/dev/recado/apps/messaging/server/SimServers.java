package dev.recado.apps.messaging.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.apps.messaging.clock.CorrectedClock;
import dev.recado.apps.messaging.clock.LamportClock;
import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.EnvelopeCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/**
 * A few servers in one thread over a network that delays, reorders and drops, with starts from what was durable. Every
 * message goes through the codec; every receipt is held against Lamport's rule.
 */
final class SimServers {

    /** Deliveries in a run; more would mean that servers talk without an end. */
    private static final int EVENTS_MAX = 200_000;

    /** One event in so many is a server's last. */
    private static final int DEATH_ODDS = 600;

    private record SimCaller(String name) implements ServerEffects.Caller {}

    private record Event(long atMs, long order, Runnable run) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(order, other.order);
        }
    }

    /** One server and its disk. */
    private static final class Node {
        private final String name;
        private final long skewMs;
        private final List<HistoryEntry> disk = new ArrayList<>();
        private long lamportBound;
        private int run;
        private ServerCore core;
        private long lastClock;

        Node(String name, long skewMs) {
            this.name = name;
            this.skewMs = skewMs;
        }

        void start() {
            run++;
            core = new ServerCore(
                    name,
                    name + ".run" + run,
                    "tcp://" + name,
                    new LamportClock(lamportBound),
                    new CorrectedClock(skewMs),
                    disk,
                    new ServerOptions(500, 60_000));
        }

        boolean isUp() {
            return core != null;
        }
    }

    private final Random random;
    private double dropped;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<String, Envelope> answers = new LinkedHashMap<>();
    private final Map<String, List<String>> said = new TreeMap<>();
    private boolean faulty = true;
    private long nowMs = 1_000;
    private long order;
    private int eventCount;

    SimServers(long seed, int count, double dropShare, long... skewsMs) {
        random = new Random(seed);
        dropped = dropShare;
        for (int i = 0; i < count; i++) {
            Node node = new Node("server-" + (i + 1), i < skewsMs.length ? skewsMs[i] : 0);
            nodes.put(node.name, node);
            node.start();
            tickEvery(node);
        }
    }

    private void tickEvery(Node node) {
        after(40 + random.nextInt(20), () -> {
            act(node, effects -> node.core.onTick(now(), effects));
            tickEvery(node);
        });
    }

    private ServerMoment now() {
        return new ServerMoment(nowMs, 1_700_000_000_000L + nowMs);
    }

    private void after(long delayMs, Runnable run) {
        events.add(new Event(nowMs + delayMs, order++, run));
    }

    private interface Act {
        void on(ServerEffects effects);
    }

    /** One event of a server; it may die of it before its disk or before its sends. */
    private void act(Node node, Act act) {
        if (!node.isUp()) {
            return;
        }
        long clockBefore = node.core.lamport().value();
        Collected collected = new Collected(node);
        act.on(collected);
        assertThat(node.core.lamport().value()).isGreaterThanOrEqualTo(clockBefore);
        if (faulty && random.nextInt(DEATH_ODDS) == 0) {
            die(node);
            return;
        }
        node.disk.addAll(collected.kept);
        long bound = node.core.lamport().boundToKeep();
        if (bound > 0) {
            node.lamportBound = bound;
            node.core.lamport().onKept(bound);
        }
        if (faulty && random.nextInt(DEATH_ODDS) == 0) {
            die(node);
            return;
        }
        collected.sends.forEach(Runnable::run);
    }

    private void die(Node node) {
        node.core = null;
        after(random.nextInt(3_000), () -> {
            if (!node.isUp()) {
                node.start();
            }
        });
    }

    /** What one event did. */
    private final class Collected implements ServerEffects {
        private final Node node;
        private final List<HistoryEntry> kept = new ArrayList<>();
        private final List<Runnable> sends = new ArrayList<>();

        Collected(Node node) {
            this.node = node;
        }

        @Override
        public void keep(HistoryEntry entry) {
            kept.add(entry);
        }

        @Override
        public void publish(String topic, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            leaves(envelope, () -> nodes.values().forEach(other -> {
                if (random.nextDouble() >= dropped) {
                    deliver(other, bytes, received -> effects -> other.core.onPublication(received, now(), effects));
                }
            }));
        }

        @Override
        public void reply(Caller caller, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            String asker = ((SimCaller) caller).name();
            leaves(envelope, () -> {
                Node other = nodes.get(asker);
                if (other == null) {
                    Envelope answer = decoded(bytes);
                    answers.put(answer.textOrEmpty(Envelope.ID), answer);
                } else {
                    deliver(
                            other,
                            bytes,
                            received -> effects -> other.core.onAnswer(node.name, received, now(), effects));
                }
            });
        }

        @Override
        public void ask(String server, Envelope envelope) {
            byte[] bytes = EnvelopeCodec.encode(envelope);
            leaves(envelope, () -> {
                if (server.equals(ServerCore.REF)) {
                    deliver(node, bytes, unused -> effects -> node.core.onAnswer(server, list(), now(), effects));
                    return;
                }
                Node other = nodes.get(server);
                SimCaller caller = new SimCaller(node.name);
                deliver(other, bytes, received -> effects -> other.core.onRequest(caller, received, now(), effects));
            });
        }

        @Override
        public void say(String line) {
            said.computeIfAbsent(node.name, unused -> new ArrayList<>()).add(line);
        }

        /** What leaves a server carries a clock that only grows, over all its runs. */
        private void leaves(Envelope envelope, Runnable send) {
            sends.add(() -> {
                assertThat(envelope.clock()).isGreaterThan(node.lastClock);
                node.lastClock = envelope.clock();
                send.run();
            });
        }
    }

    private static Envelope decoded(byte[] bytes) {
        EnvelopeCodec.Decoded decoded = EnvelopeCodec.decode(bytes);
        assertThat(decoded.envelope()).as(decoded.problem()).isNotNull();
        return decoded.envelope();
    }

    private interface Receipt {
        Act of(Envelope received);
    }

    private void deliver(Node node, byte[] bytes, Receipt receipt) {
        long delayMs = random.nextInt(10) == 0 ? random.nextInt(200) : 1 + random.nextInt(4);
        after(delayMs, () -> {
            Envelope received = decoded(bytes);
            act(node, receipt.of(received));
            if (node.isUp() && !received.user().equals(node.name)) {
                assertThat(node.core.lamport().value()).isGreaterThan(received.clock());
            }
        });
    }

    /** What a reference server would tell. */
    private Envelope list() {
        List<Object> servers = new ArrayList<>();
        long rank = 0;
        for (Node node : nodes.values()) {
            rank++;
            if (node.isUp()) {
                servers.add(Map.of("name", node.name, "rank", rank, "endpoint", "tcp://" + node.name));
            }
        }
        return new Envelope("heart", "ref", 1, 1, Map.of("servers", servers, Envelope.STATUS, Envelope.OK));
    }

    /** A client's request to a server, which may be lost there. */
    void request(String server, String user, String service, String id, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>(more);
        fields.put(Envelope.ID, id);
        byte[] bytes = EnvelopeCodec.encode(new Envelope(service, user, 1, 0, fields));
        Node node = nodes.get(server);
        SimCaller caller = new SimCaller("client");
        deliver(node, bytes, received -> effects -> node.core.onRequest(caller, received, now(), effects));
    }

    /** The answer to the request with that id, or null. */
    Envelope answer(String id) {
        return answers.get(id);
    }

    void run(long ms) {
        long endMs = nowMs + ms;
        while (!events.isEmpty() && events.peek().atMs() <= endMs) {
            Event event = events.poll();
            nowMs = event.atMs();
            assertThat(eventCount++).isLessThan(EVENTS_MAX);
            event.run().run();
        }
        nowMs = endMs;
    }

    /** Publications that arrive nowhere, all else does. */
    void silencePublications() {
        faulty = false;
        dropped = 1;
    }

    /** Nothing is lost and nobody dies from here on. */
    void heal() {
        faulty = false;
        dropped = 0;
        nodes.values().stream().filter(node -> !node.isUp()).forEach(Node::start);
    }

    void kill(String server) {
        nodes.get(server).core = null;
    }

    void start(String server) {
        nodes.get(server).start();
    }

    List<String> names() {
        return List.copyOf(nodes.keySet());
    }

    Histories histories(String server) {
        return nodes.get(server).core.histories();
    }

    String coordinator(String server) {
        return nodes.get(server).core.coordinator();
    }

    long timeMs(String server) {
        return nodes.get(server).core.timeMs(now());
    }

    List<String> said(String server) {
        return said.getOrDefault(server, List.of());
    }

    int restarts() {
        return nodes.values().stream().mapToInt(node -> node.run - 1).sum();
    }
}

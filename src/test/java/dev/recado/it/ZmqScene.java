package dev.recado.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One broker, the ZeroMQ sockets around it and the threads that use them; closing it ends all of them. */
final class ZmqScene implements AutoCloseable {

    /** How long one step may take where nothing else is said. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    static final String REQUESTS = "zmtp.requests";
    static final String PIPELINE = "zmtp.pipeline";
    private static final String QUEUE = "queue";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Deque<ZmqSocket> sockets = new ConcurrentLinkedDeque<>();
    private final List<AutoCloseable> others = new ArrayList<>();
    private final LoadCrew crew = new LoadCrew();
    private BrokerProcess broker;
    /** Asks the broker for figures; made anew for one that was started again. */
    private @Nullable TextConnection admin;

    private volatile boolean stopping;

    private ZmqScene(BrokerProcess broker) {
        this.broker = broker;
    }

    static ZmqScene start(Path work) throws IOException {
        return start(BrokerProcess.in(work));
    }

    static ZmqScene start(BrokerProcess.Plan plan) throws IOException {
        return new ZmqScene(plan.start());
    }

    BrokerProcess broker() {
        return broker;
    }

    /** {@code kill -9}, and a broker with the same plan in its place. */
    void killBrokerAndStartAgain() throws IOException {
        broker.killNine();
        admin = null;
        broker = broker.again();
    }

    ZmqSocket open(ZmqKit kit, String type) throws IOException {
        return open(kit, ZmqSpec.of(type));
    }

    /** A socket at the listener for its type. */
    ZmqSocket open(ZmqKit kit, ZmqSpec spec) throws IOException {
        return openAt(broker.port(spec.listener()), kit, spec);
    }

    /** A DEALER that asks. */
    ZmqSocket openClient(ZmqKit kit, ZmqSpec spec) throws IOException {
        return openAt(broker.port("zmtp-router"), kit, spec);
    }

    /** A socket that answers. */
    ZmqSocket openWorker(ZmqKit kit, ZmqSpec spec) throws IOException {
        return openAt(broker.port("zmtp-dealer"), kit, spec);
    }

    /** A peer that reads nothing and whose machine can be cut off, see {@code machine.py}. */
    DriverSocket openMachine(String type) throws IOException {
        return openProgram("machine.py", type, ZmqSpec.of(type).listener());
    }

    /** A worker or a client of {@code shares.py}. */
    DriverSocket openSharer(String type, String listener) throws IOException {
        return openProgram("shares.py", type, listener);
    }

    private DriverSocket openProgram(String file, String type, String listener) throws IOException {
        List<String> program =
                List.of("/usr/bin/python3", ZmqPrograms.source(file).toString());
        DriverSocket socket = DriverSocket.start(program, ZmqSpec.of(type), "tcp://127.0.0.1:" + broker.port(listener));
        sockets.addFirst(socket);
        return socket;
    }

    ZmqSocket openAt(int port, ZmqKit kit, ZmqSpec spec) throws IOException {
        ZmqSocket socket = kit.connect(spec, port);
        sockets.addFirst(socket);
        return socket;
    }

    /** A connection of the text protocol. */
    TextConnection text() throws IOException {
        return closing(broker.connect());
    }

    /** Something that is closed with the scene. */
    <T extends AutoCloseable> T closing(T other) {
        others.add(other);
        return other;
    }

    /** Runs a thread of the test; what it throws is thrown by {@link #until}. */
    void run(LoadCrew.Work work) {
        crew.run(work);
    }

    /** Whether the threads of the test go on. */
    boolean goesOn() {
        return !stopping;
    }

    /** What a thread does with each message that comes. */
    @FunctionalInterface
    interface Handler {
        void on(List<String> message);
    }

    /** A thread that gives {@code handler} each message of a socket until the scene ends. */
    void onEach(ZmqSocket socket, Handler handler) {
        run(() -> {
            while (goesOn()) {
                List<String> message = socket.receive(POLL);
                if (message != null) {
                    handler.on(message);
                }
            }
        });
    }

    /** Waits for a condition, and for no thread of the test to fail meanwhile. */
    void until(String what, BooleanSupplier condition) {
        Waiting.until(what, PATIENCE, () -> {
            crew.check();
            return condition.getAsBoolean();
        });
    }

    /** Waits until so many workers share the requests. */
    void awaitWorkers(int count) throws IOException {
        awaitMembers(REQUESTS, count);
    }

    /** Waits until so many share the pipeline's messages. */
    void awaitPullers(int count) throws IOException {
        awaitMembers(PIPELINE, count);
    }

    private void awaitMembers(String topic, int count) throws IOException {
        until(count + " members of " + topic, () -> queueFigure(topic, "members") == count);
    }

    /** A figure of a queue's group; 0 while there is no such topic. */
    long queueFigure(String topic, String field) {
        return !isThere(topic) ? 0 : Figures.group(admin(), topic, QUEUE, field);
    }

    private boolean isThere(String topic) {
        try {
            return admin().list("TOPIC:LIST").stream().anyMatch(line -> line.contains("\"" + topic + "\""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A figure of the broker. */
    long stat(String name) {
        return Figures.broker(admin(), name);
    }

    private TextConnection admin() {
        try {
            TextConnection known = admin;
            if (known == null) {
                known = closing(broker.connect());
                admin = known;
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the threads, then the sockets, then the broker; throws what a thread has met. */
    @Override
    public void close() {
        stopping = true;
        try {
            crew.join();
        } finally {
            sockets.forEach(ZmqSocket::kill);
            others.forEach(ZmqScene::end);
            broker.close();
        }
    }

    private static void end(AutoCloseable other) {
        try {
            other.close();
        } catch (Exception e) {
            throw new AssertionError("could not close " + other, e);
        }
    }
}

package dev.recado.client;

import dev.recado.base.BackOff;
import dev.recado.base.ByteWriter;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A client of Recado: publishes, consumes, asks and administers over one connection (requests use a second one, made
 * with the first request, since a slow answer would hold up confirmations behind it). Thread-safe.
 *
 * <pre>{@code
 * byte[] order = "42 coffees".getBytes(UTF_8);
 * CompletableFuture<String> billed = new CompletableFuture<>();
 * try (RecadoClient client = RecadoClient.connect(ClientOptions.of(broker))) {
 *     client.subscribe("orders", "billing", delivery -> {
 *         billed.complete(delivery.text());
 *         delivery.ack();
 *     });
 *     MessageId id = client.publish("orders", order).join();
 *     System.out.println("message " + id + " is on disk; billed: " + billed.join());
 * }
 * }</pre>
 *
 * <p><b>Publishing.</b> A future completes once the message is as durable as its topic promises. At most 4,096 messages
 * and 32 MiB are unconfirmed; then {@code publish} blocks its caller (see {@link ClientOptions#failWhenFull}). Each
 * message has a number under the client's producer id; after a lost connection the client connects again, with
 * back-off, and sends what is unconfirmed under the same numbers before anything new, and the broker stores nothing
 * twice.
 *
 * <p><b>Threads.</b> Handlers of a subscription run on its own thread and may block and publish. Continuations of
 * futures run on the client's reading thread: they must not block, and a {@code publish} there fails where it would
 * have to wait. While a handler without leases (a tap, credit 0) lags a full buffer behind, the client reads nothing:
 * such a handler must not wait for answers of the same client.
 */
public final class RecadoClient implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientOptions options;
    private final String producerId;
    private final ClientSession session;
    private final SessionThreads threads;
    private final Commits commits;
    private final Admin admin;
    private @Nullable Requests requests;

    private RecadoClient(ClientOptions options) {
        this.options = options;
        String given = options.producerId();
        producerId = given == null ? randomId() : given;
        session = new ClientSession(options, producerId, backOff(options));
        threads = new SessionThreads(options, session, backOff(options));
        commits = new Commits(session);
        admin = new Admin(session);
    }

    /**
     * Connects to the first broker of the list that answers.
     *
     * @throws RecadoException UNREACHABLE where none does (see {@link ClientOptions#firstConnectWaitMs}), REFUSED where
     *     it does not take the login, or where the files for TLS cannot be used
     */
    public static RecadoClient connect(ClientOptions options) {
        readTls(options);
        RecadoClient client = new RecadoClient(options);
        client.threads.start();
        return client;
    }

    private static void readTls(ClientOptions options) {
        try {
            options.tlsOrNull();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new RecadoException(Kind.REFUSED, "TLS cannot be spoken: " + e.getMessage(), e);
        }
    }

    /** The id under which this client numbers its publishes. */
    public String producerId() {
        return producerId;
    }

    /** The number that the next publish gets. */
    public long nextNumber() {
        return session.nextNumber();
    }

    /** What the broker calls itself: name, version and node. */
    public String brokerName() {
        return session.brokerName();
    }

    /** Why the client has given up on its brokers, or null while it has not. */
    public @Nullable RecadoException failure() {
        return session.failure();
    }

    /** Publishes to a topic; see {@link #publish(String, String, Map, byte[])}. */
    public CompletableFuture<MessageId> publish(String topic, byte[] payload) {
        return publish(topic, "", Map.of(), payload);
    }

    /**
     * Publishes to a topic, which the broker makes where there is none.
     *
     * @param key what chooses the partition and orders within a key, or empty
     * @param payload any bytes; copied before this returns
     * @return the message's id once it is stored; REFUSED with the broker's reason otherwise
     * @throws RecadoException FULL at the bound of unconfirmed messages where it may not wait, CLOSED after close
     */
    public CompletableFuture<MessageId> publish(String topic, String key, Map<String, String> headers, byte[] payload) {
        return publish(topic, key, headers, MessageOptions.NONE, payload);
    }

    /** The same with a priority, see {@link MessageOptions#priority}. */
    public CompletableFuture<MessageId> publish(
            String topic, String key, Map<String, String> headers, int priority, byte[] payload) {
        return publish(topic, key, headers, MessageOptions.NONE.withPriority(priority), payload);
    }

    /** The same with a priority, or not waiting for the disk. */
    public CompletableFuture<MessageId> publish(
            String topic, String key, Map<String, String> headers, MessageOptions wanted, byte[] payload) {
        ByteWriter command = new ByteWriter(payload.length + topic.length() + key.length() + 40);
        new CommandWriter(command).publish(topic, key, headers, wanted.words(), payload);
        CompletableFuture<MessageId> stored = new CompletableFuture<>();
        if (isLineTooLong(command, payload)) {
            stored.completeExceptionally(lineTooLong(options.lineBytesMax()));
            return stored;
        }
        session.publish(new InFlight(command, stored, null));
        return stored;
    }

    /** Publishes through an exchange; answers in how many topics the message is stored. */
    public CompletableFuture<Integer> publishThrough(
            String exchange, String key, Map<String, String> headers, byte[] payload) {
        return publishThrough(exchange, List.of(key), headers, payload);
    }

    /**
     * As before by several routing keys, 1 to 1,024: each topic that one of them leads to gets the message once. The
     * first is the message's key.
     */
    public CompletableFuture<Integer> publishThrough(
            String exchange, List<String> keys, Map<String, String> headers, byte[] payload) {
        return publishThrough(exchange, keys, headers, MessageOptions.NONE, payload);
    }

    /** As before with a priority, or not waiting for the disk. */
    public CompletableFuture<Integer> publishThrough(
            String exchange, List<String> keys, Map<String, String> headers, MessageOptions wanted, byte[] payload) {
        ByteWriter command = new ByteWriter(payload.length + exchange.length() + 48);
        new CommandWriter(command).publishThrough(exchange, keys, headers, wanted.words(), payload);
        CompletableFuture<Integer> routed = new CompletableFuture<>();
        if (isLineTooLong(command, payload)) {
            routed.completeExceptionally(lineTooLong(options.lineBytesMax()));
            return routed;
        }
        session.publish(new InFlight(command, null, routed));
        return routed;
    }

    /** The broker would end the connection for it, and again after each reconnect. */
    private boolean isLineTooLong(ByteWriter command, byte[] payload) {
        return command.size() - payload.length - 2 > options.lineBytesMax();
    }

    static RecadoException lineTooLong(int limit) {
        return new RecadoException(Kind.REFUSED, "topic, key and headers together are too long, limit=" + limit);
    }

    /** Begins to collect what is to be published and settled together; the broker hears of it with its commit. */
    public ClientTransaction begin() {
        return new ClientTransaction(session, commits, options.lineBytesMax());
    }

    /** Waits until everything published so far is answered, at most {@code ms}; answers whether it is. */
    public boolean awaitConfirmed(long ms) {
        return session.awaitQuiet(ms, false);
    }

    /** The publishes that have no answer now. */
    public Unconfirmed unconfirmed() {
        return session.unconfirmed();
    }

    /** Joins a group with the defaults of {@link SubscribeOptions#of}. */
    public Subscription subscribe(String topic, String group, MessageHandler handler) {
        return subscribe(SubscribeOptions.of(topic, group), handler);
    }

    /**
     * Joins a group, or taps a topic, and waits until the broker has accepted it. From then on it survives lost
     * connections.
     *
     * @throws RecadoException REFUSED with the broker's reason
     */
    public Subscription subscribe(SubscribeOptions wanted, MessageHandler handler) {
        Subscription subscription = new Subscription(session, wanted, handler, options.listener());
        CompletableFuture<String> accepted = session.subscribe(subscription);
        subscription.start();
        try {
            accepted.join();
            return subscription;
        } catch (CompletionException e) {
            subscription.end("refused");
            throw unwrap(e);
        }
    }

    /**
     * Asks whoever consumes {@code topic} and waits for one answer. Requests of one client are answered in their order.
     *
     * @param timeoutMs how long the broker waits for an answer before it refuses
     */
    public CompletableFuture<byte[]> request(String topic, byte[] payload, long timeoutMs) {
        ByteWriter command = new ByteWriter(payload.length + topic.length() + 32);
        new CommandWriter(command).request(topic, timeoutMs, payload);
        try {
            return requests().session.call(new Call.Request(command.toByteArray()));
        } catch (RecadoException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Topics, groups, exchanges and messages as an administrator sees them. */
    public Admin admin() {
        return admin;
    }

    /**
     * Finishes the handlers at work, takes no more publishes, waits for what is unconfirmed (10 s, see {@link
     * ClientOptions#closeTimeoutMs}), ends.
     */
    @Override
    public void close() {
        List<Subscription> open = session.subscriptions();
        open.forEach(subscription -> subscription.end("closed"));
        open.forEach(subscription -> subscription.awaitHandler(options.closeTimeoutMs()));
        session.awaitQuiet(options.closeTimeoutMs(), true);
        threads.stop();
        Requests second = takeRequests();
        if (second != null) {
            second.threads.stop();
        }
    }

    private synchronized Requests requests() {
        Requests second = requests;
        if (second == null) {
            second = new Requests(options.forRequests(), producerId);
            second.threads.start();
            requests = second;
        }
        return second;
    }

    private synchronized @Nullable Requests takeRequests() {
        Requests second = requests;
        requests = null;
        return second;
    }

    /** The connection for requests. */
    private static final class Requests {
        private final ClientSession session;
        private final SessionThreads threads;

        Requests(ClientOptions options, String producerId) {
            session = new ClientSession(options, producerId, backOff(options));
            threads = new SessionThreads(options, session, backOff(options));
        }
    }

    private static BackOff backOff(ClientOptions options) {
        return new BackOff(options.backOffMinMs(), options.backOffMaxMs(), RANDOM);
    }

    private static String randomId() {
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return "client-" + HexFormat.of().formatHex(bits);
    }

    /** The client's own exception behind a failed future, with the caller's stack. */
    public static RecadoException unwrap(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable cause = wrapped && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RecadoException known
                ? new RecadoException(known.kind(), known.text(), known)
                : new RecadoException(Kind.PROTOCOL, String.valueOf(cause), cause);
    }
}

package dev.recado.client;

import dev.recado.base.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves; every option has a default. Setters answer this object; a client copies what it needs when it
 * connects.
 */
public final class ClientOptions {

    /** Most publishes that a client may have unconfirmed: what the broker remembers of a producer. */
    public static final int IN_FLIGHT_MAX = 4_096;

    private final List<BrokerAddress> brokers;
    private String name = "recado-java";
    private @Nullable String user;
    private String password = "";
    private @Nullable String namespace;
    private boolean secured;
    private @Nullable Path trust;
    private @Nullable Path certificate;
    private @Nullable Path key;
    private @Nullable ClientTls tls;
    private @Nullable String producerId;
    private int rewind;
    private int inFlightMax = IN_FLIGHT_MAX;
    private long inFlightBytesMax = 32L << 20;
    private boolean failWhenFull;
    private boolean retryRefused;
    private int failuresMax;
    private int connectTimeoutMs = 5_000;
    private long firstConnectWaitMs;
    private long backOffMinMs = 100;
    private long backOffMaxMs = 5_000;
    private long pingAfterMs = 15_000;
    private long silenceMaxMs = 60_000;
    private long closeTimeoutMs = 10_000;
    private int payloadBytesMax = 64 << 20;
    private int lineBytesMax = 64 << 10;
    private ClientListener listener = ClientListener.NONE;

    private ClientOptions(List<BrokerAddress> brokers) {
        this.brokers = brokers;
    }

    /** Options for the brokers {@code HOST:PORT[,HOST:PORT…]}, tried in turn. */
    public static ClientOptions of(String brokers) {
        return new ClientOptions(BrokerAddress.parseList(brokers));
    }

    /** The same for a connection of its own on which answers may take long: no publishes, no limit on silence. */
    ClientOptions forRequests() {
        ClientOptions copy = new ClientOptions(brokers);
        copy.name = name;
        copy.user = user;
        copy.password = password;
        copy.namespace = namespace;
        copy.secured = secured;
        copy.trust = trust;
        copy.certificate = certificate;
        copy.key = key;
        copy.tls = tls;
        copy.failuresMax = failuresMax;
        copy.connectTimeoutMs = connectTimeoutMs;
        copy.firstConnectWaitMs = firstConnectWaitMs;
        copy.backOffMinMs = backOffMinMs;
        copy.backOffMaxMs = backOffMaxMs;
        copy.pingAfterMs = pingAfterMs;
        copy.silenceMaxMs = Long.MAX_VALUE;
        copy.closeTimeoutMs = 0;
        copy.payloadBytesMax = payloadBytesMax;
        return copy;
    }

    public List<BrokerAddress> brokers() {
        return brokers;
    }

    /** The name that the client tells the broker. */
    public ClientOptions name(String value) {
        name = value;
        return this;
    }

    public String name() {
        return name;
    }

    /** Logs in at every connect; without it the client does not. */
    public ClientOptions login(String userName, String secret) {
        user = userName;
        password = secret;
        return this;
    }

    @Nullable
    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /**
     * The namespace of everything that the client names, chosen at every connect (brokers from 0.2.0 on); without it,
     * or with {@code /}, the one that is always there. Connecting is REFUSED where the broker has none of that name.
     */
    public ClientOptions namespace(@Nullable String value) {
        namespace = "/".equals(value) ? null : value;
        return this;
    }

    @Nullable
    String namespace() {
        return namespace;
    }

    /**
     * Speaks TLS, 1.3 or 1.2, and trusts the authorities that the JDK trusts. That the broker's certificate is for the
     * host of its address is always checked.
     */
    public ClientOptions tls() {
        secured = true;
        return this;
    }

    /** Speaks TLS and trusts only the certificates in a file of PEM: of authorities, or of brokers themselves. */
    public ClientOptions tls(Path trustFile) {
        trust = trustFile;
        return tls();
    }

    /** Shows a certificate where a broker asks for one (its {@code text.tls.client-ca}): two files of PEM. */
    public ClientOptions clientCertificate(Path certificateFile, Path keyFile) {
        certificate = certificateFile;
        key = keyFile;
        return tls();
    }

    /** Reads the files, once; null where no TLS is spoken. */
    @Nullable
    ClientTls tlsOrNull() {
        if (secured && tls == null) {
            tls = ClientTls.of(bytes(trust), bytes(certificate), bytes(key));
        }
        return tls;
    }

    private static byte @Nullable [] bytes(@Nullable Path file) {
        try {
            return file == null ? null : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The producer's id, by which the broker recognises what it has stored already; by default a random one. One id has
     * one client at a time: a newer one ends the older.
     */
    public ClientOptions producerId(@Nullable String value) {
        producerId = value;
        return this;
    }

    public @Nullable String producerId() {
        return producerId;
    }

    /**
     * How many numbers before the one that the broker expects next the first publish gets, 0 (the default) to {@link
     * #IN_FLIGHT_MAX}: for a producer of a given id that does not know which of its last publishes were stored, and
     * publishes them all again from {@link RecadoClient#nextNumber} on.
     */
    public ClientOptions rewind(int numbers) {
        if (numbers < 0 || numbers > IN_FLIGHT_MAX) {
            throw new IllegalArgumentException("rewind outside 0 to " + IN_FLIGHT_MAX + ": " + numbers);
        }
        rewind = numbers;
        return this;
    }

    int rewind() {
        return rewind;
    }

    /** Most publishes that may be unconfirmed, 1 to {@link #IN_FLIGHT_MAX}. */
    public ClientOptions inFlightMax(int messages) {
        if (messages < 1 || messages > IN_FLIGHT_MAX) {
            throw new IllegalArgumentException("inFlightMax outside 1 to " + IN_FLIGHT_MAX + ": " + messages);
        }
        inFlightMax = messages;
        return this;
    }

    int inFlightMax() {
        return inFlightMax;
    }

    /** Most bytes of publishes that may be unconfirmed (32 MiB); one larger message may go alone. */
    public ClientOptions inFlightBytesMax(long bytes) {
        inFlightBytesMax = bytes;
        return this;
    }

    long inFlightBytesMax() {
        return inFlightBytesMax;
    }

    /** At the bound of unconfirmed publishes: fails the publish at once instead of blocking its caller. */
    public ClientOptions failWhenFull(boolean value) {
        failWhenFull = value;
        return this;
    }

    boolean failWhenFull() {
        return failWhenFull;
    }

    /**
     * Publishes again, with back-off and before new work, what the broker refused because a topic, its disk or its
     * memory is full, instead of failing. The order among what was in flight at that moment is then not kept.
     */
    public ClientOptions retryRefused(boolean value) {
        retryRefused = value;
        return this;
    }

    boolean retryRefused() {
        return retryRefused;
    }

    /** Gives up after so many consecutive failures of a connection; 0 (the default) never does. */
    public ClientOptions failuresMax(int value) {
        failuresMax = value;
        return this;
    }

    int failuresMax() {
        return failuresMax;
    }

    /** Milliseconds that one attempt to connect, and the handshake after it, may take (5 s). */
    public ClientOptions connectTimeoutMs(int value) {
        connectTimeoutMs = value;
        return this;
    }

    int connectTimeoutMs() {
        return connectTimeoutMs;
    }

    /** Milliseconds that {@link RecadoClient#connect} goes on trying; 0 (the default) tries each broker once. */
    public ClientOptions firstConnectWaitMs(long value) {
        firstConnectWaitMs = value;
        return this;
    }

    long firstConnectWaitMs() {
        return firstConnectWaitMs;
    }

    /** Milliseconds between attempts: from {@code min} doubling to {@code max} (100 ms to 5 s), shortened by chance. */
    public ClientOptions backOffMs(long min, long max) {
        backOffMinMs = Math.max(1, min);
        backOffMaxMs = Math.max(backOffMinMs, max);
        return this;
    }

    long backOffMinMs() {
        return backOffMinMs;
    }

    long backOffMaxMs() {
        return backOffMaxMs;
    }

    /**
     * Asks for a sign of life after {@code pingAfter} ms without one, gives the connection up after {@code silenceMax}
     * ms.
     */
    public ClientOptions heartbeatMs(long pingAfter, long silenceMax) {
        pingAfterMs = pingAfter;
        silenceMaxMs = silenceMax;
        return this;
    }

    long pingAfterMs() {
        return pingAfterMs;
    }

    long silenceMaxMs() {
        return silenceMaxMs;
    }

    /** Milliseconds that {@link RecadoClient#close} waits for what is unconfirmed (10 s). */
    public ClientOptions closeTimeoutMs(long value) {
        closeTimeoutMs = value;
        return this;
    }

    long closeTimeoutMs() {
        return closeTimeoutMs;
    }

    /** Largest payload, and longest line of a list, that the client takes from a broker, in bytes (64 MiB). */
    public ClientOptions payloadBytesMax(int bytes) {
        payloadBytesMax = bytes;
        return this;
    }

    int payloadBytesMax() {
        return payloadBytesMax;
    }

    /** Longest command line that the broker takes, in bytes: its setting {@code text.line-bytes-max} (64 KiB). */
    public ClientOptions lineBytesMax(int bytes) {
        lineBytesMax = bytes;
        return this;
    }

    int lineBytesMax() {
        return lineBytesMax;
    }

    /** Who hears how the connection fares. What it throws is logged, once with its stack, and changes nothing else. */
    public ClientOptions listener(ClientListener value) {
        listener = new GuardedListener(value);
        return this;
    }

    ClientListener listener() {
        return listener;
    }
}

package dev.recado.bench;

import dev.recado.base.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a load run shall do. Immutable; its maker has checked the bounds.
 */
public record LoadPlan(
        Setup setup, Topics topics, Publishing publishing, Consuming consuming, Timing timing, Safety safety) {

    /**
     * Who takes part and where.
     *
     * @param run a number that tells this run's messages from those of others
     * @param transport name of the {@link LoadTransport}
     * @param threads sending threads, and as many for confirmations and for deliveries
     * @param namespace where the topics are; {@code /} is always there
     */
    public record Setup(int run, String transport, Endpoints endpoints, int threads, String namespace) {

        private static final String ALWAYS_THERE = "/";

        /** In the namespace that is always there. */
        public Setup(int run, String transport, Endpoints endpoints, int threads) {
            this(run, transport, endpoints, threads, ALWAYS_THERE);
        }

        /** Whether clients have to say where they work. */
        public boolean isElsewhere() {
            return !namespace.equals(ALWAYS_THERE);
        }
    }

    /** Where the broker listens, and how TLS is spoken there, if it is. */
    public record Address(String host, int port, @Nullable ClientTls tls) {
        /** Without TLS. */
        public Address(String host, int port) {
            this(host, port, null);
        }

        /** The same with TLS, or without. */
        public Address with(@Nullable ClientTls wanted) {
            return new Address(host, port, wanted);
        }

        /** A connection that blocks, with TLS where it is spoken; every step takes {@code limitMs} at most. */
        public Socket connect(int limitMs) throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), limitMs);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(limitMs);
                return tls == null ? socket : over(socket, host, port, tls);
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }

        private static Socket over(Socket plain, String host, int port, ClientTls tls) throws IOException {
            SSLSocket secured = (SSLSocket) tls.sockets().createSocket(plain, host, port, true);
            secured.setSSLParameters(ClientTls.parameters());
            secured.startHandshake();
            return secured;
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Where publishers connect and where consumers do: two addresses where each listener has one side only. */
    public record Endpoints(Address publishers, Address consumers) {
        /** One address for both. */
        public static Endpoints both(Address address) {
            return new Endpoints(address, address);
        }

        /** Both, or the one that both share, for a person. */
        @Override
        public String toString() {
            return publishers.equals(consumers) ? publishers.toString() : publishers + " or " + consumers;
        }
    }

    /**
     * @param name of the topic, or what the names of several begin with
     * @param temporary whether the topics are made for this run and deleted behind it
     */
    public record Topics(String name, int count, boolean temporary, String kind, String durability, int partitions) {
        /** The one topic behind a listener, of which a client knows neither name nor settings. */
        public static final Topics OF_LISTENER = new Topics("", 1, false, "", "", 1);

        /** Whether the plan names its topics; else it is {@link #OF_LISTENER}. */
        public boolean isNamed() {
            return !name.isEmpty();
        }

        /** The name of topic {@code index}, from 0. */
        public String name(int index) {
            return count == 1 ? name : name + "-" + (index + 1);
        }
    }

    /** How publishes are confirmed. */
    public enum Confirm {
        /** One answer for many. */
        range,
        /** One answer each. */
        each,
        /** No answer. */
        none
    }

    /**
     * @param ratePerSecond of all publishers together; 0 is a closed loop: as fast as the window allows
     * @param window how many messages a publisher may have unconfirmed; in an open loop it bounds only numbered ones
     */
    public record Publishing(int publishers, int sizeBytes, double ratePerSecond, int window, Confirm confirm) {
        public boolean isOpenLoop() {
            return ratePerSecond > 0;
        }
    }

    /** How deliveries are acknowledged. */
    public enum Ack {
        /** One by one. */
        each,
        /** Once for all that one read brought. */
        batch,
        /** By the broker, when written to the socket. */
        auto
    }

    /**
     * @param consumers in each group, or taps in all
     * @param groups on each topic
     */
    public record Consuming(int consumers, int groups, int credit, Ack ack, boolean tap) {
        /** How many times each message is to be delivered. */
        public int copies() {
            return consumers == 0 ? 0 : tap ? consumers : groups;
        }

        public int connections() {
            return tap ? consumers : consumers * groups;
        }
    }

    /**
     * @param warmUpMs at the begin, left out of the figures
     * @param durationMs behind the warm-up; 0 where only {@code countMax} ends the run
     * @param countMax messages of all publishers together; 0 is no limit
     * @param drainMs how long to wait without progress for what is still under way at the end
     */
    public record Timing(long warmUpMs, long durationMs, long countMax, long drainMs) {}

    /**
     * @param resume whether to go on after a lost connection
     * @param resumeWaitMs how long to try to connect again
     * @param numbers whether publishes may carry numbers, see {@link LoadTransport#numbersPublishes}
     */
    public record Safety(boolean verify, boolean resume, long resumeWaitMs, boolean numbers) {}

    /** Messages that a publisher has unconfirmed at most where the broker knows them by number. */
    public static final int NUMBERED_WINDOW_MAX = 4_096;

    /** Whether the broker answers publishes. */
    public boolean isConfirmed() {
        return publishing.confirm() != Confirm.none;
    }

    /** Whether publishes carry numbers, so that the broker stores a resend once. */
    public boolean isNumbered() {
        return safety.numbers() && (safety.verify() || safety.resume()) && isConfirmed();
    }

    /** Messages that a publisher may have unconfirmed. */
    public long unconfirmedMax() {
        if (!isConfirmed() || publishing.isOpenLoop() && !isNumbered()) {
            return Long.MAX_VALUE;
        }
        return isNumbered() ? Math.min(publishing.window(), NUMBERED_WINDOW_MAX) : publishing.window();
    }
}

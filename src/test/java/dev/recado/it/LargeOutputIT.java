package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers and deliveries of messages of 16 MiB that clients ask for and do not read, in a heap of 256 MiB: the broker
 * goes on, others are served, and everything comes once the clients read.
 */
class LargeOutputIT {

    private static final int BYTES = 16 * 1024 * 1024;
    private static final int CLIENTS = 20;
    private static final int PROBES = 400;
    private static final long PING_P99_MS_MAX = 250;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** A client that asks and reads nothing until it is told to. */
    private static final class Silent implements AutoCloseable {
        private final Socket socket = new Socket();
        private final byte[] chunk = new byte[64 * 1024];
        private int at;
        private int end;

        Silent(int port) throws IOException {
            socket.setReceiveBufferSize(64 * 1024);
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        }

        void ask(String lines) throws IOException {
            socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
        }

        private void fill() throws IOException {
            InputStream in = socket.getInputStream();
            end = in.read(chunk);
            at = 0;
            if (end < 0) {
                throw new EOFException("closed by the broker");
            }
        }

        /** Reads {@code count} characters. */
        String text(int count) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < count) {
                if (at == end) {
                    fill();
                }
                text.append((char) chunk[at++]);
            }
            return text.toString();
        }

        /** Reads {@code text}, {@code times} times, and nothing else. */
        void expect(String text, int times) throws IOException {
            int period = text.length();
            byte[] pattern = text.repeat(chunk.length / period + 2).getBytes(StandardCharsets.US_ASCII);
            long left = (long) period * times;
            int phase = 0;
            while (left > 0) {
                if (at == end) {
                    fill();
                }
                int count = (int) Math.min(left, end - at);
                int mismatch = Arrays.mismatch(chunk, at, at + count, pattern, phase, phase + count);
                assertThat(mismatch).as("first other byte, %d left", left).isEqualTo(-1);
                at += count;
                left -= count;
                phase = (phase + count) % period;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void publish(BrokerProcess broker, String topic, int count, byte fill) throws IOException {
        byte[] payload = new byte[BYTES];
        Arrays.fill(payload, fill);
        try (TextConnection connection = broker.connect()) {
            for (int i = 0; i < count; i++) {
                connection.write("PUB:" + topic + ":" + BYTES + "\n").flush();
                connection.write(payload).write("\n").flush();
                assertThat(connection.reply()).isEqualTo("OK:MSG_ID:" + i);
            }
        }
    }

    /** PINGs of one session after the other; the broker must not have met an exhausted heap meanwhile. */
    private void probe(BrokerProcess broker, BrokerProcess.Plan plan) throws IOException {
        long[] times = new long[PROBES];
        try (TextConnection probe = broker.connect()) {
            for (int i = 0; i < PROBES; i++) {
                long begin = System.nanoTime();
                assertThat(probe.ask("PING")).isEqualTo("PONG");
                times[i] = System.nanoTime() - begin;
            }
            assertThat(probe.pub("small", "x")).startsWith("OK:MSG_ID:");
        }
        Arrays.sort(times);
        assertThat(Duration.ofNanos(times[PROBES * 99 / 100]).toMillis())
                .as("p99 of a PING in ms")
                .isLessThanOrEqualTo(PING_P99_MS_MAX);
        assertThat(broker.isAlive()).isTrue();
        assertThat(Files.readString(plan.data().resolve("recado.log"))).doesNotContain("Java heap space");
    }

    private static List<Silent> silent(BrokerProcess broker) throws IOException {
        List<Silent> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Silent(broker.textPort()));
        }
        return clients;
    }

    private static void close(List<Silent> clients) throws IOException {
        for (Silent client : clients) {
            client.close();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldGoOnWhileBrowsedMessagesAreNotRead() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.heapMiB(256).start()) {
            // Given
            publish(broker, "nuls", 1, (byte) 0);
            List<Silent> clients = silent(broker);

            // When
            for (Silent client : clients) {
                client.ask("BROWSE:nuls:first:1\nPING\n");
            }

            // Then
            probe(broker, plan);
            for (Silent client : clients) {
                String head = "{\"id\":\"0\",\"time\":1795000000000,\"bytes\":16777216,\"payload\":\"";
                assertThat(client.text(head.length()).replaceAll("time\":\\d{13}", "time\":1795000000000"))
                        .isEqualTo(head);
                client.expect("\\u0000", BYTES);
                client.expect("\"}\n.\nPONG\n", 1);
            }
            close(clients);
            probe(broker, plan);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldHoldOneOfManyGetsThatAreNotRead() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.heapMiB(256).start()) {
            // Given
            publish(broker, "default", CLIENTS, (byte) '%');

            try (Silent client = new Silent(broker.textPort())) {
                client.ask("REGISTER:CONSUMER:me\n");
                client.expect("OK:CONSUMER:me\nNOTIFY:MESSAGES_AVAILABLE:20\n", 1);

                // When
                client.ask("GET\n".repeat(CLIENTS));

                // Then
                probe(broker, plan);
                for (int i = 0; i < CLIENTS; i++) {
                    client.expect("%25", BYTES);
                    client.expect("\n", 1);
                }
                client.ask("GET\n");
                client.expect("ERROR:No messages available\n", 1);
            }
            probe(broker, plan);
        }
    }

    /** One message, which all hold in one array: of two, who does not read the first would hold up the second. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldGoOnWhileDeliveriesOfOneTopicAreNotRead() throws Exception {
        BrokerProcess.Plan plan = BrokerProcess.in(work);
        try (BrokerProcess broker = plan.heapMiB(256).start()) {
            // Given
            publish(broker, "large", 1, (byte) 'x');
            List<Silent> clients = silent(broker);

            // When
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).ask("SUB:large:g" + i + ":2:first\n");
            }

            // Then
            probe(broker, plan);
            for (Silent client : clients) {
                client.expect("OK:SUB:1\n", 1);
                client.expect("MSG:1:0:1:16777216\n", 1);
                client.expect("x", BYTES);
                client.expect("\n", 1);
            }
            close(clients);
            probe(broker, plan);
        }
    }
}

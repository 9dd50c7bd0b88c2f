package dev.recado.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Thousands of connections in one thread: each says one line at a time and keeps the last line that it was told. */
final class ManyClients implements AutoCloseable {

    /** Connections that are being opened at one time, so that the backlog of a listener with default size suffices. */
    private static final int OPENING_MAX = 200;

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final int port;
    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4 << 10);

    /** One connection; owned by the thread that calls. */
    private static final class Client {
        private final SocketChannel channel;
        private final StringBuilder partial = new StringBuilder();
        private String lastLine = "";
        private int lines;
        private boolean connected;
        private boolean closed;

        private Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    ManyClients(int port) throws IOException {
        this.port = port;
    }

    /** Opens {@code count} more connections and waits until the system has connected, or refused, each. */
    void open(int count) throws IOException {
        int target = clients.size() + count;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (clients.size() < target || opening() > 0) {
            for (int room = OPENING_MAX - opening(); room > 0 && clients.size() < target; room--) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                Client client = new Client(channel);
                channel.register(selector, SelectionKey.OP_CONNECT, client);
                clients.add(client);
            }
            turn(deadline, "connections, so far " + clients.size() + " with " + opening() + " opening");
        }
    }

    /** Sends {@code PUB} of its own number on each open connection and waits until each is answered or closed. */
    void publishOnEach(String topic) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            client.lines = 0;
            String payload = "from " + i;
            byte[] frame = ("PUB:" + topic + ":" + payload.length() + "\n" + payload + "\n")
                    .getBytes(StandardCharsets.US_ASCII);
            if (!client.closed) {
                write(client, frame);
            }
        }
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (clients.stream().anyMatch(client -> !client.closed && client.lines == 0)) {
            turn(deadline, "answers to all");
        }
    }

    /** How many connections were last told something that begins so. */
    long lastLines(String start) {
        return clients.stream()
                .filter(client -> client.lastLine.startsWith(start))
                .count();
    }

    long openCount() {
        return clients.stream()
                .filter(client -> client.connected && !client.closed)
                .count();
    }

    /** Waits until {@code count} connections are closed by the broker. */
    void awaitClosed(long count) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (clients.size() - openCount() < count) {
            turn(deadline, count + " closed connections, so far " + (clients.size() - openCount()));
        }
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private int opening() {
        return (int) clients.stream()
                .filter(client -> !client.connected && !client.closed)
                .count();
    }

    private static void write(Client client, byte[] frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        try {
            while (bytes.hasRemaining()) {
                client.channel.write(bytes);
            }
        } catch (IOException gone) {
            // What the broker said before it closed is still to be read.
            client.lines = 0;
        }
    }

    private void turn(long deadline, String what) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
        }
        selector.select(key -> onReady(key, (Client) key.attachment()), 100);
    }

    private void onReady(SelectionKey key, Client client) {
        try {
            if (key.isConnectable()) {
                client.connected = client.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
            } else if (client.channel.read(buffer.clear()) < 0) {
                end(client);
            } else {
                take(client, StandardCharsets.US_ASCII.decode(buffer.flip()).toString());
            }
        } catch (IOException gone) {
            end(client);
        }
    }

    private static void take(Client client, String text) {
        client.partial.append(text);
        for (int end = client.partial.indexOf("\n"); end >= 0; end = client.partial.indexOf("\n")) {
            client.lastLine = client.partial.substring(0, end);
            client.lines++;
            client.partial.delete(0, end + 1);
        }
    }

    private static void end(Client client) {
        client.closed = true;
        try {
            client.channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

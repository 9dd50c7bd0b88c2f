package dev.recado.client;

import dev.recado.base.ByteWriter;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import dev.recado.transport.text.wire.Percent;
import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyDecoder.Outcome;
import dev.recado.transport.text.wire.ReplyKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A consumer in the classic way: it registers, and asks for one message of the topic {@code default} after the other.
 * Without an id it joins the lowest automatic group with room; with one it goes on where that id left off.
 *
 * <p>A message counts as done when the broker has written it to the socket: what is on its way when the connection
 * breaks is lost. Who must not lose a message uses {@link RecadoClient#subscribe}. Not thread-safe, but for {@link
 * #close}.
 */
public final class ClassicConsumer implements AutoCloseable {

    private static final String EMPTY = "No messages available";
    private static final int FIRST_BYTES = 64 << 10;
    private static final long ASK_AGAIN_MS = 2_000;

    private final ClientOptions options;
    private final BackOff backOff;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReplyDecoder decoder;
    private volatile @Nullable Socket socket;
    private String id;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int start;
    private int end;
    private int attempt;
    private int failures;

    private ClassicConsumer(ClientOptions options, String id) {
        this.options = options;
        this.id = id;
        backOff = new BackOff(options.backOffMinMs(), options.backOffMaxMs(), new SecureRandom());
        decoder = new ReplyDecoder(options.payloadBytesMax(), options.payloadBytesMax());
    }

    /**
     * Connects and registers.
     *
     * @param id the consumer's id, or empty for one that the broker picks
     * @throws RecadoException UNREACHABLE where no broker answers
     */
    public static ClassicConsumer connect(ClientOptions options, String id) {
        ClassicConsumer consumer = new ClassicConsumer(options, id);
        long deadlineMs = Numbers.nowMs() + options.firstConnectWaitMs();
        while (true) {
            try {
                consumer.open();
                return consumer;
            } catch (IOException e) {
                boolean roundDone = consumer.attempt >= options.brokers().size();
                if (roundDone && Numbers.nowMs() >= deadlineMs) {
                    throw consumer.unreachable(e);
                }
                consumer.pause(roundDone ? consumer.backOff.nextDelayMs() : 0);
            }
        }
    }

    /** The id under which it is registered. */
    public String id() {
        return id;
    }

    /** The next message, or null where none came within {@code waitMs}; after {@link #close} always null. */
    public byte @Nullable [] poll(long waitMs) {
        long deadlineMs = Numbers.nowMs() + waitMs;
        while (!isClosed()) {
            try {
                Socket open = socket;
                byte[] message = next(open == null ? open() : open, deadlineMs);
                failures = 0;
                backOff.reset();
                return message;
            } catch (IOException e) {
                onLost(e);
            }
        }
        return null;
    }

    private void onLost(IOException why) {
        closeSocket();
        if (isClosed()) {
            return;
        }
        failures++;
        if (options.failuresMax() > 0 && failures >= options.failuresMax()) {
            throw unreachable(why);
        }
        options.listener().onLost(String.valueOf(why.getMessage()));
        pause(backOff.nextDelayMs());
    }

    private byte @Nullable [] next(Socket open, long deadlineMs) throws IOException {
        while (!isClosed()) {
            send(open, "GET");
            byte[] content = answer(open);
            long leftMs = deadlineMs - Numbers.nowMs();
            if (content != null || leftMs <= 0) {
                return content;
            }
            awaitNotify(open, (int) Math.min(leftMs, ASK_AGAIN_MS));
        }
        return null;
    }

    private byte @Nullable [] answer(Socket open) throws IOException {
        decoder.expectContent(true);
        open.setSoTimeout((int) Math.min(Integer.MAX_VALUE, options.silenceMaxMs()));
        while (frame(open)) {
            if (decoder.kind() == ReplyKind.LINE) {
                return decoder.content();
            }
            if (decoder.kind() == ReplyKind.ERROR) {
                if (decoder.text().equals(EMPTY)) {
                    return null;
                }
                throw refused(decoder.text());
            }
        }
        throw new IOException("closed the connection");
    }

    private void awaitNotify(Socket open, int ms) throws IOException {
        decoder.expectContent(false);
        open.setSoTimeout(Math.max(1, ms));
        try {
            if (!frame(open)) {
                throw new IOException("closed the connection");
            }
            if (decoder.kind() == ReplyKind.ERROR) {
                throw refused(decoder.text());
            }
        } catch (SocketTimeoutException e) {
            return;
        }
    }

    /** A newer session of the same id ends this one for good; anything else is worth another connection. */
    private IOException refused(String text) {
        if (text.contains("replaced")) {
            throw new RecadoException(Kind.REFUSED, text);
        }
        return new IOException(text);
    }

    private Socket open() throws IOException {
        BrokerAddress broker =
                options.brokers().get(attempt++ % options.brokers().size());
        Socket open = new Socket();
        socket = open;
        start = 0;
        end = 0;
        try {
            open.setTcpNoDelay(true);
            open.connect(new InetSocketAddress(broker.host(), broker.port()), options.connectTimeoutMs());
            open.setSoTimeout(options.connectTimeoutMs());
            register(open);
        } catch (IOException e) {
            closeSocket();
            throw new IOException(broker + " " + e.getMessage(), e);
        }
        options.listener().onConnected(broker);
        return open;
    }

    private void register(Socket open) throws IOException {
        if (id.isEmpty()) {
            send(open, "REGISTER", "CONSUMER");
        } else {
            send(open, "REGISTER", "CONSUMER", id);
        }
        decoder.expectContent(false);
        while (frame(open)) {
            if (decoder.kind() == ReplyKind.OK) {
                byte[] text = decoder.text().getBytes(StandardCharsets.UTF_8);
                String answer = Percent.decode(text, 0, text.length);
                id = answer.substring(answer.indexOf(':') + 1);
                return;
            }
            if (decoder.kind() == ReplyKind.ERROR) {
                throw refused(decoder.text());
            }
        }
        throw new IOException("closed the connection");
    }

    private static void send(Socket open, String verb, String... fields) throws IOException {
        ByteWriter out = new ByteWriter(64);
        new CommandWriter(out).command(verb, fields);
        open.getOutputStream().write(out.array(), 0, out.size());
    }

    /** Reads one frame; false at the end of the stream. */
    private boolean frame(Socket open) throws IOException {
        while (true) {
            Outcome outcome = decoder.decode(buffer, start, end);
            if (outcome == Outcome.FRAME) {
                start = decoder.end();
                return true;
            }
            if (outcome == Outcome.MALFORMED) {
                throw new IOException("not the text protocol: " + decoder.malformed());
            }
            makeRoom();
            int count = open.getInputStream().read(buffer, end, buffer.length - end);
            if (count < 0) {
                return false;
            }
            end += count;
        }
    }

    private void makeRoom() {
        if (decoder.neededBytes() > buffer.length) {
            buffer = Arrays.copyOfRange(buffer, start, start + decoder.neededBytes() * 2);
        } else if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
        }
        end -= start;
        start = 0;
    }

    private void pause(long ms) {
        try {
            if (ms > 0 && closed.await(ms, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private RecadoException unreachable(IOException why) {
        return new RecadoException(Kind.UNREACHABLE, String.valueOf(why.getMessage()), why);
    }

    private void closeSocket() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Leaves; may be called from any thread. */
    @Override
    public void close() {
        closed.countDown();
        closeSocket();
    }
}

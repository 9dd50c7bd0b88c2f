package dev.recado.client;

import dev.recado.base.BackOff;
import dev.recado.base.ByteWriter;
import dev.recado.base.ClientTls;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.ReplyDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The two threads of a session: the reader connects, reads until the connection ends, and connects again; the writer
 * writes what gathers in the outbox. Both are daemons, so that a forgotten client does not keep a process alive.
 */
final class SessionThreads {

    /** How long a connection is read to which no more can be written. */
    private static final long LAST_WORDS_MS = 1_000;

    private static final int READ_BYTES = 64 << 10;
    private static final int KEEP_BYTES_MAX = 1 << 20;
    private static final int LINE_BYTES_MAX = 8 << 20;
    private static final long PROGRESS_MS = 10_000;
    private static final byte ZMTP_GREETING = (byte) 0xff;
    private static final byte DELETE = 0x7f;

    private final ClientOptions options;
    private final ClientSession session;
    private final BackOff backOff;
    private final Thread reader;
    private final Thread writer;
    private final CompletableFuture<BrokerAddress> first = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** The connection to which no more can be written: why, the broker may have said, and it is read until its end. */
    private @Nullable BrokerSocket unwritable;

    private long unwritableMs;
    private volatile @Nullable BrokerSocket socket;
    private volatile long lastReadMs;
    /** The reader hands over to handlers, perhaps slow ones: that it reads nothing is then no silence of the broker. */
    private volatile boolean handingOver;

    private byte[] buffer = new byte[READ_BYTES];
    /** Since when this connection is ready, 0 while it is not; owned by the reader thread. */
    private long readyMs;

    SessionThreads(ClientOptions options, ClientSession session, BackOff backOff) {
        this.options = options;
        this.session = session;
        this.backOff = backOff;
        reader = new Thread(() -> guarded(this::readLoop), "recado-reader");
        writer = new Thread(() -> guarded(this::writeLoop), "recado-writer");
        reader.setDaemon(true);
        writer.setDaemon(true);
        session.readBy(reader);
    }

    /** Starts both and waits for the first session to be ready; throws where no broker takes it. */
    void start() {
        reader.start();
        writer.start();
        try {
            first.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RecadoException why) {
                throw new RecadoException(why.kind(), why.text(), why);
            }
            throw e;
        }
    }

    /** Says goodbye, where there is somebody to say it to, and ends both. */
    void stop() {
        // First: the broker's answer to a goodbye is the end of the connection, and not one to mend.
        stopping.countDown();
        if (session.quit()) {
            join(reader, 2_000);
        }
        session.close(new RecadoException(Kind.CLOSED, "the client is closed"));
        closeQuietly(socket);
        join(reader, 2_000);
        join(writer, 2_000);
    }

    private static void join(Thread thread, long ms) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A bug of ours must end the client loudly and not leave its callers waiting. */
    private void guarded(Runnable loop) {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            RecadoException bug = new RecadoException(Kind.PROTOCOL, "the client failed: " + e, e);
            session.close(bug);
            first.completeExceptionally(bug);
            stopping.countDown();
            closeQuietly(socket);
        }
    }

    private void readLoop() {
        long startedMs = Answers.nowMs();
        int failures = 0;
        for (int attempt = 0; !isStopping() && !session.isClosed(); attempt++) {
            BrokerAddress broker =
                    options.brokers().get(attempt % options.brokers().size());
            readyMs = 0;
            RecadoException why = converse(broker);
            session.onLost(why.text());
            if (isStopping() || session.isClosed()) {
                break;
            }
            boolean lasted = readyMs != 0 && Answers.nowMs() - readyMs >= PROGRESS_MS;
            boolean worked = session.takeProgress() || lasted;
            failures = worked ? 0 : failures + 1;
            if (worked) {
                backOff.reset();
            }
            RecadoException end = reasonToGiveUp(why, attempt, failures, startedMs);
            if (end != null) {
                session.close(end);
                first.completeExceptionally(end);
                return;
            }
            options.listener().onLost(why.text());
            pause((attempt + 1) % options.brokers().size() == 0 || worked ? backOff.nextDelayMs() : 0);
        }
        first.completeExceptionally(new RecadoException(Kind.CLOSED, "the client is closed"));
    }

    private @Nullable RecadoException reasonToGiveUp(RecadoException why, int attempt, int failures, long startedMs) {
        if (isReplaced(session.lastError())) {
            return RecadoException.answered(Kind.REFUSED, session.lastError(), why);
        }
        boolean roundDone = attempt + 1 >= options.brokers().size();
        boolean neverStarted = !isStarted() && roundDone && Answers.nowMs() - startedMs >= options.firstConnectWaitMs();
        boolean tooMany = options.failuresMax() > 0 && failures >= options.failuresMax();
        return neverStarted || tooMany ? why : null;
    }

    /** Another session took the producer's id: to come back would end it in turn, for ever. */
    private static boolean isReplaced(String error) {
        return error.contains("replaced") || error.contains("newer session");
    }

    private boolean isStarted() {
        return first.isDone();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void pause(long ms) {
        try {
            if (ms > 0 && stopping.await(ms, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stopping.countDown();
        }
    }

    /** One connection from its first byte to its last; answers why it ended. */
    private RecadoException converse(BrokerAddress broker) {
        try (BrokerSocket connection = BrokerSocket.connect(broker, options.connectTimeoutMs(), options.tlsOrNull())) {
            lastReadMs = Answers.nowMs();
            handingOver = false;
            socket = connection;
            session.onConnected();
            return read(connection, broker);
        } catch (IOException e) {
            return new RecadoException(Kind.UNREACHABLE, broker + " " + describe(e), e);
        } catch (RecadoException e) {
            return new RecadoException(e.kind(), broker + " " + e.text(), e);
        } finally {
            socket = null;
        }
    }

    private static String describe(IOException e) {
        if (e instanceof UnknownHostException) {
            return "unknown host";
        }
        if (e instanceof SSLException) {
            return ClientTls.describe(e);
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
    }

    /** No answer of the text protocol begins like that. */
    private static void refuseOtherProtocol(byte first) {
        if (first < ' ' || first == DELETE) {
            String what = first == ZMTP_GREETING ? "it answers with ZMTP, ZeroMQ's protocol" : "it answers in binary";
            throw CommandStream.fault(what);
        }
    }

    private RecadoException read(BrokerSocket connection, BrokerAddress broker) throws IOException {
        ReplyDecoder decoder =
                new ReplyDecoder(Math.max(LINE_BYTES_MAX, options.payloadBytesMax()), options.payloadBytesMax());
        InputStream in = connection.in();
        boolean announced = false;
        int start = 0;
        int end = 0;
        while (true) {
            int count = read(in, end);
            if (count < 0) {
                String error = session.lastError();
                String said = error.isEmpty() ? "closed the connection" : "said " + error;
                return new RecadoException(announced ? Kind.CONNECTION_LOST : Kind.UNREACHABLE, broker + " " + said);
            }
            lastReadMs = Answers.nowMs();
            if (!announced && end == 0) {
                refuseOtherProtocol(buffer[0]);
            }
            end += count;
            handingOver = true;
            start = session.onBytes(decoder, buffer, start, end);
            lastReadMs = Answers.nowMs();
            handingOver = false;
            end = compact(start, end, decoder.neededBytes());
            start = 0;
            if (!announced && session.isReady()) {
                announced = true;
                readyMs = Answers.nowMs();
                connection.waitForReads();
                first.complete(broker);
                options.listener().onConnected(broker);
            }
        }
    }

    private int read(InputStream in, int end) throws IOException {
        try {
            return in.read(buffer, end, buffer.length - end);
        } catch (SocketTimeoutException e) {
            throw new IOException("does not answer within " + options.connectTimeoutMs() + " ms", e);
        }
    }

    /** Moves an incomplete frame to the front and makes room for its rest; answers its length. */
    private int compact(int start, int end, int neededBytes) {
        int rest = end - start;
        if (neededBytes >= buffer.length) {
            buffer = Arrays.copyOfRange(buffer, start, start + Math.max(neededBytes + READ_BYTES, buffer.length * 2));
        } else if (rest == 0 && buffer.length > KEEP_BYTES_MAX) {
            buffer = new byte[READ_BYTES];
        } else if (rest > 0 && start > 0) {
            System.arraycopy(buffer, start, buffer, 0, rest);
        }
        return rest;
    }

    private void writeLoop() {
        boolean open = true;
        while (open) {
            ByteWriter taken = null;
            BrokerSocket connection;
            session.lock().lock();
            try {
                session.onTick();
                watchSilence();
                open = !session.isClosed();
                if (open) {
                    taken = session.outbox().take(session.tickWaitMs());
                }
                connection = socket;
            } catch (InterruptedException e) {
                return;
            } finally {
                session.lock().unlock();
            }
            if (taken != null) {
                write(connection, taken);
            }
        }
    }

    private void write(@Nullable BrokerSocket connection, ByteWriter taken) {
        try {
            if (connection != null && connection != unwritable && taken.size() > 0) {
                connection.out().write(taken.array(), 0, taken.size());
            }
        } catch (IOException e) {
            unwritable = connection;
            unwritableMs = Answers.nowMs();
        } finally {
            session.outbox().release(taken);
        }
    }

    private void watchSilence() {
        if (handingOver) {
            return;
        }
        long nowMs = Answers.nowMs();
        long silentMs = nowMs - lastReadMs;
        boolean isHalf = socket == unwritable && nowMs - unwritableMs > LAST_WORDS_MS;
        if (socket != null && (isHalf || silentMs > options.silenceMaxMs())) {
            closeQuietly(socket);
        } else if (socket != null && silentMs > options.pingAfterMs()) {
            session.ping();
        }
    }

    private static void closeQuietly(@Nullable BrokerSocket connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                // What cannot be closed is as gone as it can be made.
                return;
            }
        }
    }
}

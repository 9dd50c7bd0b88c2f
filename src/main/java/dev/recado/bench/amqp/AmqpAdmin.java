package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadException;
import dev.recado.bench.LoadPlan;
import dev.recado.transport.amqp.wire.MethodId;
import java.io.IOException;
import java.net.Socket;

/** A connection that waits for every answer; for what is made before a run and deleted behind it. */
final class AmqpAdmin implements AutoCloseable {

    private static final int CONNECT_MS = 5_000;

    private final Socket socket;
    private final long deadlineNanos;
    private final ByteWriter out = new ByteWriter(512);
    private final ServerReader reader = new ServerReader(0);
    private final byte[] input = new byte[ClientWords.FRAME_BYTES_MAX + 64];
    private int at;
    private int inputSize;

    private AmqpAdmin(Socket socket, long deadlineNanos) {
        this.socket = socket;
        this.deadlineNanos = deadlineNanos;
    }

    /** Everything together takes {@code limitMs} at most. */
    static AmqpAdmin connect(LoadPlan.Setup setup, long limitMs) throws IOException {
        LoadPlan.Address broker = setup.endpoints().publishers();
        Socket socket = broker.connect((int) Math.min(CONNECT_MS, limitMs));
        AmqpAdmin admin = new AmqpAdmin(socket, System.nanoTime() + limitMs * 1_000_000);
        try {
            ClientWords.putGreeting(setup.namespace(), admin.out);
            admin.await(MethodId.CHANNEL_OPEN_OK);
            return admin;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** What is to be asked next is written here. */
    ByteWriter out() {
        return out;
    }

    /**
     * Sends what was written and waits for its answer.
     *
     * @throws LoadException where the broker refuses
     */
    void await(MethodId answer) throws IOException {
        socket.getOutputStream().write(out.array(), 0, out.size());
        out.clear();
        while (true) {
            ServerReader.Step step = reader.next(input, at, inputSize);
            at = reader.end();
            if (step == ServerReader.Step.FAILED) {
                throw new LoadException("broker says: " + reader.failure());
            }
            if (step == ServerReader.Step.METHOD && reader.method() == answer) {
                return;
            }
            if (step == ServerReader.Step.NEED_MORE) {
                fill();
            }
        }
    }

    private void fill() throws IOException {
        System.arraycopy(input, at, input, 0, inputSize - at);
        inputSize -= at;
        at = 0;
        long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
        socket.setSoTimeout((int) Math.max(1, leftMs));
        int count = socket.getInputStream().read(input, inputSize, input.length - inputSize);
        if (count < 0) {
            throw new IOException("the broker closed the connection; does guest with guest have access to it?");
        }
        inputSize += count;
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            ClientWords.putClose(out);
            socket.getOutputStream().write(out.array(), 0, out.size());
        }
    }
}

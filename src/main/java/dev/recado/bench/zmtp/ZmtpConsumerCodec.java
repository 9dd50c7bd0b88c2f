package dev.recado.bench.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import java.nio.charset.StandardCharsets;

/**
 * One consumer's connection: one that pulls, or one that subscribes to the messages of this run. Behind the handshake
 * it sends a PING: a broker answers it once the subscription stands.
 */
final class ZmtpConsumerCodec implements ConsumerCodec {

    /** Above the plan's size, for messages of others. */
    private static final int BODY_BYTES_ROOM = 1 << 20;

    private static final byte[] FIRST = "first".getBytes(StandardCharsets.US_ASCII);

    private final SocketType type;
    private final byte[] prefix;
    private final ZmtpReader reader;
    private boolean ready;

    ZmtpConsumerCodec(LoadPlan plan) {
        type = plan.consuming().tap() ? SocketType.SUB : SocketType.PULL;
        prefix = Words.prefix(plan.setup().run());
        reader = new ZmtpReader(type, plan.publishing().sizeBytes() + BODY_BYTES_ROOM);
    }

    @Override
    public void greet(ByteWriter out) {
        Words.putGreeting(type, out);
    }

    @Override
    public int read(byte[] bytes, int from, int to, DeliveryEvents events, ByteWriter out) {
        int at = from;
        while (true) {
            ZmtpReader.Step step = reader.next(bytes, at, to);
            at = reader.end();
            switch (step) {
                case NEED_MORE -> {
                    return at;
                }
                case FAILED -> {
                    events.onFailed(reader.failure());
                    return to;
                }
                case READY -> subscribe(out);
                case COMMAND -> onCommand(reader.command(), events, out);
                case MESSAGE -> {
                    int start = reader.bodyStart();
                    onDelivery(bytes, start, start + reader.bodyLength(), events);
                }
                // Somebody else's, whatever its frames hold.
                case MULTIPART -> onDelivery(bytes, at, at, events);
            }
        }
    }

    /** Not earlier: libzmq ends a peer that says more than READY before its own. */
    private void subscribe(ByteWriter out) {
        if (type == SocketType.SUB) {
            // As a message, which peers of every version take.
            Frames.putHeader(out, false, 1 + prefix.length);
            out.put(1).put(prefix);
        }
        Words.putPing(FIRST, out);
    }

    private static void onDelivery(byte[] bytes, int from, int to, DeliveryEvents events) {
        events.onDelivery(0, 0, DeliveryEvents.NO_OFFSET, 1, bytes, from, to);
    }

    @Override
    public int neededBytes() {
        return reader.neededBytes();
    }

    private void onCommand(Command command, DeliveryEvents events, ByteWriter out) {
        if (command.is(Command.PING)) {
            Words.putPong(command, out);
        } else if (command.is(Command.PONG) && !ready) {
            ready = true;
            events.onReady();
        }
    }
}

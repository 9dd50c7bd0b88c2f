package dev.recado.bench.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport.PublishEncoder;
import dev.recado.bench.Stamp;
import dev.recado.transport.zmtp.wire.Frames;
import java.nio.charset.StandardCharsets;

/**
 * A publisher's messages, of one frame each: one copy of the frame, then the stamp written into it.
 *
 * <pre>
 * flags size stamp filler
 * </pre>
 */
final class ZmtpPublishEncoder implements PublishEncoder {

    /** The context of the last PING, by which its PONG is known. */
    static final byte[] LAST = "last".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NOTHING = {};

    private final int run;
    private final int publisher;
    private final SocketType type;
    private final int sizeBytes;
    private final byte[] frame;

    ZmtpPublishEncoder(LoadPlan plan, int publisher, SocketType type) {
        this.publisher = publisher;
        this.type = type;
        run = plan.setup().run();
        sizeBytes = plan.publishing().sizeBytes();
        ByteWriter made = new ByteWriter(Frames.headerBytes(sizeBytes) + sizeBytes);
        Frames.put(made, false, Stamp.payload(run, sizeBytes), 0, sizeBytes);
        frame = made.toByteArray();
    }

    @Override
    public void greet(long nextSequence, ByteWriter out) {
        Words.putGreeting(type, out);
    }

    @Override
    public void publish(long sequence, long intendedNanos, ByteWriter out) {
        out.put(frame);
        Stamp.write(out.array(), out.size() - sizeBytes, sizeBytes, run, publisher, sequence, intendedNanos);
    }

    /** Brokers ping who is silent, and end who goes on being silent; whoever writes here does not see that PING. */
    @Override
    public void keepAlive(ByteWriter out) {
        Words.putPing(NOTHING, out);
    }

    @Override
    public void finish(ByteWriter out) {
        Words.putPing(LAST, out);
    }
}

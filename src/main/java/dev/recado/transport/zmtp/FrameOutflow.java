package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a session writes: first what is large and under way, then the outbox, then deliveries, in slices, as far as the
 * socket takes it. One session's, one owner.
 */
final class FrameOutflow {

    static final int OUTBOX_BYTES_AT_FIRST = 64;

    /** Commands, answers and whatever else waits in the order in which it goes out, before deliveries. */
    final ByteWriter outbox = new ByteWriter(OUTBOX_BYTES_AT_FIRST);

    final LargeOutput large;
    private final Wire wire;
    private final ZmtpEnvironment environment;
    /** Memory for output is short: the outbox goes to the socket once there is some. */
    private boolean outboxWaits;

    private long sentBytes;

    FrameOutflow(Wire wire, ZmtpEnvironment environment) {
        this.wire = wire;
        this.environment = environment;
        large = new LargeOutput(environment.large);
    }

    /** Whether the outbox is written by the next flush, as far as can be told. */
    boolean takesOutbox() {
        return !outboxWaits && !wire.isFull();
    }

    /** Whether the next flush writes all that is put into the empty outbox. */
    boolean takesNow() {
        return !large.isUnderWay() && !wire.isFull() && wire.sliceBytes() == Wire.SLICE_BYTES;
    }

    /** Whether nothing waits but deliveries. */
    boolean isEmpty() {
        return outbox.size() == 0 && !large.isUnderWay();
    }

    /** Writes what the socket takes of what there is; {@code channel} is null where none seals it. */
    void write(@Nullable Traffic traffic, @Nullable SecureChannel channel, PeerPulse pulse, boolean ending) {
        int slices = 0;
        boolean more = true;
        while (more && !wire.isFull()) {
            more = writeSlice(traffic, channel, pulse, ending);
            if (more && large.isUnderWay() && ++slices == LargeOutput.SLICES_A_TURN) {
                wire.soon();
                more = false;
            }
        }
    }

    /** Encodes and writes one slice; answers whether there was anything. */
    private boolean writeSlice(
            @Nullable Traffic traffic, @Nullable SecureChannel channel, PeerPulse pulse, boolean ending) {
        int sliceBytes = wire.sliceBytes();
        ByteWriter out = environment.freshOut();
        if (large.isUnderWay()) {
            pulse.onOutput();
        }
        large.encode(out, sliceBytes);
        outboxWaits = sliceBytes < Wire.SLICE_BYTES && outbox.size() > sliceBytes;
        if (!outboxWaits && !large.isUnderWay()) {
            out.put(outbox.array(), 0, outbox.size());
            outbox.clear(OUTBOX_BYTES_AT_FIRST);
            int answersEnd = out.size();
            if (traffic != null && !ending) {
                traffic.encode(out, sliceBytes);
            }
            large.encode(out, sliceBytes);
            if (out.size() > answersEnd) {
                pulse.onOutput();
            }
        }
        if (out.size() == 0) {
            environment.trim();
            if (traffic != null && !outboxWaits) {
                traffic.sealNothing(sentBytes, pulse.writtenBytes());
            }
            return false;
        }
        ByteWriter written = channel == null ? out : channel.seal(out, environment.freshSealed());
        sentBytes += written.size();
        pulse.seal(sentBytes);
        if (traffic != null) {
            traffic.seal(sentBytes);
        }
        wire.write(written);
        environment.trim();
        return true;
    }
}

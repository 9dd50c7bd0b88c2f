package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Wire;

/** Commands, answers and whatever else waits in the order in which it goes out, before deliveries. One owner. */
final class PeerOutbox {

    /** Bytes that wait for a peer that does not read before its own are no longer read. */
    private static final int BYTES_MAX = 64 * 1024;

    private static final int BYTES_AT_FIRST = 64;

    final ByteWriter bytes = new ByteWriter(BYTES_AT_FIRST);
    private final Wire wire;
    private final LargeOutput large;
    private final PeerPulse pulse;
    /** Memory for output is short: it goes to the socket once there is some. */
    private boolean waits;

    PeerOutbox(Wire wire, LargeOutput large, PeerPulse pulse) {
        this.pulse = pulse;
        this.wire = wire;
        this.large = large;
    }

    /** Where an answer goes, which the peer may be busy with then; it is written in the end of the turn. */
    ByteWriter forAnswer() {
        pulse.onOutput();
        return bytes;
    }

    /** What waits in it. */
    int size() {
        return bytes.size();
    }

    /** Whether its owner may read on, which may put more here. */
    boolean takesMore() {
        return bytes.size() < BYTES_MAX || !waits && !wire.isFull();
    }

    /** Whether the next flush writes all that is put here while it is empty. */
    boolean takesNow() {
        return !large.isUnderWay() && !wire.isFull() && wire.sliceBytes() == Wire.SLICE_BYTES;
    }

    /** Appends all of it to the output, unless that has to wait; answers whether it did. */
    boolean moveTo(ByteWriter out, int bytesMax) {
        waits = bytesMax < Wire.SLICE_BYTES && bytes.size() > bytesMax;
        if (!waits) {
            out.put(bytes.array(), 0, bytes.size());
            bytes.clear(BYTES_AT_FIRST);
        }
        return !waits;
    }
}

package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.Wire;
import dev.recado.transport.WrittenMarks;

/**
 * What a session writes: answers before pushes, in slices, as far as the socket takes it. What is large is under way
 * alone: until it has ended nothing else is encoded. One session's, one owner.
 */
final class Outflow {

    final PushQueue pushes = new PushQueue();
    private final Wire wire;
    private final LoopBuffers buffers;
    private final PendingReplies replies;
    private final ClassicCommands classic;
    private final WrittenMarks marks;
    private final LargeOutput large;
    /** Bytes given to the wire so far, and how many of them the socket has taken. */
    private long sentBytes;

    private long takenBytes;

    Outflow(Wire wire, Dialogue dialogue, ClassicCommands classic, WrittenMarks marks) {
        this.wire = wire;
        this.buffers = dialogue.environment.buffers();
        this.replies = dialogue.replies;
        this.classic = classic;
        this.marks = marks;
        large = dialogue.large;
    }

    void onWritten(long position) {
        takenBytes = position;
        marks.onWritten(position);
    }

    /** Of all that was sent, what the socket took. */
    long takenBytes() {
        return takenBytes;
    }

    /** Bytes given to the wire so far. */
    long sentBytes() {
        return sentBytes;
    }

    /** Whether the socket takes more and nothing large is under way or waits: only then is a large answer prepared. */
    boolean isTaken() {
        return !large.isUnderWay() && large.heldBytes() < Wire.SLICE_BYTES && !wire.isFull();
    }

    boolean isEmpty() {
        return replies.isEmpty() && !pushes.hasOutput() && !large.isUnderWay();
    }

    boolean isLargeUnderWay() {
        return large.isUnderWay();
    }

    /** Writes what the socket takes of what there is; {@code ending}: without the notices of a classic session. */
    void write(boolean ending) {
        int slices = 0;
        boolean more = true;
        while (more && !wire.isFull()) {
            more = writeSlice(ending);
            if (more && large.isUnderWay() && ++slices == LargeOutput.SLICES_A_TURN) {
                wire.soon();
                more = false;
            }
        }
    }

    /** Encodes and writes one slice; answers whether there was anything. */
    boolean writeSlice(boolean ending) {
        ByteWriter out = buffers.freshOut();
        int sliceBytes = wire.sliceBytes();
        large.encode(out, sliceBytes);
        boolean begun = true;
        while (begun && !large.isUnderWay() && out.size() < sliceBytes) {
            encode(out, sliceBytes, ending);
            begun = large.isUnderWay();
            large.encode(out, sliceBytes);
        }
        if (out.size() > 0) {
            sentBytes += out.size();
            marks.seal(sentBytes);
            wire.write(out);
            buffers.trim();
            return true;
        }
        buffers.trim();
        // What was noted without output ends where the output does already.
        marks.seal(sentBytes);
        marks.onWritten(takenBytes);
        return false;
    }

    private void encode(ByteWriter out, int sliceBytes, boolean ending) {
        replies.drain(out, sliceBytes, large);
        if (!large.isUnderWay()) {
            if (!ending) {
                classic.writePush(out); // the reason of an end is the last line
            }
            pushes.encode(out, sliceBytes, marks, large);
        }
    }

    /** The session is over: what large output holds is let go. */
    void close() {
        large.close();
    }
}

package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.SlicedOutput;
import dev.recado.transport.amqp.wire.BodyFrames;

/** The body frames of a large message, a slice at a time. One owner. */
final class BodySlices implements SlicedOutput {

    private final byte[] body;
    private final BodyFrames frames;
    private int at;
    private int end;

    /** {@code frames} stand before the first piece of {@code body}. */
    BodySlices(byte[] body, BodyFrames frames) {
        this.body = body;
        this.frames = frames;
    }

    @Override
    public boolean next(ByteWriter out, int bytesMax) {
        while (true) {
            int count = Math.min(end - at, bytesMax - out.size());
            if (count > 0) {
                out.put(body, at, count);
                at += count;
            }
            if (at < end || bytesMax - out.size() < BodyFrames.STEP_BYTES_MAX) {
                return true;
            }
            if (!frames.next(out)) {
                return false;
            }
            at = frames.pieceStart();
            end = at + frames.pieceLength();
        }
    }
}

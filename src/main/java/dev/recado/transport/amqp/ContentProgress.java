package dev.recado.transport.amqp;

import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.ContentHeader;
import dev.recado.transport.amqp.wire.ReplyCode;

/**
 * How far the frames of one command with content have come: its method, then a header, then bodies of as many bytes as
 * the header says. They lie behind each other, and at the end the bodies are joined to one frame. One owner.
 */
final class ContentProgress {

    /** What {@link #take} found. */
    enum Step {
        /** Frames are missing. */
        MORE,
        COMPLETE,
        /** The body is longer than messages may be: nothing of it is kept. */
        TOO_LONG,
        /** {@link #code} and {@link #problem} say why the connection ends. */
        WRONG
    }

    private static final int SIZE_AT = 3;

    private final ContentHeader header = new ContentHeader();
    /** Bytes of the frames so far. */
    private int taken;

    private boolean hasHeader;
    private int bodyAt;
    private long bodyLeft;
    private int bodyFrames;
    private ReplyCode code = ReplyCode.UNEXPECTED_FRAME;
    private String problem = "";

    /** Begins with the frame of the method. */
    void begin(int methodFrameBytes) {
        taken = methodFrameBytes;
        hasHeader = false;
        bodyAt = 0;
        bodyLeft = 0;
        bodyFrames = 0;
    }

    /** Bytes of the frames so far, from the first one's start. */
    int taken() {
        return taken;
    }

    /** Whether frames were taken and others are missing. */
    boolean isUnderWay() {
        return taken > 0;
    }

    /** One that stands where this one stands. */
    ContentProgress copy() {
        ContentProgress copy = new ContentProgress();
        copy.taken = taken;
        copy.hasHeader = hasHeader;
        copy.bodyAt = bodyAt;
        copy.bodyLeft = bodyLeft;
        copy.bodyFrames = bodyFrames;
        return copy;
    }

    void reset() {
        taken = 0;
    }

    /** What all frames come to where the rest is sent in the fewest frames of {@code frameBytesMax}. */
    long expectedBytes(int frameBytesMax) {
        int piece = Math.max(1, frameBytesMax - AmqpFrameReader.OVERHEAD_BYTES);
        return taken + bodyLeft + (bodyLeft + piece - 1) / piece * AmqpFrameReader.OVERHEAD_BYTES;
    }

    /** Takes the next frame of the channel, which lies in {@code bytes} behind those before it. */
    Step take(AmqpFrameReader frame, byte[] bytes, long bodyBytesMax) {
        return hasHeader ? takeBody(frame) : takeHeader(frame, bytes, bodyBytesMax);
    }

    private Step takeHeader(AmqpFrameReader frame, byte[] bytes, long bodyBytesMax) {
        if (frame.type() != AmqpFrameReader.HEADER) {
            return wrong(
                    ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got non content header frame instead");
        }
        boolean sound = header.read(bytes, frame.payloadStart(), frame.payloadLength());
        bodyLeft = header.bodyBytes();
        int classId = header.classId();
        header.forget();
        if (!sound) {
            return wrong(ReplyCode.SYNTAX_ERROR, header.problem());
        }
        if (classId != ContentHeader.BASIC_CLASS) {
            return wrong(
                    ReplyCode.UNEXPECTED_FRAME,
                    "expected content header for class 60, got one for class " + classId + " instead");
        }
        hasHeader = true;
        taken += frame.neededBytes();
        bodyAt = taken;
        if (bodyLeft > bodyBytesMax) {
            return Step.TOO_LONG;
        }
        return bodyLeft == 0 ? Step.COMPLETE : Step.MORE;
    }

    private Step takeBody(AmqpFrameReader frame) {
        if (frame.type() != AmqpFrameReader.BODY) {
            return wrong(ReplyCode.UNEXPECTED_FRAME, "expected content body, got non content body frame instead");
        }
        if (frame.payloadLength() > bodyLeft) {
            return wrong(ReplyCode.FRAME_ERROR, "a content body longer than its header says");
        }
        taken += frame.neededBytes();
        bodyFrames++;
        bodyLeft -= frame.payloadLength();
        return bodyLeft == 0 ? Step.COMPLETE : Step.MORE;
    }

    private Step wrong(ReplyCode why, String what) {
        code = why;
        problem = what;
        return Step.WRONG;
    }

    /** After {@link Step#TOO_LONG}: how long the body is said to be. */
    long bodyBytes() {
        return bodyLeft;
    }

    ReplyCode code() {
        return code;
    }

    String problem() {
        return problem;
    }

    /**
     * Joins the bodies of a complete command that begins at {@code start}, in place; answers how many bytes it has now.
     */
    int join(byte[] bytes, int start, AmqpFrameReader frame) {
        if (bodyFrames < 2) {
            return taken;
        }
        int to = start + bodyAt + AmqpFrameReader.PRELUDE_BYTES;
        int at = start + bodyAt;
        for (int i = 0; i < bodyFrames; i++) {
            frame.read(bytes, at, start + taken, Integer.MAX_VALUE);
            System.arraycopy(bytes, frame.payloadStart(), bytes, to, frame.payloadLength());
            to += frame.payloadLength();
            at = frame.end();
        }
        int length = to - (start + bodyAt + AmqpFrameReader.PRELUDE_BYTES);
        int sizeAt = start + bodyAt + SIZE_AT;
        bytes[sizeAt] = (byte) (length >>> 24);
        bytes[sizeAt + 1] = (byte) (length >>> 16);
        bytes[sizeAt + 2] = (byte) (length >>> 8);
        bytes[sizeAt + 3] = (byte) length;
        bytes[to] = (byte) AmqpFrameReader.END;
        return to + 1 - start;
    }
}

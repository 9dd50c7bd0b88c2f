package dev.recado.transport.zmtp;

import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.Lender;
import dev.recado.transport.zmtp.wire.FrameReader;
import java.util.Arrays;

/**
 * Cuts what a peer sends behind its greeting into messages, each of one frame or more, and commands, without I/O. They
 * are read where they lie; see {@link InputAssembly}. Of a message of several frames each counts {@link #FRAME_BYTES}
 * beside its body, so that very many empty ones meet the limit too. It never throws for what a peer sent. One owner.
 */
final class MessageDecoder {

    /** What a frame counts beside its body. */
    static final int FRAME_BYTES = 16;
    /** Frames of a message, at most. */
    static final int FRAMES_MAX = 65_535;
    /** Bytes of a command's body, at most. */
    static final int COMMAND_BYTES_MAX = 64 * 1024;

    private static final byte[] NOTHING = {};
    private static final int FRAMES_AT_FIRST = 4;
    /** A message of more frames leaves no memory for as many behind. */
    private static final int FRAMES_KEPT = 64;

    private final InputAssembly input;
    private final FrameReader frame = new FrameReader();
    private int messageBytesMax;
    private int commandBytesMax;
    private int[] starts = new int[FRAMES_AT_FIRST];
    private int[] lengths = new int[FRAMES_AT_FIRST];
    private int count;
    /** Bytes of the frames found of the message under way; the next one begins behind them. */
    private int scanned;

    private long counted;
    /** Bytes of what was last returned, passed over by the next call. */
    private int returned;

    private int base;
    private byte[] bytes = NOTHING;
    private String problem = "";

    MessageDecoder(int messageBytesMax, Lender budget) {
        this.messageBytesMax = messageBytesMax;
        commandBytesMax = Math.min(messageBytesMax, COMMAND_BYTES_MAX);
        input = new InputAssembly(budget);
    }

    InputAssembly input() {
        return input;
    }

    /** Changes the largest message that is taken, from the next one on. */
    void messageBytesMax(int max) {
        messageBytesMax = max;
        commandBytesMax = Math.min(max, COMMAND_BYTES_MAX);
    }

    /** Commands carry messages: they may be as large. */
    void commandsAreMessages() {
        commandBytesMax = messageBytesMax;
    }

    /** Lets go of what was fed; the frames last returned are no longer valid. */
    void keep() {
        passReturned();
        input.letGo();
    }

    /** As {@link #keep}, but what was last returned keeps its memory until the next call. */
    void keepReturned() {
        input.letGo();
    }

    /** Makes the next call return what was last returned once more. */
    void again() {
        returned = 0;
        scanned = 0;
        count = 0;
        counted = 0;
    }

    Decoded next() {
        passReturned();
        while (true) {
            FrameReader.Outcome found = frame.read(
                    input.bytes(), input.from() + scanned, input.to(), Math.max(messageBytesMax, commandBytesMax));
            switch (found) {
                case MALFORMED -> {
                    return malformed(frame.problem());
                }
                case NEED_MORE -> {
                    if (frame.sized() && isBeyondLimits()) {
                        return Decoded.MALFORMED;
                    }
                    int needed = scanned + frame.neededBytes();
                    InputAssembly.Outcome outcome = input.more(needed, atMost(needed));
                    if (outcome == InputAssembly.Outcome.NEED_MORE) {
                        return Decoded.NEED_MORE;
                    }
                    if (outcome == InputAssembly.Outcome.NO_MEMORY) {
                        return Decoded.NO_MEMORY;
                    }
                }
                case FRAME -> {
                    if (isBeyondLimits()) {
                        return Decoded.MALFORMED;
                    }
                    add();
                    if (!frame.more()) {
                        base = input.from();
                        bytes = input.bytes();
                        returned = scanned;
                        return frame.command() ? Decoded.COMMAND : Decoded.MESSAGE;
                    }
                }
            }
        }
    }

    private void add() {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        starts[count] = frame.bodyStart() - input.from();
        lengths[count] = frame.bodyLength();
        count++;
        counted += frame.bodyLength() + FRAME_BYTES;
        scanned = frame.end() - input.from();
    }

    /** What the message under way may grow to: exact once its last frame's size is known. */
    private long atMost(int needed) {
        if (frame.sized() && !frame.more()) {
            return needed;
        }
        return needed <= ByteBudget.SMALL_BYTES
                ? ByteBudget.SMALL_BYTES
                : Math.max(needed, (long) messageBytesMax + FrameReader.HEADER_BYTES_MAX);
    }

    private boolean isBeyondLimits() {
        if (frame.command()) {
            if (count > 0) {
                problem = "a command between the frames of a message";
                return true;
            }
            if (frame.bodyLength() > commandBytesMax) {
                problem = "a command of " + frame.bodyLength() + " bytes, limit=" + commandBytesMax;
                return true;
            }
            return false;
        }
        if (count == FRAMES_MAX) {
            problem = "a message of more than " + FRAMES_MAX + " frames";
            return true;
        }
        // A frame that another one follows leaves room for that: so the large pool is asked once for a message.
        int frameBytes = (count == 0 && !frame.more() ? 0 : FRAME_BYTES) + (frame.more() ? FRAME_BYTES : 0);
        if (counted + frame.bodyLength() + frameBytes > messageBytesMax) {
            problem = "a message of more than " + messageBytesMax + " bytes";
            return true;
        }
        return false;
    }

    private void passReturned() {
        if (returned > 0) {
            input.pass(returned);
            again();
            bytes = NOTHING;
            if (starts.length > FRAMES_KEPT) {
                starts = new int[FRAMES_AT_FIRST];
                lengths = new int[FRAMES_AT_FIRST];
            }
        }
    }

    private Decoded malformed(String what) {
        problem = what;
        return Decoded.MALFORMED;
    }

    /** After {@link Decoded#MALFORMED}: what is wrong. */
    String problem() {
        return problem;
    }

    /** Frames of the message. */
    int frameCount() {
        return count;
    }

    /** The array that all its frames lie in, until the next call. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the body of frame {@code i} begins. */
    int start(int i) {
        return base + starts[i];
    }

    int length(int i) {
        return lengths[i];
    }

    void close() {
        input.close();
        again();
    }
}

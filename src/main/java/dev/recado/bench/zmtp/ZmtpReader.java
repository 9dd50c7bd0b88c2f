package dev.recado.bench.zmtp;

import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.FrameReader.Outcome;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Metadata;
import java.util.Arrays;

/**
 * Reads what the broker sends on one connection where it lies:
 *
 * <pre>
 *  64 B greeting, then frames: command READY or ERROR, then commands and the frames of messages
 * </pre>
 *
 * <p>A cursor: what it found stands in its fields until the next call. It never throws for what the broker sent, and
 * behind {@link Step#FAILED} it finds nothing more. Not thread-safe: one owner.
 */
final class ZmtpReader {

    private static final int MAJOR_MIN = 3;

    /** What {@link #next} found. */
    enum Step {
        /** The next thing is not complete. */
        NEED_MORE,
        /** The handshake is over. */
        READY,
        /** A command of the traffic: {@link #command}. */
        COMMAND,
        /** A message of one frame, as the body says. */
        MESSAGE,
        /** The end of a message of several frames; none of ours has more than one. */
        MULTIPART,
        /** The connection is of no more use: {@link #failure}. */
        FAILED
    }

    private enum Phase {
        GREETING,
        HANDSHAKE,
        TRAFFIC,
        FAILED
    }

    private final SocketType type;
    private final int bodyBytesMax;
    private final FrameReader frames = new FrameReader();
    private final Command command = new Command();
    private Phase phase = Phase.GREETING;
    private boolean inMultipart;
    private int end;
    private int neededBytes = Greeting.BYTES;
    private String failure = "";

    ZmtpReader(SocketType type, int bodyBytesMax) {
        this.type = type;
        this.bodyBytesMax = bodyBytesMax;
    }

    /** Reads on at {@code from} in {@code bytes[from, to)}. */
    Step next(byte[] bytes, int from, int to) {
        end = from;
        if (phase == Phase.GREETING) {
            onGreeting(bytes, from, to);
        }
        while (phase == Phase.HANDSHAKE || phase == Phase.TRAFFIC) {
            Outcome outcome = frames.read(bytes, end, to, bodyBytesMax);
            if (outcome == Outcome.NEED_MORE) {
                neededBytes = frames.neededBytes();
                return Step.NEED_MORE;
            }
            if (outcome == Outcome.MALFORMED) {
                return fail("not ZMTP: " + frames.problem());
            }
            end = frames.end();
            Step step = frames.command() ? onCommand(bytes) : onMessageFrame();
            if (step != Step.NEED_MORE) {
                return step;
            }
        }
        return phase == Phase.FAILED ? Step.FAILED : Step.NEED_MORE;
    }

    private void onGreeting(byte[] bytes, int from, int to) {
        int length = Math.min(to - from, Greeting.BYTES);
        neededBytes = Greeting.BYTES;
        byte[] greeting = Arrays.copyOfRange(bytes, from, from + length);
        if (!Greeting.isSignature(greeting, length)) {
            fail("not ZMTP: the greeting begins otherwise");
        } else if (length > Greeting.MAJOR_AT && greeting[Greeting.MAJOR_AT] < MAJOR_MIN) {
            fail("ZMTP " + greeting[Greeting.MAJOR_AT] + ", which is older than 3");
        } else if (length == Greeting.BYTES) {
            String mechanism = Greeting.mechanism(greeting);
            if (mechanism.equals(Words.NULL)) {
                phase = Phase.HANDSHAKE;
                end = from + length;
            } else {
                fail("the broker wants another mechanism than NULL");
            }
        }
    }

    private Step onCommand(byte[] bytes) {
        if (inMultipart || !command.read(bytes, frames.bodyStart(), frames.bodyLength())) {
            return fail("not ZMTP: a command without a name or within a message");
        }
        if (command.is(Command.ERROR)) {
            return fail("the broker says: " + command.errorReason());
        }
        if (phase == Phase.TRAFFIC) {
            boolean malformed = command.is(Command.PING) && !Words.isWellFormed(command);
            return malformed ? fail("not ZMTP: a malformed PING") : Step.COMMAND;
        }
        Metadata metadata = command.is(Command.READY)
                ? Metadata.read(command.bytes(), command.dataStart(), command.dataLength())
                : null;
        if (metadata == null) {
            return fail("not ZMTP: READY expected");
        }
        if (!type.mayTalkTo(metadata.socketType())) {
            return fail("a " + type + " socket does not go with the one that listens there");
        }
        phase = Phase.TRAFFIC;
        return Step.READY;
    }

    private Step onMessageFrame() {
        if (phase == Phase.HANDSHAKE) {
            return fail("not ZMTP: a message before READY");
        }
        boolean single = !inMultipart && !frames.more();
        inMultipart = frames.more();
        return inMultipart ? Step.NEED_MORE : single ? Step.MESSAGE : Step.MULTIPART;
    }

    private Step fail(String why) {
        phase = Phase.FAILED;
        failure = why;
        return Step.FAILED;
    }

    /** Index behind what was read; where the next call goes on. */
    int end() {
        return end;
    }

    /** How many bytes from there the next thing needs at least. */
    int neededBytes() {
        return neededBytes;
    }

    Command command() {
        return command;
    }

    int bodyStart() {
        return frames.bodyStart();
    }

    int bodyLength() {
        return frames.bodyLength();
    }

    String failure() {
        return failure;
    }
}

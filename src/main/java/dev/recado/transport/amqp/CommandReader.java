package dev.recado.transport.amqp;

import dev.recado.core.message.Draft;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.Decoded;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.Lender;
import dev.recado.transport.amqp.wire.AmqpFrameReader;
import dev.recado.transport.amqp.wire.MethodId;
import dev.recado.transport.amqp.wire.ProtocolHeader;
import dev.recado.transport.amqp.wire.ReplyCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Cuts what a client sends behind the protocol header into commands, without I/O: one frame, or the frames of a method
 * with content, behind each other and the bodies joined to one. They are read where they lie; see {@link
 * InputAssembly}. Where frames of other channels come between, those that are not complete are set aside and copied. It
 * never throws for what a peer sent. One owner.
 */
final class CommandReader {

    /** Channels whose contents may be under way at once. */
    static final int ASIDE_MAX = 256;

    private static final byte[] NOTHING = {};

    private final Lender budget;
    private final Runnable onRoom;
    private final InputAssembly input;
    private final AmqpFrameReader frame = new AmqpFrameReader();
    private final AmqpFrameReader bodies = new AmqpFrameReader();
    private final ContentProgress progress = new ContentProgress();
    private final Map<Integer, Aside> asides = new HashMap<>(0);
    private final Refusing refusing;
    private int frameBytesMax = AmqpFrameReader.FRAME_BYTES_MIN;
    private final long messageBytesMax;

    /** Where the command under way came from. */
    private int progressChannel;
    /** Bytes of what was last returned, passed over by the next call. */
    private int returned;

    private InputAssembly returnedFrom;
    private int channel;
    private byte[] bytes = NOTHING;
    private int from;
    private int length;
    private ReplyCode code = ReplyCode.FRAME_ERROR;
    private String problem = "";

    /** Which channels take nothing but methods, as they are being closed. */
    @FunctionalInterface
    interface Refusing {
        boolean refuses(int channel);
    }

    /** What came of a content while others came too. */
    private static final class Aside {
        final InputAssembly input;
        final ContentProgress progress;
        final AssemblyWatch watch = new AssemblyWatch(0);

        Aside(InputAssembly input, ContentProgress progress) {
            this.input = input;
            this.progress = progress;
        }
    }

    CommandReader(long messageBytesMax, Lender budget, Runnable onRoom, Refusing refusing) {
        this.messageBytesMax = messageBytesMax;
        this.budget = budget;
        this.onRoom = onRoom;
        this.refusing = refusing;
        input = new InputAssembly(budget, onRoom);
        returnedFrom = input;
    }

    InputAssembly input() {
        return input;
    }

    /** The longest frame from now on. */
    void frameBytesMax(int max) {
        frameBytesMax = max;
    }

    void feed(byte[] source, int start, int count) {
        input.feed(source, start, count);
    }

    /** Lets go of what was fed; the command last returned is no longer valid. */
    void keep() {
        passReturned();
        input.letGo();
    }

    void close() {
        input.close();
        asides.values().forEach(aside -> aside.input.close());
        asides.clear();
    }

    /** The channel is over: what came of it is forgotten. */
    void forget(int ended) {
        Aside aside = asides.remove(ended);
        if (aside != null) {
            aside.input.close();
        }
    }

    /** What the command last returned was lent goes on with {@code draft}, and where it can its array too. */
    void lend(Draft draft) {
        draft.loan = returnedFrom.takeLoan();
        draft.isGiven = draft.loan != null && returnedFrom.giveArray(returned);
    }

    /** Looks at what stands before the first frame: COMMAND where it is as it should be. */
    Decoded header() {
        ProtocolHeader.Outcome found = ProtocolHeader.read(input.bytes(), input.from(), input.to());
        if (found == ProtocolHeader.Outcome.NEED_MORE
                && input.more(ProtocolHeader.BYTES, ProtocolHeader.BYTES) == InputAssembly.Outcome.READY) {
            found = ProtocolHeader.read(input.bytes(), input.from(), input.to());
        }
        return switch (found) {
            case NEED_MORE -> Decoded.NEED_MORE;
            case OTHER -> malformed(ReplyCode.FRAME_ERROR, "no protocol header");
            case AMQP_0_9_1 -> {
                input.pass(ProtocolHeader.BYTES);
                yield Decoded.COMMAND;
            }
        };
    }

    Decoded next() {
        passReturned();
        while (true) {
            int scanned = progress.taken();
            AmqpFrameReader.Outcome found =
                    frame.read(input.bytes(), input.from() + scanned, input.to(), frameBytesMax);
            switch (found) {
                case MALFORMED -> {
                    return malformed(ReplyCode.FRAME_ERROR, frame.problem());
                }
                case NEED_MORE -> {
                    int needed = scanned + frame.neededBytes();
                    InputAssembly.Outcome grown = input.more(needed, atMost(needed));
                    if (grown == InputAssembly.Outcome.NEED_MORE) {
                        return Decoded.NEED_MORE;
                    }
                    if (grown == InputAssembly.Outcome.NO_MEMORY) {
                        return Decoded.NO_MEMORY;
                    }
                }
                case FRAME -> {
                    Decoded done = onFrame();
                    if (done != Decoded.NEED_MORE) {
                        return done;
                    }
                }
            }
        }
    }

    private long atMost(int needed) {
        if (!progress.isUnderWay()) {
            return needed;
        }
        return Math.max(needed, progress.expectedBytes(frameBytesMax));
    }

    /** Takes the frame that was found; {@link Decoded#NEED_MORE} to look for another one. */
    private Decoded onFrame() {
        boolean between = progress.isUnderWay() && frame.channel() != progressChannel;
        if (between) {
            return setAside();
        }
        if (progress.isUnderWay()) {
            return onContent(progress.take(frame, input.bytes(), messageBytesMax), progress, input);
        }
        if (frame.type() == AmqpFrameReader.HEARTBEAT) {
            input.pass(frame.neededBytes());
            return Decoded.NEED_MORE;
        }
        Aside aside = asides.isEmpty() ? null : asides.get(frame.channel());
        if (aside != null) {
            return goOn(aside);
        }
        if (frame.type() != AmqpFrameReader.METHOD && refusing.refuses(frame.channel())) {
            input.pass(frame.neededBytes());
            return Decoded.NEED_MORE;
        }
        if (hasContent() && !refusing.refuses(frame.channel())) {
            progressChannel = frame.channel();
            progress.begin(frame.neededBytes());
            return Decoded.NEED_MORE;
        }
        return returns(input, frame.neededBytes(), frame.neededBytes(), Decoded.COMMAND);
    }

    private boolean hasContent() {
        if (frame.type() != AmqpFrameReader.METHOD || frame.channel() == 0 || frame.payloadLength() < Integer.BYTES) {
            return false;
        }
        byte[] in = input.bytes();
        int at = frame.payloadStart();
        MethodId method =
                MethodId.of((in[at] & 0xFF) << 8 | in[at + 1] & 0xFF, (in[at + 2] & 0xFF) << 8 | in[at + 3] & 0xFF);
        return method != null && method.hasContent() && method.isFromClient();
    }

    private Decoded onContent(ContentProgress.Step step, ContentProgress of, InputAssembly at) {
        return switch (step) {
            case MORE -> Decoded.NEED_MORE;
            case WRONG -> malformed(of.code(), of.problem());
            case TOO_LONG -> {
                problem = "message size " + of.bodyBytes() + " is larger than configured max size " + messageBytesMax;
                yield returns(at, of.taken(), of.taken(), Decoded.TOO_LONG);
            }
            case COMPLETE -> returns(at, of.taken(), of.join(at.bytes(), at.from(), bodies), Decoded.COMMAND);
        };
    }

    private Decoded returns(InputAssembly at, int span, int commandBytes, Decoded what) {
        channel = frame.channel();
        bytes = at.bytes();
        from = at.from();
        length = commandBytes;
        returned = span;
        returnedFrom = at;
        return what;
    }

    /** A frame of another channel comes in the middle: what there is of the content is copied and set aside. */
    private Decoded setAside() {
        if (asides.size() == ASIDE_MAX) {
            return malformed(ReplyCode.CHANNEL_ERROR, "contents of more than " + ASIDE_MAX + " channels under way");
        }
        Aside aside = new Aside(new InputAssembly(budget, onRoom), progress.copy());
        Decoded moved = move(aside, progress.taken());
        if (moved == Decoded.NEED_MORE) {
            asides.put(progressChannel, aside);
            progress.reset();
        }
        return moved;
    }

    /** Moves the first {@code count} bytes of the input behind what was set aside. */
    private Decoded move(Aside aside, int count) {
        aside.input.feed(input.bytes(), input.from(), count);
        int needed = aside.input.unreadBytes();
        long atMost = Math.max(needed, aside.progress.expectedBytes(frameBytesMax));
        InputAssembly.Outcome outcome = aside.input.more(needed, atMost);
        if (outcome == InputAssembly.Outcome.NO_MEMORY) {
            // Who holds a part must not wait for another one.
            aside.input.close();
            return malformed(
                    ReplyCode.RESOURCE_ERROR, "no memory for contents of several channels that come at the same time");
        }
        aside.watch.onBytes(count);
        aside.input.letGo();
        input.pass(count);
        return Decoded.NEED_MORE;
    }

    /** The frame belongs to what was set aside. */
    private Decoded goOn(Aside aside) {
        int frameBytes = frame.neededBytes();
        ContentProgress.Step step = aside.progress.take(frame, input.bytes(), messageBytesMax);
        if (step == ContentProgress.Step.WRONG) {
            return malformed(aside.progress.code(), aside.progress.problem());
        }
        if (step == ContentProgress.Step.TOO_LONG) {
            forget(frame.channel());
            problem = "message size " + aside.progress.bodyBytes() + " is larger than configured max size "
                    + messageBytesMax;
            return returns(input, frameBytes, frameBytes, Decoded.TOO_LONG);
        }
        Decoded moved = move(aside, frameBytes);
        if (moved != Decoded.NEED_MORE || step == ContentProgress.Step.MORE) {
            return moved;
        }
        asides.remove(frame.channel());
        return onContent(step, aside.progress, aside.input);
    }

    private void passReturned() {
        if (returned > 0) {
            returnedFrom.pass(returned);
            if (returnedFrom == input) {
                progress.reset();
            } else {
                returnedFrom.close();
                returnedFrom = input;
            }
            returned = 0;
            bytes = NOTHING;
        }
    }

    private Decoded malformed(ReplyCode why, String what) {
        code = why;
        problem = what;
        return Decoded.MALFORMED;
    }

    /** Of the command: its channel. */
    int channel() {
        return channel;
    }

    /** The array that it lies in, until the next call. */
    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    /** Bytes of all its frames, the bodies joined. */
    int length() {
        return length;
    }

    /** After {@link Decoded#MALFORMED}: why the connection ends. */
    ReplyCode code() {
        return code;
    }

    /** After {@link Decoded#MALFORMED} or {@link Decoded#TOO_LONG}: what is wrong. */
    String problem() {
        return problem;
    }

    /** The time in which the socket is not read is not the sender's. */
    void onNotReading(long nowMs) {
        asides.values().forEach(aside -> aside.watch.onNotReading(nowMs));
    }

    /** Whether a content that others came between does not come as it should, see {@link AssemblyWatch}. */
    boolean isTooSlow(long nowMs) {
        if (asides.isEmpty()) {
            return false; // as nearly always, and this is asked of every idle connection
        }
        boolean slow = false;
        for (Aside aside : asides.values()) {
            slow |= aside.watch.isTooSlow(nowMs, aside.input);
        }
        return slow;
    }

    /** What is reserved of the memory for messages. */
    long reservedBytes() {
        long sum = input.reservedBytes();
        for (Aside aside : asides.values()) {
            sum += aside.input.reservedBytes();
        }
        return sum;
    }
}

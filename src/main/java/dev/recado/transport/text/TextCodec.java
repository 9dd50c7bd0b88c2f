package dev.recado.transport.text;

import dev.recado.core.message.Draft;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.Lender;
import java.util.Arrays;

/**
 * Cuts what a client sends into commands, without I/O:
 *
 * <pre>
 * VERB[:field…]⏎                       ⏎ = LF, a CR before it is ignored
 * SEND:content⏎   PUBL:topic:text⏎     the rest of the line, colons included
 * PUB|XPUB|REQ|REPLY:field…:bytes⏎     then exactly that many bytes, then ⏎
 * </pre>
 *
 * <p>Commands are read in place from the array given to {@link #feed}; only what is incomplete when {@link #keep} is
 * called is copied, at most one command and one read. A payload whose declared size is beyond the limit is announced
 * ({@link Decoded#TOO_LONG}) and passed over without being stored; content that is a line is passed over first, since
 * only its end tells its size. Whatever needs more than {@link
 * InputAssembly#FREE_BYTES} is reserved from the budget first. It never throws for what a peer sent. One owner.
 */
final class TextCodec {

    /** The longest text of a PUBL, unless lines may not be that long at all. */
    static final int PUBL_BYTES_MAX = 64 * 1024;

    private static final byte[] SEND = {'S', 'E', 'N', 'D', ':'};
    private static final byte[] PUBL = {'P', 'U', 'B', 'L', ':'};

    private final TextCommand command = new TextCommand();
    private final int lineBytesMax;
    private final InputAssembly input;
    private int messageBytesMax;

    /** Bytes of the current frame that are known to lack a line end. */
    private int scanned;
    /** Bytes from the frame's start without which another look is in vain. */
    private int needed;
    /** Bytes of the command last returned, passed over by the next call. */
    private int frameBytes;
    /** Bytes of a refused payload that are still to come, or -1; its line end comes after them. */
    private long refusedBytes = -1;
    /** The declared size of that payload. */
    private long refusedSize;
    /** Refused payloads so far. */
    private long refusals;
    /** What is passed over up to the end of its line, or {@link Verb#UNKNOWN}. */
    private Verb passed = Verb.UNKNOWN;

    private long passedBytes;
    private boolean endsInCr;

    private String problem = "";

    TextCodec(int lineBytesMax, int messageBytesMax, Lender budget, Runnable onRoom) {
        this.lineBytesMax = lineBytesMax;
        this.messageBytesMax = messageBytesMax;
        input = new InputAssembly(budget, onRoom);
    }

    TextCommand command() {
        return command;
    }

    /** After {@link Decoded#MALFORMED}: what is wrong, as the protocol says it. */
    String problem() {
        return problem;
    }

    /** Changes the largest payload that is taken, from the next command on. */
    void messageBytesMax(int bytes) {
        messageBytesMax = bytes;
    }

    /** The longest payload or content that a command with that verb may have. */
    int contentBytesMax(Verb verb) {
        return verb == Verb.PUBL ? Math.min(messageBytesMax, Math.min(lineBytesMax, PUBL_BYTES_MAX)) : messageBytesMax;
    }

    /** What the frame of {@link #command} was lent goes on with {@code draft}, and where it can its array too. */
    void lend(Draft draft) {
        draft.loan = input.takeLoan();
        draft.isGiven = draft.loan != null && input.giveArray(frameBytes);
    }

    /** What came and was not read. */
    InputAssembly input() {
        return input;
    }

    /** The size of the large frame that is coming, also of one that is only passed over; 0 where none is. */
    long comingBytes() {
        if (passed != Verb.UNKNOWN) {
            return passedBytes;
        }
        return refusedBytes > 0 ? refusedSize : input.reservedBytes();
    }

    /** Counts large frames: while it stays, {@link #comingBytes} belong to the same one. */
    long comings() {
        return refusals + input.assemblies();
    }

    /**
     * Gives bytes to read; the array must stay as it is until {@link #keep}. Everything fed before was kept or read.
     */
    void feed(byte[] bytes, int from, int length) {
        input.feed(bytes, from, length);
    }

    /** Lets go of the array that was fed: what is unread of it is copied, and the last command is gone. */
    void keep() {
        passFrame();
        input.letGo();
        command.forget();
    }

    /** Releases everything; nothing may be read any more. */
    void close() {
        input.close();
        frameBytes = 0;
    }

    /** Makes the next call return the command last returned once more. */
    void again() {
        frameBytes = 0;
    }

    /** Looks for the next command. */
    Decoded next() {
        passFrame();
        if (refusedBytes >= 0 && !passRefused()) {
            return refusedBytes == -2 ? malformed("Missing line end after payload") : Decoded.NEED_MORE;
        }
        while (passed == Verb.UNKNOWN) {
            Decoded outcome = parse(input.bytes(), input.from(), input.to());
            if (outcome != Decoded.NEED_MORE) {
                return outcome;
            }
            if (passed != Verb.UNKNOWN) {
                break;
            }
            InputAssembly.Outcome grown = lengthKnown()
                    ? input.more(needed, bytesAtMost())
                    : input.moreUntil((byte) '\n', needed, bytesAtMost());
            if (grown != InputAssembly.Outcome.READY) {
                return grown == InputAssembly.Outcome.NO_MEMORY ? Decoded.NO_MEMORY : Decoded.NEED_MORE;
            }
        }
        return passLine();
    }

    /** Whether {@link #needed} is the whole frame; else it is one byte more than there was without a line end. */
    private boolean lengthKnown() {
        return needed > scanned + 1;
    }

    /**
     * What the frame under way may still grow to. A line does not say its length, and one that asked for memory piece
     * by piece would wait for others that hold a part and wait as well: so it asks for the longest line, and one that
     * is longer than {@link ByteBudget#SMALL_BYTES} once more, for the longest that its verb may have.
     */
    private long bytesAtMost() {
        if (lengthKnown()) {
            return needed;
        }
        int shortLine = Math.min(lineBytesMax + 2, ByteBudget.SMALL_BYTES);
        return needed <= shortLine
                ? shortLine
                : Math.max(needed, lineLimit(input.bytes(), input.from(), input.to()) + 2L);
    }

    private void passFrame() {
        if (frameBytes > 0) {
            input.pass(frameBytes);
            frameBytes = 0;
            scanned = 0;
            needed = 0;
        }
    }

    private Decoded parse(byte[] bytes, int from, int to) {
        int available = to - from;
        if (available < needed) {
            return Decoded.NEED_MORE;
        }
        int lineEnd = from + scanned;
        while (lineEnd < to && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        int lineBytes = lineEnd - from;
        if (lineBytes > lineBytesMax && lineBytes > lineLimit(bytes, from, to)) {
            return beginToPass(bytes, from, to);
        }
        scanned = lineBytes;
        if (lineEnd == to) {
            needed = available + 1;
            return Decoded.NEED_MORE;
        }
        int textEnd = lineBytes > 0 && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        command.parseLine(bytes, from, textEnd);
        if (command.verb.shape == Verb.Shape.PAYLOAD) {
            return payload(bytes, from, to, lineEnd + 1);
        }
        frameBytes = lineBytes + 1;
        return Decoded.COMMAND;
    }

    /** The longest line, without its line end, that is read and not passed over. */
    private int lineLimit(byte[] bytes, int from, int to) {
        int head = headBytes(bytes, from, to);
        return head < 0 ? lineBytesMax : Math.max(lineBytesMax, head + contentBytesMax(contentVerb(bytes, from)) + 1);
    }

    /** The bytes before the content of a SEND or PUBL, or -1 where the line is none. */
    private int headBytes(byte[] bytes, int from, int to) {
        if (begins(SEND, bytes, from, to)) {
            return SEND.length;
        }
        if (begins(PUBL, bytes, from, to)) {
            for (int at = from + PUBL.length; at < Math.min(to, from + lineBytesMax) && bytes[at] != '\n'; at++) {
                if (bytes[at] == ':') {
                    return at + 1 - from;
                }
            }
        }
        return -1;
    }

    private static Verb contentVerb(byte[] bytes, int from) {
        return bytes[from] == SEND[0] ? Verb.SEND : Verb.PUBL;
    }

    private static boolean begins(byte[] word, byte[] bytes, int from, int to) {
        return to - from >= word.length && Arrays.equals(bytes, from, from + word.length, word, 0, word.length);
    }

    private Decoded beginToPass(byte[] bytes, int from, int to) {
        int head = headBytes(bytes, from, to);
        if (head < 0) {
            return malformed(lineTooLong());
        }
        passed = contentVerb(bytes, from);
        passedBytes = 0;
        endsInCr = false;
        refusals++;
        scanned = 0;
        needed = 0;
        input.pass(head);
        return Decoded.NEED_MORE;
    }

    private String lineTooLong() {
        return "Line too long: limit " + lineBytesMax;
    }

    /** Passes over what came of a line whose content is too long, and announces it at the end. */
    private Decoded passLine() {
        while (input.from() < input.to()) {
            byte[] bytes = input.bytes();
            int from = input.from();
            int at = from;
            while (at < input.to() && bytes[at] != '\n') {
                at++;
            }
            if (at > from) {
                endsInCr = bytes[at - 1] == '\r';
                passedBytes += at - from;
            }
            if (passedBytes > Integer.MAX_VALUE) {
                return malformed(lineTooLong());
            }
            if (at < input.to()) {
                input.pass(at + 1 - from);
                command.passedOver(passed, (int) passedBytes - (endsInCr ? 1 : 0));
                passed = Verb.UNKNOWN;
                return Decoded.TOO_LONG;
            }
            input.pass(at - from);
        }
        return Decoded.NEED_MORE;
    }

    private Decoded payload(byte[] bytes, int from, int to, int payloadStart) {
        if (!fieldsFit()) {
            return malformed("Bad length: " + command.verb + " has fields=" + command.fieldCount);
        }
        long length = command.number(command.fieldCount - 1);
        if (length < 0 || length > Integer.MAX_VALUE) {
            // What a person types who does not count bytes: the last field is the text itself.
            String instead = command.verb == Verb.PUB && command.isText(command.fieldCount - 1)
                    ? "; a text in the line itself takes PUBL"
                    : "";
            return malformed("Bad length: not a number from 0 to " + Integer.MAX_VALUE + instead);
        }
        if (length > messageBytesMax) {
            command.payloadLength = (int) length;
            refusedBytes = length;
            refusedSize = length;
            refusals++;
            frameBytes = payloadStart - from;
            return Decoded.TOO_LONG;
        }
        int end = payloadStart + (int) length;
        if (end >= to || bytes[end] == '\r' && end + 1 >= to) {
            needed = end - from + (end < to ? 2 : 1);
            return Decoded.NEED_MORE;
        }
        int behind = bytes[end] == '\r' ? end + 1 : end;
        if (bytes[behind] != '\n') {
            return malformed("Missing line end after payload");
        }
        command.payloadStart = payloadStart;
        command.payloadLength = (int) length;
        frameBytes = behind + 1 - from;
        return Decoded.COMMAND;
    }

    private boolean fieldsFit() {
        return switch (command.verb) {
            case PUB -> command.fieldCount == 2 || command.fieldCount == 4 || command.fieldCount == 5;
            case XPUB -> command.fieldCount >= 4 && command.fieldCount <= 6;
            default -> command.fieldCount == 3;
        };
    }

    /** Passes over what came of a refused payload; answers whether its line end was passed too. */
    private boolean passRefused() {
        while (input.from() < input.to()) {
            if (refusedBytes == 0) {
                byte b = input.bytes()[input.from()];
                input.pass(1);
                if (b == '\n') {
                    refusedBytes = -1;
                    return true;
                }
                if (b != '\r') {
                    refusedBytes = -2;
                    return false;
                }
            } else {
                int passed = (int) Math.min(input.to() - input.from(), refusedBytes);
                input.pass(passed);
                refusedBytes -= passed;
            }
        }
        return false;
    }

    private Decoded malformed(String what) {
        problem = what;
        return Decoded.MALFORMED;
    }
}

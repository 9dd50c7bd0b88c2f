package dev.recado.transport.text;

import dev.recado.base.Check;
import dev.recado.transport.ByteBudget;
import java.util.Arrays;

/**
 * Cuts what a client sends into commands, without I/O:
 *
 * <pre>
 * VERB[:field…]⏎                       ⏎ = LF, a CR before it is ignored
 * SEND:content⏎                        the rest of the line, colons included
 * PUB|XPUB|REQ|REPLY:field…:bytes⏎     then exactly that many bytes, then ⏎
 * </pre>
 *
 * <p>Commands are read in place from the array given to {@link #feed}; only what is incomplete when {@link #keep} is
 * called is copied, at most one command and one read. A payload whose declared size is beyond the limit is announced
 * ({@link Outcome#TOO_LONG}) and passed over without being stored. Whatever needs more than {@link #FREE_BYTES} is
 * reserved from the budget first. It never throws for what a peer sent. One owner.
 */
final class TextCodec {

    /** What {@link #next} found. */
    enum Outcome {
        /** Nothing complete is left: feed more. */
        NEED_MORE,
        /** {@link #command} holds the next command. */
        COMMAND,
        /** {@link #command} holds a command whose payload is too long and will be passed over. */
        TOO_LONG,
        /** The budget is exhausted: call again later, feed nothing meanwhile. */
        NO_MEMORY,
        /** The stream cannot be trusted any more; see {@link #problem}. */
        MALFORMED
    }

    /** Bytes that a session may hold without asking the budget. */
    static final int FREE_BYTES = 2 * 1024;
    /** Above this a buffer is given little to spare when it grows. */
    private static final int DOUBLING_BYTES_MAX = 64 * 1024;

    /** Bytes of an emptied buffer that a session keeps for the next partial command. */
    private static final int IDLE_BYTES = 1024;

    private static final byte[] NOTHING = {};
    private static final byte[] SEND = {'S', 'E', 'N', 'D', ':'};

    private final TextCommand command = new TextCommand();
    private final int lineBytesMax;
    private final ByteBudget budget;
    private int messageBytesMax;

    /** The command under way and what {@link #keep} kept behind it: {@code held[heldFrom, heldTo)}. */
    private byte[] held = NOTHING;

    private int heldFrom;
    private int heldTo;
    /** Taken from the budget's small pool and from its large one; one of them is 0. */
    private long reservedSmall;

    private long reservedLarge;
    /** Counts the reservations that were given back. */
    private long assemblies;
    /** What was fed and not read: {@code fed[fedFrom, fedTo)}; follows what is held. */
    private byte[] fed = NOTHING;

    private int fedFrom;
    private int fedTo;

    /** Bytes of the current frame that are known to lack a line end. */
    private int scanned;
    /** Bytes from the frame's start without which another look is in vain. */
    private int needed;
    /** Bytes of the command last returned, passed over by the next call. */
    private int frameBytes;
    /** Bytes of a refused payload that are still to come, or -1; its line end comes after them. */
    private long refusedBytes = -1;

    private String problem = "";

    TextCodec(int lineBytesMax, int messageBytesMax, ByteBudget budget) {
        this.lineBytesMax = lineBytesMax;
        this.messageBytesMax = messageBytesMax;
        this.budget = budget;
    }

    TextCommand command() {
        return command;
    }

    /** After {@link Outcome#MALFORMED}: what is wrong, as the protocol says it. */
    String problem() {
        return problem;
    }

    /** Changes the largest payload that is taken, from the next command on. */
    void messageBytesMax(int bytes) {
        messageBytesMax = bytes;
    }

    int messageBytesMax() {
        return messageBytesMax;
    }

    /** Bytes that wait to be read or to be completed. */
    int unreadBytes() {
        return heldTo - heldFrom + fedTo - fedFrom;
    }

    /** Bytes taken from the budget: above 0 while a command of more than {@link #FREE_BYTES} is being assembled. */
    long reservedBytes() {
        return reservedSmall + reservedLarge;
    }

    /** Counts the assemblies that are over: while it stays, {@link #reservedBytes} belong to the same one. */
    long assemblies() {
        return assemblies;
    }

    /**
     * Gives bytes to read; the array must stay as it is until {@link #keep}. Everything fed before was kept or read.
     */
    void feed(byte[] bytes, int from, int length) {
        Check.that(fedFrom == fedTo, "fed before the last bytes were kept", fedTo - fedFrom);
        fed = bytes;
        fedFrom = from;
        fedTo = from + length;
    }

    /** Lets go of the array that was fed: what is unread of it is copied. */
    void keep() {
        passFrame();
        if (fedFrom < fedTo) {
            hold(fedTo - fedFrom);
        }
        fed = NOTHING;
        fedFrom = 0;
        fedTo = 0;
        if (heldFrom == heldTo) {
            emptyHeld();
        }
    }

    /** Releases everything; nothing may be read any more. */
    void close() {
        release();
        frameBytes = 0;
        held = NOTHING;
        heldFrom = 0;
        heldTo = 0;
        fed = NOTHING;
        fedFrom = 0;
        fedTo = 0;
    }

    /** Makes the next call return the command last returned once more. */
    void again() {
        frameBytes = 0;
    }

    /** Looks for the next command. */
    Outcome next() {
        passFrame();
        if (refusedBytes >= 0 && !passRefused()) {
            return refusedBytes == -2 ? malformed("Missing line end after payload") : Outcome.NEED_MORE;
        }
        while (true) {
            boolean fromHeld = heldFrom < heldTo;
            Outcome outcome = fromHeld ? parse(held, heldFrom, heldTo) : parse(fed, fedFrom, fedTo);
            if (outcome != Outcome.NEED_MORE) {
                return outcome;
            }
            if (needed > FREE_BYTES && !reserve(bytesAtMost())) {
                return Outcome.NO_MEMORY;
            }
            if (!fromHeld || fedFrom == fedTo) {
                return Outcome.NEED_MORE;
            }
            hold(Math.min(fedTo - fedFrom, bytesWanted()));
        }
    }

    /**
     * What the frame under way may still grow to. A line does not say its length, and one that asked for memory piece
     * by piece would wait for others that hold a part and wait as well: so it asks for the longest line, and a SEND
     * that is longer than {@link ByteBudget#SMALL_BYTES} once more, for the longest message.
     */
    private long bytesAtMost() {
        boolean lengthKnown = needed > scanned + 1;
        if (lengthKnown) {
            return needed;
        }
        int shortLine = Math.min(lineBytesMax + 2, ByteBudget.SMALL_BYTES);
        return needed <= shortLine ? shortLine : Math.max(needed, Math.max(lineBytesMax, sendBytesMax()) + 2L);
    }

    /** The longest line of a SEND without its line end. */
    private int sendBytesMax() {
        return messageBytesMax + SEND.length + 1;
    }

    /**
     * How much of what was fed belongs to the frame in {@link #held}: up to its line end, or up to its known length.
     */
    private int bytesWanted() {
        int more = needed - (heldTo - heldFrom);
        if (needed > scanned + 1) {
            return Math.max(1, more);
        }
        int at = fedFrom;
        while (at < fedTo && fed[at] != '\n') {
            at++;
        }
        return Math.max(1, at + 1 - fedFrom);
    }

    private void passFrame() {
        if (frameBytes == 0) {
            return;
        }
        if (heldFrom < heldTo) {
            heldFrom += frameBytes;
            if (heldFrom == heldTo) {
                emptyHeld();
            }
        } else {
            fedFrom += frameBytes;
        }
        frameBytes = 0;
        scanned = 0;
        needed = 0;
    }

    private void emptyHeld() {
        heldFrom = 0;
        heldTo = 0;
        if (held.length > IDLE_BYTES) {
            held = NOTHING;
        }
        release();
    }

    private Outcome parse(byte[] bytes, int from, int to) {
        int available = to - from;
        if (available < needed) {
            return Outcome.NEED_MORE;
        }
        int lineEnd = from + scanned;
        while (lineEnd < to && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        int lineBytes = lineEnd - from;
        if (lineBytes > lineBytesMax && lineBytes > lineLimit(bytes, from, to)) {
            return malformed("Line too long: limit " + lineBytesMax);
        }
        scanned = lineBytes;
        if (lineEnd == to) {
            needed = available + 1;
            return Outcome.NEED_MORE;
        }
        int textEnd = lineBytes > 0 && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        command.parseLine(bytes, from, textEnd);
        if (command.verb.shape == Verb.Shape.PAYLOAD) {
            return payload(bytes, from, to, lineEnd + 1);
        }
        frameBytes = lineBytes + 1;
        return Outcome.COMMAND;
    }

    private int lineLimit(byte[] bytes, int from, int to) {
        boolean send = to - from >= SEND.length && Arrays.equals(bytes, from, from + SEND.length, SEND, 0, SEND.length);
        return send ? Math.max(lineBytesMax, sendBytesMax()) : lineBytesMax;
    }

    private Outcome payload(byte[] bytes, int from, int to, int payloadStart) {
        if (!fieldsFit()) {
            return malformed("Bad length: " + command.verb + " has fields=" + command.fieldCount);
        }
        long length = command.number(command.fieldCount - 1);
        if (length < 0 || length > Integer.MAX_VALUE) {
            return malformed("Bad length: not a number from 0 to " + Integer.MAX_VALUE);
        }
        if (length > messageBytesMax) {
            command.payloadLength = (int) length;
            refusedBytes = length;
            frameBytes = payloadStart - from;
            return Outcome.TOO_LONG;
        }
        int end = payloadStart + (int) length;
        if (end >= to || bytes[end] == '\r' && end + 1 >= to) {
            needed = end - from + (end < to ? 2 : 1);
            return Outcome.NEED_MORE;
        }
        int behind = bytes[end] == '\r' ? end + 1 : end;
        if (bytes[behind] != '\n') {
            return malformed("Missing line end after payload");
        }
        command.payloadStart = payloadStart;
        command.payloadLength = (int) length;
        frameBytes = behind + 1 - from;
        return Outcome.COMMAND;
    }

    private boolean fieldsFit() {
        return switch (command.verb) {
            case PUB -> command.fieldCount == 2 || command.fieldCount == 4;
            case XPUB -> command.fieldCount == 4;
            default -> command.fieldCount == 3;
        };
    }

    /** Passes over what came of a refused payload; answers whether its line end was passed too. */
    private boolean passRefused() {
        while (heldFrom < heldTo || fedFrom < fedTo) {
            boolean fromHeld = heldFrom < heldTo;
            int available = fromHeld ? heldTo - heldFrom : fedTo - fedFrom;
            if (refusedBytes == 0) {
                byte b = fromHeld ? held[heldFrom] : fed[fedFrom];
                skip(fromHeld, 1);
                if (b == '\n') {
                    refusedBytes = -1;
                    return true;
                }
                if (b != '\r') {
                    refusedBytes = -2;
                    return false;
                }
            } else {
                int passed = (int) Math.min(available, refusedBytes);
                skip(fromHeld, passed);
                refusedBytes -= passed;
            }
        }
        return false;
    }

    private void skip(boolean fromHeld, int bytes) {
        if (!fromHeld) {
            fedFrom += bytes;
            return;
        }
        heldFrom += bytes;
        if (heldFrom == heldTo) {
            emptyHeld();
        }
    }

    /** Takes what is not held of {@code bytes}; one byte more or less, a CR, is not worth a wait. */
    private boolean reserve(long bytes) {
        if (bytes <= reservedBytes() + 1 && reservedBytes() > 0) {
            return true;
        }
        if (bytes <= ByteBudget.SMALL_BYTES) {
            if (!budget.tryReserveSmall(bytes - reservedSmall)) {
                return false;
            }
            reservedSmall = bytes;
            return true;
        }
        if (!budget.tryReserve(bytes - reservedLarge)) {
            return false;
        }
        reservedLarge = bytes;
        budget.releaseSmall(reservedSmall);
        reservedSmall = 0;
        return true;
    }

    private void release() {
        if (reservedBytes() > 0) {
            budget.release(reservedLarge);
            budget.releaseSmall(reservedSmall);
            reservedLarge = 0;
            reservedSmall = 0;
            assemblies++;
        }
    }

    /** Moves {@code more} bytes from what was fed behind what is held. */
    private void hold(int more) {
        int kept = heldTo - heldFrom;
        if (more > held.length - heldTo) {
            int least = Math.max(kept + more, reservedBytes() > 0 ? needed : 0);
            int capacity = kept + more <= held.length / 2 ? held.length : Math.max(least, grown(kept + more));
            byte[] target = capacity == held.length ? held : new byte[capacity];
            System.arraycopy(held, heldFrom, target, 0, kept);
            held = target;
            heldFrom = 0;
            heldTo = kept;
        }
        System.arraycopy(fed, fedFrom, held, heldTo, more);
        heldTo += more;
        fedFrom += more;
    }

    private static int grown(int bytes) {
        return bytes >= DOUBLING_BYTES_MAX ? bytes + bytes / 2 : Math.max(64, Integer.highestOneBit(bytes) * 2);
    }

    private Outcome malformed(String what) {
        problem = what;
        return Outcome.MALFORMED;
    }
}

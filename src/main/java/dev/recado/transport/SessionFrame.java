package dev.recado.transport;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.base.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's life is in every protocol: input is parsed while nothing speaks against it, output is written
 * once a turn of the loop in slices, as far as the socket takes it, and an end writes what is owed first. A protocol
 * adds how its input is cut into commands and what it has to write. Owned by its event loop; without I/O.
 *
 * <p>While {@link #pause paused}, or while the protocol says that it owes too much, what came is kept and the socket is
 * not read. One connection may carry several conversations, each with a link of its own: what holds one of them up is
 * then its own {@link Pauses}, and the connection is paused for what holds up all of them.
 */
public abstract class SessionFrame implements WireSession {

    /** Where a connection stands; it only goes on, and may leave out what lies between. */
    public enum Life {
        OPEN,
        /** Nothing more is parsed, what is owed is written. */
        ENDING,
        /** The socket closes once it took what was written. */
        CLOSING,
        /** The socket is closed and everything released. */
        CLOSED
    }

    protected final Wire wire;
    private final LargeOutput large;
    private final WrittenMarks marks = new WrittenMarks();
    private final LoopScratch scratch;
    private final TimeSource time;
    private final Pauses pauses = new Pauses();
    private Life life = Life.OPEN;
    private boolean parsing;
    private boolean reading = true;
    private boolean inputEnded;
    private long closeByMs = Long.MAX_VALUE;
    /** Bytes given to the wire so far, and how many of them the socket has taken. */
    private long sentBytes;

    private long takenBytes;
    /** Null where it carries one conversation, which is all of it. */
    private @Nullable Conversations conversations;

    /** {@code heldByLarge} is told of the heap that large output holds. */
    protected SessionFrame(Wire wire, LoopScratch scratch, TimeSource time, ByteGauge heldByLarge) {
        this.wire = wire;
        this.scratch = scratch;
        this.time = time;
        large = new LargeOutput(heldByLarge);
    }

    /** With the clock and the memory of {@code context}. */
    protected SessionFrame(Wire wire, LoopScratch scratch, TransportContext context) {
        this(wire, scratch, context.time(), context.shared().sockets().large());
    }

    // --- what a protocol adds

    /** Takes bytes that came; the array must not be used after the {@link #keep} that follows. */
    protected abstract void feed(byte[] bytes, int from, int length);

    /** Cuts what comes next. */
    protected abstract Decoded next();

    /** Performs what {@link #next} cut: {@code what} is a message, a command or one that is too long. */
    protected abstract void perform(Decoded what);

    /** What came is not of the protocol: it ends the connection. */
    protected abstract void onMalformed();

    /** Lets go of the array that was fed: what is unread of it is copied. */
    protected abstract void keep();

    /** Whether what it owes its peer leaves room for more of it; asked before every step. */
    protected abstract boolean takesMore();

    /** The peer sends nothing more, and all that it sent was read. */
    protected abstract void onAllRead();

    /** Nothing of the input is of use any more; idempotent. */
    protected abstract void closeInput();

    /**
     * Appends what goes out next, until {@code out} holds about {@code bytesMax} or something large has begun. While
     * {@link #isOpen} is false nothing new is taken from the broker; what it handed over before may go out.
     */
    protected abstract void encode(ByteWriter out, int bytesMax);

    /** What {@link #encode} appended, as it goes to the socket; a secure channel seals it. */
    protected ByteWriter sealed(ByteWriter out) {
        return out;
    }

    /** What was encoded so far ends at {@code position} of the output. */
    protected void seal(long position) {
        marks.seal(position);
    }

    /** The socket has everything up to {@code position}: what was to be done then is done. */
    protected void settle(long position) {
        marks.onWritten(position);
    }

    /** The peer has taken something. */
    protected void onTaken() {}

    /** Nothing of a message stays behind in the scratch of the loop. */
    protected void trim() {
        scratch.trim();
    }

    /** Whether nothing is owed any more to a peer whose connection ends, beside what is large and under way. */
    protected abstract boolean owesNothing();

    /** What cannot be answered any more is given up, right before the socket closes. */
    protected void abandon() {}

    /** Asks for one {@link #flush} at the end of this turn of the loop. */
    protected abstract void flushSoon();

    /** Deadlines of what it does for its peer, while it ends too. */
    protected void onTick(long nowMs) {}

    /** Deadlines of the connection, while it is open; it may {@link #end} it. */
    protected abstract void checkTimes(long nowMs);

    /** Everything is released: the links are closed. */
    protected abstract void release();

    // --- from the wire

    @Override
    public final void onBytes(byte[] bytes, int from, int length) {
        if (life == Life.OPEN) {
            feed(bytes, from, length);
            proceed();
        }
    }

    @Override
    public final void onEndOfInput() {
        inputEnded = true;
        proceed();
    }

    @Override
    public final void onWritten(long position) {
        if (life != Life.CLOSED) {
            takenBytes = position;
            settle(position);
            onTaken();
        }
    }

    @Override
    public final void onWritable() {
        flush();
    }

    @Override
    public final void onClosed() {
        if (life != Life.CLOSED) {
            life = Life.CLOSED;
            closeInput();
            large.close();
            release();
        }
    }

    @Override
    public void drain() {
        end(CLOSING_MS_MAX);
        closeByMs = Math.min(closeByMs, time.monotonicMs() + CLOSING_MS_MAX);
        flushSoon();
    }

    @Override
    public final void onTick() {
        if (life == Life.CLOSED) {
            return;
        }
        long nowMs = time.monotonicMs();
        onTick(nowMs);
        if (life == Life.OPEN) {
            checkTimes(nowMs);
        } else if (nowMs >= closeByMs + (large.isUnderWay() ? CLOSING_MS_MAX : 0)) {
            close();
        }
        if (pauses.has(Pauses.Reason.MEMORY)) {
            pauses.remove(Pauses.Reason.MEMORY);
            proceed();
        }
    }

    // --- input

    /** Parses what there is, as far as nothing speaks against it. */
    public final void proceed() {
        if (life == Life.CLOSED || parsing) {
            return;
        }
        parsing = true;
        try {
            boolean more = true;
            while (more && mayParse()) {
                more = step();
            }
        } finally {
            parsing = false;
        }
        if (life != Life.CLOSED) {
            keep();
        }
        trim();
        if (inputEnded && mayParse() && (conversations == null || conversations.isIdle())) {
            onAllRead();
        }
        updateReading();
        flushSoon();
    }

    /** Reads and performs what comes next; answers whether there may be more. */
    private boolean step() {
        Decoded what = next();
        switch (what) {
            case MESSAGE, COMMAND, TOO_LONG -> {
                perform(what);
                return true;
            }
            case NO_MEMORY -> pauses.add(Pauses.Reason.MEMORY);
            case MALFORMED -> onMalformed();
            case NEED_MORE -> {}
        }
        return false;
    }

    /** It carries {@code several} conversations: its peer's end is heard of when they have nothing to do. */
    final void carries(Conversations several) {
        conversations = several;
    }

    private boolean mayParse() {
        return life == Life.OPEN && pauses.isEmpty() && takesMore();
    }

    /** While the connection ends, what still comes is read and dropped: unread bytes would make the close a reset. */
    private void updateReading() {
        boolean wanted = life != Life.CLOSED && (life != Life.OPEN || mayParse());
        if (wanted != reading) {
            reading = wanted;
            wire.reading(wanted);
        }
    }

    /** Parses nothing more until {@link #lift} for the same reason. */
    public final void pause(Pauses.Reason reason) {
        pauses.add(reason);
        if (!parsing) {
            updateReading();
        }
    }

    /** That reason is gone; {@link #proceed} goes on if there is no other. */
    public final void lift(Pauses.Reason reason) {
        pauses.remove(reason);
    }

    /** Whether there is {@code reason} not to read. */
    public final boolean isPaused(Pauses.Reason reason) {
        return pauses.has(reason);
    }

    /** Too much of what the peer sent waits for the broker, or no longer. */
    public final void onBackPressure(boolean pauseReading) {
        if (pauseReading) {
            pause(Pauses.Reason.UNCONFIRMED);
        } else {
            lift(Pauses.Reason.UNCONFIRMED);
            proceed();
        }
    }

    /** There may be memory for what comes: it goes on, and what that brings is written in the end of the turn. */
    protected final void onRoom() {
        if (pauses.has(Pauses.Reason.MEMORY)) {
            pauses.remove(Pauses.Reason.MEMORY);
            flushSoon();
        }
    }

    /**
     * {@code answer} of somebody who is no part of the broker: what waits for it runs as code of this session, whose
     * failure ends this session alone, and not at all once the socket is closed.
     */
    public final <T> Future<T> heard(Future<T> answer) {
        if (answer.isComplete()) {
            return answer;
        }
        Promise<T> told = Promise.promise();
        answer.onComplete(outcome -> wire.execute(() -> told.handle(outcome)));
        return told.future();
    }

    /** Whether its socket is read: who is not read is not silent. */
    protected final boolean isReading() {
        return reading;
    }

    // --- output

    /** What is written in slices. */
    public final LargeOutput large() {
        return large;
    }

    /** What is to be done once the socket took certain output. */
    public final WrittenMarks marks() {
        return marks;
    }

    /** Whether the socket takes more, and nothing large is under way or waits. */
    protected final boolean isTaken() {
        return !large.isUnderWay() && large.heldBytes() < Wire.SLICE_BYTES && !wire.isFull();
    }

    /** What a link asks of its session. */
    public final void onTurnEnd() {
        flush();
    }

    /** Writes what there is, as far as the socket takes it, and parses on where that was waited for. */
    public final void flush() {
        if (life == Life.CLOSED) {
            return;
        }
        int slices = 0;
        boolean more = true;
        while (more && !wire.isFull()) {
            more = writeSlice();
            if (more && large.isUnderWay() && ++slices == LargeOutput.SLICES_A_TURN) {
                wire.soon();
                more = false;
            }
        }
        if (life != Life.OPEN && owesNothing() && !large.isUnderWay()) {
            close();
        } else if (!reading && mayParse()) {
            proceed();
        }
    }

    /** Encodes and writes one slice; answers whether there was anything. */
    private boolean writeSlice() {
        ByteWriter out = scratch.freshOut();
        int sliceBytes = wire.sliceBytes();
        large.encode(out, sliceBytes);
        boolean begun = true;
        while (begun && !large.isUnderWay() && out.size() < sliceBytes) {
            encode(out, sliceBytes);
            begun = large.isUnderWay();
            large.encode(out, sliceBytes);
        }
        boolean any = out.size() > 0;
        if (any) {
            ByteWriter written = sealed(out);
            sentBytes += written.size();
            seal(sentBytes);
            wire.write(written);
        }
        trim();
        if (!any) {
            // What was noted without output ends where the output does already.
            seal(sentBytes);
            settle(takenBytes);
        }
        return any;
    }

    /** Bytes given to the wire so far. */
    protected final long sentBytes() {
        return sentBytes;
    }

    /** Bytes that the socket has taken so far. */
    protected final long takenBytes() {
        return takenBytes;
    }

    // --- the end

    public final Life life() {
        return life;
    }

    /** Whether what its peer says and what the broker brings is of use still. */
    public final boolean isOpen() {
        return life == Life.OPEN;
    }

    /** Parses nothing more, writes what is owed within {@code withinMs}, and closes. Idempotent. */
    protected final void end(long withinMs) {
        if (life != Life.OPEN) {
            return;
        }
        life = Life.ENDING;
        closeInput();
        closeByMs = time.monotonicMs() + withinMs;
        updateReading();
    }

    /** Writes what can be written at once and closes. */
    private void close() {
        if (life == Life.CLOSING) {
            return;
        }
        life = Life.CLOSING;
        abandon();
        if (!wire.isFull()) {
            writeSlice();
        }
        wire.close();
    }
}

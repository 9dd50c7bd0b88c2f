package dev.recado.transport.text;

import org.jspecify.annotations.Nullable;

/**
 * One answer that a session owes, or those of {@code count} publishes with consecutive tickets. A place of {@link
 * PendingReplies}, used again and again; owned by it.
 */
final class Owed {

    /** What is known of it. */
    enum State {
        WAITING,
        /** Stored under consecutive offsets from {@code offset} on. */
        STORED,
        /** Stored in {@code offset} topics. */
        ROUTED,
        /** Each of them is answered with the line {@code detail}, which bears its number where it has one. */
        REFUSED,
        /** {@code detail} says it: a line, or a {@link Reply}. */
        TEXT,
        SILENT
    }

    State state = State.WAITING;
    /** Null where no confirmation answers it. */
    @Nullable
    ConfirmMode mode;

    long number;
    long ticket;
    boolean publish;
    int count;
    /** Of the first publish, or -1. */
    long sequence;

    int partition;
    long offset;
    /** The topic of a publish, later what {@link State#TEXT} says. */
    @Nullable
    Object detail;

    void set(long itsNumber, long itsTicket, @Nullable ConfirmMode itsMode) {
        state = State.WAITING;
        number = itsNumber;
        ticket = itsTicket;
        mode = itsMode;
        publish = false;
        count = 1;
        sequence = -1;
        detail = null;
    }

    /** Gives the first {@code n} of its publishes to {@code part}. */
    void giveFirst(int n, Owed part) {
        part.set(number, ticket, mode);
        part.state = state;
        part.publish = publish;
        part.count = n;
        part.sequence = sequence;
        part.detail = detail;
        forgetFirst(n);
    }

    void forgetFirst(int n) {
        ticket += n;
        count -= n;
        sequence += sequence < 0 ? 0 : n;
        offset += n;
    }

    /** Whether what is in state {@code next} from {@code nextTicket} on goes on with what this says. */
    boolean goesOn(State next, Owed from, long nextTicket) {
        return state == next
                && publish
                && mode == from.mode
                && from.ticket == nextTicket
                && ticket + count == nextTicket
                && (sequence < 0) == (from.sequence < 0)
                && (sequence < 0 || sequence + count == from.sequence);
    }
}

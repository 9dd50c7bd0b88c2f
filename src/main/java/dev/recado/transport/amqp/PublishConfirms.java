package dev.recado.transport.amqp;

import java.util.Arrays;

/**
 * The publishes of a channel that confirms them: their numbers from 1 in the order in which they came, and which of
 * them are to be told. Those that have no unanswered one before them are told together; one behind an unanswered one is
 * told alone. What the broker leaves unconfirmed before it stops reading bounds it. One owner.
 */
final class PublishConfirms {

    /** Where answers are written. */
    interface Answers {
        /** {@code basic.ack}; {@code multiple} for all up to {@code number}. */
        void ack(long number, boolean multiple);

        /** {@code basic.nack} of one. */
        void nack(long number);
    }

    private static final byte OPEN = 0;
    private static final byte ACKED = 1;
    private static final byte NACKED = 2;
    private static final byte TOLD = 3;
    private static final int RING_LEAST = 16;
    private static final byte[] NO_STATES = {};
    private static final long[] NO_NUMBERS = {};

    private byte[] states = NO_STATES;
    /** The number of each ticket, since a ticket whose publish was refused at once is the next one's too. */
    private long[] numbers = NO_NUMBERS;

    private long firstTicket;
    private long endTicket;
    /** All below are told. */
    private long lowest = 1;

    private long next = 1;
    private long lastAcked;
    /** Answered ones that may have an unanswered one before them. */
    private long[] loose = NO_NUMBERS;

    private int looseCount;

    /** A publish came; answers its number. */
    long open() {
        if (next - lowest == states.length) {
            growStates();
        }
        states[slot(next)] = OPEN;
        return next++;
    }

    private int slot(long number) {
        return (int) number & states.length - 1;
    }

    private void growStates() {
        byte[] wider = new byte[Math.max(RING_LEAST, states.length * 2)];
        for (long number = lowest; number < next; number++) {
            wider[(int) number & wider.length - 1] = states[slot(number)];
        }
        states = wider;
    }

    /** The link answers {@code number} under {@code ticket}, one more than the last that was not given back. */
    void ticket(long ticket, long number) {
        if (firstTicket == endTicket) {
            firstTicket = ticket;
        }
        if (ticket - firstTicket == numbers.length) {
            growNumbers(ticket);
        }
        numbers[(int) ticket & numbers.length - 1] = number;
        endTicket = ticket + 1;
    }

    private void growNumbers(long end) {
        long[] wider = new long[Math.max(RING_LEAST, numbers.length * 2)];
        for (long ticket = firstTicket; ticket < end; ticket++) {
            wider[(int) ticket & wider.length - 1] = numbers[(int) ticket & numbers.length - 1];
        }
        numbers = wider;
    }

    /** The publishes of {@code count} tickets are stored, or refused; tickets that are not of here are passed over. */
    void answer(long ticket, int count, boolean stored) {
        long end = Math.min(ticket + count, endTicket);
        for (long each = Math.max(ticket, firstTicket); each < end; each++) {
            answer(numbers[(int) each & numbers.length - 1], stored);
            numbers[(int) each & numbers.length - 1] = 0;
        }
        while (firstTicket < endTicket && numbers[(int) firstTicket & numbers.length - 1] == 0) {
            firstTicket++;
        }
    }

    /** The publish of that number is stored, or refused. */
    void answer(long number, boolean stored) {
        states[slot(number)] = stored ? ACKED : NACKED;
        if (looseCount == loose.length) {
            loose = Arrays.copyOf(loose, Math.max(RING_LEAST, looseCount * 2));
        }
        loose[looseCount++] = number;
    }

    /** Whether something is to be told. */
    boolean hasAnswers() {
        return looseCount > 0;
    }

    /** Whether every publish was told. */
    boolean isAllTold() {
        return lowest == next;
    }

    /** Tells what is known by now. */
    void tell(Answers answers) {
        if (looseCount == 0) {
            return;
        }
        int run = 0;
        while (lowest < next && states[slot(lowest)] != OPEN) {
            byte state = states[slot(lowest)];
            if (state == ACKED) {
                run++;
            } else if (state == NACKED) {
                run = tellAcked(run, answers);
                answers.nack(lowest);
            }
            lastAcked = state == ACKED ? lowest : lastAcked;
            lowest++;
        }
        tellAcked(run, answers);
        for (int i = 0; i < looseCount; i++) {
            long number = loose[i];
            if (number >= lowest && states[slot(number)] == ACKED) {
                answers.ack(number, false);
                states[slot(number)] = TOLD;
            } else if (number >= lowest && states[slot(number)] == NACKED) {
                answers.nack(number);
                states[slot(number)] = TOLD;
            }
        }
        looseCount = 0;
        if (loose.length > states.length) {
            loose = NO_NUMBERS;
        }
    }

    /** Those that were told alone between them are told again, which says nothing new. */
    private int tellAcked(int run, Answers answers) {
        if (run > 0) {
            answers.ack(lastAcked, run > 1);
        }
        return 0;
    }
}

package dev.recado.load.run;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The messages of a run: which are owed to consumers, because the broker confirmed them or, where it confirms nothing,
 * the socket took them; and which of those a consumer finished.
 *
 * <p>Each payload begins with a stamp:
 *
 * <pre>
 *   0        8        16           24
 *   +--------+--------+------------+---------
 *   | run    | number | publish ms | filler…
 *   +--------+--------+------------+---------
 * </pre>
 *
 * Safe for all event loops. At most {@value #MESSAGES_MAX} messages, which take three bits each.
 */
public final class Ledger {

    /** Messages of one run. */
    public static final int MESSAGES_MAX = 100_000_000;
    /** The smallest payload: its stamp. */
    public static final int STAMP_BYTES = 3 * Long.BYTES;

    private final long run = ThreadLocalRandom.current().nextLong();
    private final BitSet owed = new BitSet();
    private final BitSet finished = new BitSet();
    private int issuedCount;
    private int owedCount;
    private int missingCount;
    private int repeatedCount;
    private boolean closed;

    /**
     * What became of the messages.
     *
     * @param issued payloads made
     * @param owed of these, to be finished by a consumer
     * @param missing of the owed, not finished by any consumer
     * @param repeated finished again after having been finished
     */
    public record Figures(int issued, int owed, int missing, int repeated) {
        @Override
        public String toString() {
            return "issued=" + issued + " owed=" + owed + " missing=" + missing + " repeated=" + repeated;
        }
    }

    /**
     * The payload of the next message.
     *
     * @param payloadBytes at least {@link #STAMP_BYTES}
     * @param nowMs by the clock that {@link #publishedMs} is compared with
     */
    public synchronized byte[] issue(int payloadBytes, long nowMs) {
        if (payloadBytes < STAMP_BYTES) {
            throw new IllegalArgumentException("payload too short: bytes=" + payloadBytes + " min=" + STAMP_BYTES);
        }
        if (issuedCount == MESSAGES_MAX) {
            throw new IllegalStateException("too many messages for one run: limit=" + MESSAGES_MAX);
        }
        byte[] payload = new byte[payloadBytes];
        ByteBuffer.wrap(payload).putLong(run).putLong(issuedCount++).putLong(nowMs);
        return payload;
    }

    /** Whether this ledger issued the payload. */
    public synchronized boolean knows(byte[] payload) {
        if (payload.length < STAMP_BYTES) {
            return false;
        }
        ByteBuffer stamp = ByteBuffer.wrap(payload);
        long number = stamp.getLong(Long.BYTES);
        return stamp.getLong(0) == run && number >= 0 && number < issuedCount;
    }

    /** When a payload that this ledger {@linkplain #knows knows} was issued. */
    public long publishedMs(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong(2 * Long.BYTES);
    }

    /** The broker confirmed the message; a payload of somebody else is passed over. */
    public void onConfirmed(byte[] payload) {
        owe(payload);
    }

    /** The socket took the message, and nobody confirms it; a payload of somebody else is passed over. */
    public void onSent(byte[] payload) {
        owe(payload);
    }

    private synchronized void owe(byte[] payload) {
        if (knows(payload)) {
            int number = number(payload);
            if (!owed.get(number)) {
                owed.set(number);
                owedCount++;
                missingCount += finished.get(number) ? 0 : 1;
            }
        }
    }

    /** A consumer is done with the message; a payload of somebody else is passed over. */
    public synchronized void onFinished(byte[] payload) {
        if (knows(payload)) {
            int number = number(payload);
            if (finished.get(number)) {
                repeatedCount++;
            } else {
                finished.set(number);
                missingCount -= owed.get(number) ? 1 : 0;
            }
        }
    }

    private static int number(byte[] payload) {
        return (int) ByteBuffer.wrap(payload).getLong(Long.BYTES);
    }

    /** Consumers go on as long as it is open. */
    public synchronized boolean isOpen() {
        return !closed;
    }

    /** Nothing more is expected to happen. */
    public synchronized void close() {
        closed = true;
    }

    /** The figures at this moment. */
    public synchronized Figures figures() {
        return new Figures(issuedCount, owedCount, missingCount, repeatedCount);
    }
}

package dev.recado.core.message;

import dev.recado.base.Loan;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way into the broker: slices of arrays that belong to the session that fills it. A flyweight that its
 * session reuses: {@link #clear()}, set, publish; the bytes are copied before publish returns.
 *
 * <p>Fields are open to transports on purpose: filling one costs stores and no calls.
 */
public final class Draft {

    private static final byte[] NOTHING = {};
    private static final int[] NO_PARTS = {};

    public byte[] keyBytes = NOTHING;
    public int keyStart;
    public int keyLength;
    /** Headers as {@link Headers} writes them. */
    public byte[] headersBytes = NOTHING;

    public int headersStart;
    public int headersLength;
    /** The same with their kinds for exchanges that compare headers, or null: they are the texts that they are. */
    public @Nullable HeaderView typedHeaders;

    public byte[] payloadBytes = NOTHING;
    public int payloadStart;
    public int payloadLength;
    /** Which transport's codec wrote {@link #nativeBytes}; 0 none. */
    public int nativeCodec;

    public byte[] nativeBytes = NOTHING;
    public int nativeStart;
    public int nativeLength;
    /** Parts of the payload beyond the single one; 0 where it has no parts. */
    public int partCount;

    public int[] partLengths = NO_PARTS;
    /** 0 (lowest) to 255. */
    public int priority;
    /** Milliseconds from the publish time, or -1 for never. */
    public long ttlMs = -1;
    /** Wall clock in milliseconds, or 0; reserved. */
    public long deliverAtMs;

    /** Whether it is confirmed before the disk is synced for it, also where its topic's durability is more. */
    public boolean isUnsynced;
    /** Whether the array of the payload goes with the message, which may use what lies before the payload in it. */
    public boolean isGiven;
    /** Memory that was lent for it; who publishes takes it over or gives it back. */
    public @Nullable Loan loan;

    /** Forgets everything, so that no field of the message before survives. */
    public Draft clear() {
        keyBytes = NOTHING;
        keyStart = 0;
        keyLength = 0;
        headersBytes = NOTHING;
        headersStart = 0;
        headersLength = 0;
        typedHeaders = null;
        payloadBytes = NOTHING;
        payloadStart = 0;
        payloadLength = 0;
        nativeCodec = 0;
        nativeBytes = NOTHING;
        nativeStart = 0;
        nativeLength = 0;
        partCount = 0;
        partLengths = NO_PARTS;
        priority = 0;
        ttlMs = -1;
        deliverAtMs = 0;
        isUnsynced = false;
        isGiven = false;
        loan = null;
        return this;
    }

    /** What was lent, which is the caller's from now on. */
    public @Nullable Loan takeLoan() {
        Loan taken = loan;
        loan = null;
        return taken;
    }

    /** Gives back what was lent and not taken. */
    public void giveBackLoan() {
        Loan left = takeLoan();
        if (left != null) {
            left.giveBack();
        }
    }

    public Draft payload(byte[] bytes, int start, int length) {
        payloadBytes = bytes;
        payloadStart = start;
        payloadLength = length;
        return this;
    }

    public Draft key(byte[] bytes, int start, int length) {
        keyBytes = bytes;
        keyStart = start;
        keyLength = length;
        return this;
    }

    public Draft headers(byte[] bytes, int start, int length) {
        headersBytes = bytes;
        headersStart = start;
        headersLength = length;
        return this;
    }

    /** Everything that counts against the limit of a message: key, headers, native block and payload. */
    public long bytes() {
        return (long) keyLength + headersLength + nativeLength + payloadLength;
    }
}

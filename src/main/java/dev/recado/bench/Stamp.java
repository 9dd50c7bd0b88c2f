package dev.recado.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What every payload of a load run begins with, big-endian; the rest of it is the same filler in all messages:
 *
 * <pre>
 *  0  run         int    tells this run's messages from others
 *  4  publisher   int    from 0
 *  8  sequence    long   from 0, per publisher
 * 16  intended    long   when it was to be sent, in the sender's nanoseconds
 * 24  check       long   over the four and the payload's length
 * 32  filler …
 * </pre>
 *
 * <p>A flyweight over the payload last read. Not thread-safe: one owner.
 */
public final class Stamp {

    /** Length of the stamp, hence of the smallest payload. */
    public static final int BYTES = 32;

    /** What {@link #read} found. */
    public enum Finding {
        /** A message of this run as it was sent. */
        OURS,
        /** A message of somebody else. */
        FOREIGN,
        /** It claims to be of this run and is not what was sent. */
        CORRUPT
    }

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final int run;
    private final int publishers;
    private final byte[] filler;

    private int publisher;
    private long sequence;
    private long intendedNanos;

    public Stamp(int run, int publishers, int sizeBytes) {
        this.run = run;
        this.publishers = publishers;
        filler = payload(run, sizeBytes);
    }

    /** A payload without its stamp. The filler looks like chance, so that nothing on the way can compress it. */
    public static byte[] payload(int run, int sizeBytes) {
        byte[] payload = new byte[sizeBytes];
        SplittableRandom random = new SplittableRandom(run);
        for (int i = BYTES; i < sizeBytes; i++) {
            payload[i] = (byte) random.nextInt();
        }
        return payload;
    }

    /** Writes the stamp of one message to the payload that begins at {@code at}. */
    public static void write(
            byte[] bytes, int at, int sizeBytes, int run, int publisher, long sequence, long intended) {
        INT.set(bytes, at, run);
        INT.set(bytes, at + 4, publisher);
        LONG.set(bytes, at + 8, sequence);
        LONG.set(bytes, at + 16, intended);
        LONG.set(bytes, at + 24, check(run, publisher, sequence, intended, sizeBytes));
    }

    /** Reads the payload between two indices and checks all of it. */
    public Finding read(byte[] bytes, int from, int to) {
        if (to - from < BYTES || (int) INT.get(bytes, from) != run) {
            return Finding.FOREIGN;
        }
        publisher = (int) INT.get(bytes, from + 4);
        sequence = (long) LONG.get(bytes, from + 8);
        intendedNanos = (long) LONG.get(bytes, from + 16);
        long check = (long) LONG.get(bytes, from + 24);
        boolean good = to - from == filler.length
                && check == check(run, publisher, sequence, intendedNanos, filler.length)
                && publisher >= 0
                && publisher < publishers
                && sequence >= 0
                && Arrays.equals(bytes, from + BYTES, to, filler, BYTES, filler.length);
        return good ? Finding.OURS : Finding.CORRUPT;
    }

    public int publisher() {
        return publisher;
    }

    public long sequence() {
        return sequence;
    }

    public long intendedNanos() {
        return intendedNanos;
    }

    private static long check(int run, int publisher, long sequence, long intended, int sizeBytes) {
        long mixed = mix((long) run << 32 | publisher) + mix(sequence) * 31 + mix(intended) * 37 + sizeBytes;
        return mix(mixed);
    }

    /** Multiplications and shifts that let every bit of the input change about half of the output's. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 29) * 0xD1B54A32D192ED03L;
        return mixed ^ mixed >>> 31;
    }
}

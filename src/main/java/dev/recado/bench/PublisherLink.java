package dev.recado.bench;

import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one publisher's two threads share. The sending thread connects, sends and, once the connection is lost, connects
 * again; the confirming thread reads from the connection between {@link Phase#GREETING} and {@link Phase#LOST}, which
 * hands the publisher back.
 *
 * <p>The times in {@code ring} are written before {@code sent} is raised over them, and a slot is written again only
 * once {@code answered} is above it.
 */
final class PublisherLink {

    /** Where the connection stands. */
    enum Phase {
        CLOSED,
        GREETING,
        READY,
        LOST
    }

    final int index;
    final PublishLedger ledger = new PublishLedger();
    private final long[] ring;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    volatile Phase phase = Phase.CLOSED;
    volatile boolean blocked;
    /** The sign that a publisher without confirmations asked for has come. */
    volatile boolean finished;
    /** How many messages it sends in all, once known; lowered to what was sent where the run is to end. */
    volatile long total = Long.MAX_VALUE;

    volatile @Nullable LoadSocket socket;
    volatile @Nullable SelectionKey key;

    /** {@code ringSize} is a power of two, at least the window of a closed loop; 1 in an open one. */
    PublisherLink(int index, int ringSize) {
        this.index = index;
        ring = new long[ringSize];
    }

    long sent() {
        return sent.get();
    }

    /** Everything below {@code count} may be on its way; set before it is written, never lowered. */
    void sentUpTo(long count) {
        if (count > sent.getPlain()) {
            sent.setRelease(count);
        }
    }

    long answered() {
        return answered.getAcquire();
    }

    void answeredUpTo(long count) {
        answered.setRelease(count);
    }

    void keepIntended(long sequence, long nanos) {
        ring[(int) sequence & ring.length - 1] = nanos;
    }

    long keptIntended(long sequence) {
        return ring[(int) sequence & ring.length - 1];
    }
}

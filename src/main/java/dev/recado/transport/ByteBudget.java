package dev.recado.transport;

import dev.recado.base.Loan;
import dev.recado.base.Shortage;
import dev.recado.transport.Lender.Borrower;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of heap that sessions of all loops may take for incoming messages: while these are assembled and, of large ones
 * that are lent on ({@link Loan}), until the journal has them. Who gets none leaves its socket unread until it is
 * called. Safe for use by any thread.
 *
 * <p>There are two pools, because a long line does not say its length: who holds a part of the small pool may wait for
 * the large one, and who holds a part of the large one waits for nothing, so nobody waits in a circle. The large pool
 * is given in the order of asking, so that a large request is not passed by small ones for ever.
 */
public final class ByteBudget {

    /** Up to this much one asks {@link Lender#tryReserveSmall}: 64 KiB and a line end. */
    public static final int SMALL_BYTES = 64 * 1024 + 2;

    private static final long WINDOW_MS_MIN = 2_000;
    private static final long WINDOW_MS_MAX = 5_000;
    /** In so long whoever waits has had its turn, though all before it have to be cut. */
    private static final long QUEUE_MS_MAX = 45_000;

    private final long bytesMax;
    private final long smallBytesMax;
    private final AtomicLong smallUsed = new AtomicLong();
    private final Object lock = new Object();
    /** Guarded by {@link #lock}, as is what waits. */
    private long used;

    private final Map<Borrower, Claim> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    /** Of those whom nobody calls later. */
    private final Shortage shortage = new Shortage();

    /** What somebody waits for, where he is called, and whether he asked behind others since he was called last. */
    private record Claim(long bytes, Executor loop, boolean behind) {}

    /** {@code bytesMax} for large messages, and a quarter of it besides for what is small. */
    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
        smallBytesMax = Math.max(bytesMax / 4, SMALL_BYTES);
    }

    /**
     * A share of the heap, at least twice {@code messageBytesMax} and what surrounds it, so that the largest message
     * always fits alone, also where it is assembled twice, encrypted and then in the clear.
     */
    public static ByteBudget ofHeap(int percent, long messageBytesMax) {
        long share = Runtime.getRuntime().maxMemory() / 100 * percent;
        return new ByteBudget(Math.max(share / 5 * 4, messageBytesMax * 2 + SMALL_BYTES));
    }

    /** It for the sessions of one loop, who are called by {@code loop}. */
    public Lender lender(Executor loop) {
        return new LoopLender(this, loop);
    }

    /** For sessions that ask again by themselves. */
    public Lender lender() {
        return lender(Runnable::run);
    }

    /** Bytes taken from both pools. */
    public long usedBytes() {
        synchronized (lock) {
            return used + smallUsed.get();
        }
    }

    /** What both pools may give. */
    public long maxBytes() {
        return bytesMax + smallBytesMax;
    }

    /** See {@link Lender#windowMs}: 5 s, and less where more wait than can be served in 45 s so. */
    long windowMs() {
        synchronized (lock) {
            if (waiting.isEmpty()) {
                return 0;
            }
            long rounds = 1 + waitingBytes / bytesMax;
            return Math.max(WINDOW_MS_MIN, Math.min(WINDOW_MS_MAX, QUEUE_MS_MAX / rounds));
        }
    }

    private @Nullable Claim unlist(Borrower borrower) {
        Claim claim = waiting.remove(borrower);
        if (claim != null) {
            waitingBytes -= claim.bytes();
        }
        return claim;
    }

    private boolean tryReserve(long bytes, Borrower borrower, Executor loop) {
        List<Runnable> calls;
        synchronized (lock) {
            boolean isNext = waiting.isEmpty() || waiting.keySet().iterator().next() == borrower;
            if (!isNext || used + bytes > bytesMax) {
                // In the same place where he waits already.
                Claim before = waiting.put(borrower, new Claim(bytes, loop, !isNext));
                waitingBytes += bytes - (before == null ? 0 : before.bytes());
                return false;
            }
            used += bytes;
            unlist(borrower);
            // Those behind, on faster loops, asked in vain for what is left.
            calls = nextCalls(true);
        }
        calls.forEach(Runnable::run);
        return true;
    }

    /** Takes {@code bytes} of the large pool, or nothing and answers false; nobody is called later. */
    public boolean tryReserve(long bytes) {
        synchronized (lock) {
            boolean taken = waiting.isEmpty() && used + bytes <= bytesMax;
            if (taken) {
                used += bytes;
            } else {
                shortage.onRefused(bytes);
            }
            return taken;
        }
    }

    /** Whether {@link #tryReserve(long)} found no room, and there is still none for that. */
    public boolean isShort() {
        synchronized (lock) {
            return shortage.lasts(used, bytesMax);
        }
    }

    public void release(long bytes) {
        if (bytes == 0) {
            return;
        }
        List<Runnable> calls;
        synchronized (lock) {
            used -= bytes;
            shortage.lasts(used, bytesMax);
            calls = nextCalls(false);
        }
        calls.forEach(Runnable::run);
    }

    private void forget(Borrower borrower) {
        List<Runnable> calls;
        synchronized (lock) {
            if (unlist(borrower) == null) {
                return;
            }
            calls = nextCalls(false);
        }
        calls.forEach(Runnable::run);
    }

    /**
     * Calls those at the head for whom there is room; each takes it himself, in that order. {@code again} leaves out
     * those who were called and have not asked since.
     */
    private List<Runnable> nextCalls(boolean again) {
        List<Runnable> calls = new ArrayList<>(1);
        long room = bytesMax - used;
        for (Map.Entry<Borrower, Claim> next : waiting.entrySet()) {
            Claim claim = next.getValue();
            room -= claim.bytes();
            if (room < 0) {
                break;
            }
            if (again && !claim.behind()) {
                continue;
            }
            Borrower borrower = next.getKey();
            Executor loop = claim.loop();
            next.setValue(new Claim(claim.bytes(), loop, false));
            calls.add(() -> loop.execute(() -> offer(borrower, loop)));
        }
        return calls;
    }

    /** Who is next and does not take what is there, because he waits for something else meanwhile, loses his place. */
    private void offer(Borrower borrower, Executor loop) {
        borrower.onRoom();
        // Behind what that has put off to the end of the loop's turn.
        loop.execute(() -> dropIfUntaken(borrower));
    }

    private void dropIfUntaken(Borrower borrower) {
        List<Runnable> calls = List.of();
        synchronized (lock) {
            Claim claim = waiting.get(borrower);
            if (claim != null
                    && used + claim.bytes() <= bytesMax
                    && waiting.keySet().iterator().next() == borrower) {
                unlist(borrower);
                calls = nextCalls(false);
            }
        }
        calls.forEach(Runnable::run);
    }

    /** The budget for one loop. */
    private record LoopLender(ByteBudget budget, Executor loop) implements Lender {

        @Override
        public boolean tryReserve(long bytes, Borrower borrower) {
            return budget.tryReserve(bytes, borrower, loop);
        }

        @Override
        public void release(long bytes) {
            budget.release(bytes);
        }

        @Override
        public boolean tryReserveSmall(long bytes) {
            AtomicLong pool = budget.smallUsed;
            long now = pool.get();
            while (now + bytes <= budget.smallBytesMax) {
                if (pool.compareAndSet(now, now + bytes)) {
                    return true;
                }
                now = pool.get();
            }
            return false;
        }

        @Override
        public void releaseSmall(long bytes) {
            budget.smallUsed.addAndGet(-bytes);
        }

        @Override
        public void forget(Borrower borrower) {
            budget.forget(borrower);
        }

        @Override
        public long windowMs() {
            return budget.windowMs();
        }

        @Override
        public Loan lendOn(long bytes) {
            return new Lent(budget, bytes);
        }
    }

    /** What a message has of the large pool after its assembly. */
    private static final class Lent implements Loan {
        private final ByteBudget budget;
        private final long bytes;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Lent(ByteBudget budget, long bytes) {
            this.budget = budget;
            this.bytes = bytes;
        }

        @Override
        public @Nullable Loan another() {
            return budget.tryReserve(bytes) ? new Lent(budget, bytes) : null;
        }

        @Override
        public void giveBack() {
            if (ended.compareAndSet(false, true)) {
                budget.release(bytes);
            }
        }
    }
}

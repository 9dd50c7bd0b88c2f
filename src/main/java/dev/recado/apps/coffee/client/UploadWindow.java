package dev.recado.apps.coffee.client;

import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Batches between the thread that reads files, the one that sends, and the gateway's word that it has them. At most
 * {@link #BATCHES_MAX} are here. Safe for use by any thread.
 */
final class UploadWindow {

    static final int BATCHES_MAX = 64;

    private final Deque<Batch> unsent = new ArrayDeque<>();
    private final Deque<Batch> sent = new ArrayDeque<>();

    /** Waits for room. */
    synchronized void put(Batch batch) throws InterruptedException {
        while (unsent.size() + sent.size() >= BATCHES_MAX) {
            wait();
        }
        unsent.add(batch);
        notifyAll();
    }

    /** The next one to send, or null where none came within {@code waitMs}. */
    synchronized @Nullable Batch next(long waitMs) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + waitMs * 1_000_000;
        while (unsent.isEmpty()) {
            long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return null;
            }
            wait(leftMs);
        }
        Batch batch = unsent.poll();
        if (batch != null) {
            sent.add(batch);
        }
        return batch;
    }

    synchronized void onTaken(Position position) {
        sent.removeIf(batch -> isTaken(batch, position));
        notifyAll();
    }

    private static boolean isTaken(Batch batch, Position position) {
        return batch.table() == position.table()
                && (batch.number() < position.batches() || batch.rows().isEmpty() && position.isEnded());
    }

    /** A new connection: what was sent and is not in {@code positions} has to be sent again, in its order. */
    synchronized void rewind(Collection<Position> positions) {
        while (!sent.isEmpty()) {
            unsent.addFirst(sent.removeLast());
        }
        for (Position position : positions) {
            // A table that has ended takes nothing more, whoever ended it.
            unsent.removeIf(
                    batch -> isTaken(batch, position) || batch.table() == position.table() && position.isEnded());
        }
        notifyAll();
    }
}

package dev.recado.transport.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What all sockets of one event loop have been given and not taken, in bytes. Who finds it used up waits until half of
 * it is free; one output may go beyond it, whatever its size. Owned by its loop.
 */
final class OutputBudget {

    private final long bytesMax;
    private final Set<SocketWire> waiting = new LinkedHashSet<>();
    private long bytes;

    OutputBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean isUsedUp() {
        return bytes >= bytesMax;
    }

    /** As {@link #isUsedUp}; where it is, {@code wire} hears of it by {@link SocketWire#onBudget} once it is not. */
    boolean isUsedUpFor(SocketWire wire) {
        boolean usedUp = isUsedUp();
        if (usedUp) {
            waiting.add(wire);
        }
        return usedUp;
    }

    void add(long more) {
        bytes += more;
    }

    void remove(long fewer) {
        bytes -= fewer;
        if (!waiting.isEmpty() && bytes <= bytesMax / 2) {
            relieve();
        }
    }

    private void relieve() {
        List<SocketWire> relieved = List.copyOf(waiting);
        waiting.clear();
        relieved.forEach(SocketWire::onBudget);
    }

    /** Whether somebody waits and not enough is free: then who takes nothing has to go. */
    boolean isTight() {
        return !waiting.isEmpty() && bytes > bytesMax / 2;
    }

    /** Between half and full too, somebody may have been told to wait; called now and then. */
    void onTick() {
        if (!waiting.isEmpty() && !isUsedUp()) {
            relieve();
        }
    }

    /** Answers whether {@code wire} waited, which it does no longer. */
    boolean endWait(SocketWire wire) {
        return waiting.remove(wire);
    }

    void forget(SocketWire wire) {
        waiting.remove(wire);
    }
}

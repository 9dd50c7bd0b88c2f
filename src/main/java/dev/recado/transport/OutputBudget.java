package dev.recado.transport;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What all sockets of one event loop have been given and not taken, in bytes. Who finds it used up waits until half of
 * it is free, or a tick finds room; one output may go beyond it, whatever its size. Owned by its loop.
 */
final class OutputBudget {

    private final long bytesMax;
    private final Set<SocketWire> waiting = new LinkedHashSet<>();
    private long bytes;

    OutputBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    private boolean isUsedUp() {
        return bytes >= bytesMax;
    }

    /** Whether it is used up; then {@code wire} hears by {@link SocketWire#onRoom} once it is not. */
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
        relieved.forEach(SocketWire::onRoom);
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

    /** {@code wire} waits no longer; answers whether it did. */
    boolean endWait(SocketWire wire) {
        return waiting.remove(wire);
    }
}

package dev.recado.broker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What all sessions of one loop have published and not had answered, in bytes: above the bound their sockets are
 * paused, below half of it they read on. Owned by its loop.
 */
final class Pressure {

    private final long bytesMax;
    private final Set<LoopLink> paused = new LinkedHashSet<>();
    private long bytes;

    Pressure(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Counts {@code more} bytes of {@code link}; answers whether it has to stop reading. */
    boolean add(long more, LoopLink link) {
        bytes += more;
        if (bytes > bytesMax) {
            paused.add(link);
            return true;
        }
        return false;
    }

    /** Whether {@code link} has to wait for others; it is told when it need not any longer. */
    boolean holds(LoopLink link) {
        if (bytes <= bytesMax / 2 || paused.isEmpty()) {
            return false;
        }
        paused.add(link);
        return true;
    }

    long bytes() {
        return bytes;
    }

    void remove(long fewer) {
        bytes -= fewer;
        if (!paused.isEmpty() && bytes <= bytesMax / 2) {
            List<LoopLink> relieved = List.copyOf(paused);
            paused.clear();
            relieved.forEach(LoopLink::resumeIfRelieved);
        }
    }

    void forget(LoopLink link) {
        paused.remove(link);
    }
}

package dev.recado.broker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the groups of one loop have handed to members and these have not written to their sockets, in bytes: so much is
 * kept in memory for them. A large message waits for room, and whoever holds some meanwhile has to be taking it
 * ({@link Member#isInTheWay}). Small ones never wait here; of them a member gets less where the share is used up. Owned
 * by its loop.
 */
final class HandedShare {

    /** Above this a message is large. */
    static final int LARGE_BYTES = 64 * 1024;

    private static final long BYTES_OF_MEMBER_TIGHT = 64L * 1024;

    private final long bytesMax;
    private final Set<GroupOwner> waiting = new LinkedHashSet<>();
    private long bytes;
    private long largeBytes;

    HandedShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether a message of {@code length} may be handed out now; else {@code group} is woken once it may. */
    boolean mayHand(int length, GroupOwner group) {
        if (length <= LARGE_BYTES || largeBytes == 0 || largeBytes + length <= bytesMax) {
            return true;
        }
        waiting.add(group);
        return false;
    }

    /** How much a member may hold, where it is {@code usual} while there is room. */
    long ofMember(long usual) {
        return bytes > bytesMax ? Math.min(usual, BYTES_OF_MEMBER_TIGHT) : usual;
    }

    void add(long more, long large) {
        bytes += more;
        largeBytes += large;
    }

    void remove(long fewer, long large) {
        bytes -= fewer;
        largeBytes -= large;
        if (large > 0 && !waiting.isEmpty()) {
            List<GroupOwner> groups = List.copyOf(waiting);
            waiting.clear();
            groups.forEach(GroupOwner::wake);
        }
    }

    /** Whether a large message waits. */
    boolean isWanted() {
        return !waiting.isEmpty();
    }

    void forget(GroupOwner group) {
        waiting.remove(group);
    }

    long bytes() {
        return bytes;
    }
}

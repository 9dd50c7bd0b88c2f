package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * When the first unfinished message of a partition was published, for each of its groups and for somebody who asks. Of
 * what has left memory segments are read, away from the loop and once for each place where a group stands: what was
 * read is kept until somebody asks and no group stands there. Owned by the partition's loop.
 */
final class OldestTimes {

    /** Stands for a group where there is none. */
    static final int NO_GROUP = -1;

    /** A run is read whole; one is all that is wanted. */
    private static final int READ_BYTES = 1;

    private final PartitionOwner owner;
    /** By offset, what was read. */
    private final Map<Long, Long> knownMs = new HashMap<>();

    OldestTimes(PartitionOwner owner) {
        this.owner = owner;
    }

    /**
     * {@code then} gets the time for the number of each group that has something left now, or for {@link #NO_GROUP};
     * none where it cannot be read. In ms since 1970. At once where no disk has to be asked.
     */
    void find(Consumer<Map<Integer, Long>> then) {
        Map<Integer, Long> places = places();
        knownMs.keySet().retainAll(places.values());
        Map<Integer, Long> timesMs = new HashMap<>();
        Queue<Integer> unread = new ArrayDeque<>();
        places.forEach((group, offset) -> {
            StoredRun run = owner.tail().find(offset);
            if (run != null) {
                timesMs.put(group, run.publishTimeMs());
            } else if (!owner.damaged()
                    && (!owner.inMemoryOnly() || owner.tail().leavesToSegments(offset))) {
                unread.add(group);
            }
        });
        read(places, unread, timesMs, then);
    }

    private Map<Integer, Long> places() {
        Map<Integer, Long> places = new HashMap<>();
        for (GroupOwner open : owner.groups().counted()) {
            if (open.group().backlog() > 0) {
                places.put(open.def().id(), open.group().floor());
            }
        }
        if (owner.groups().isEmpty() && owner.backlog().unfinished() > 0) {
            places.put(NO_GROUP, owner.backlog().floor());
        }
        return places;
    }

    private void read(
            Map<Integer, Long> places,
            Queue<Integer> unread,
            Map<Integer, Long> timesMs,
            Consumer<Map<Integer, Long>> then) {
        while (!unread.isEmpty()) {
            int group = unread.remove();
            long offset = places.getOrDefault(group, 0L);
            Long knownThere = knownMs.get(offset);
            if (knownThere == null) {
                owner.shard().reads().read(owner.partition().id(), offset, READ_BYTES, piece -> {
                    long foundMs = timeOf(piece, offset);
                    owner.effects().giveBack(piece);
                    if (foundMs >= 0) {
                        knownMs.put(offset, foundMs);
                        timesMs.put(group, foundMs);
                    }
                    read(places, unread, timesMs, then);
                });
                return;
            }
            timesMs.put(group, knownThere);
        }
        then.accept(timesMs);
    }

    /** Of the first message at or behind {@code offset}: nobody needs one that is stored no longer. -1 for none. */
    private long timeOf(ColdPiece piece, long offset) {
        long next = owner.tail().nextStored(offset);
        StoredRun inMemory = owner.tail().find(next);
        if (!piece.runs().isEmpty() && (inMemory == null || piece.runs().get(0).baseOffset() <= next)) {
            return piece.runs().get(0).publishTimeMs();
        }
        return inMemory == null ? -1 : inMemory.publishTimeMs();
    }
}

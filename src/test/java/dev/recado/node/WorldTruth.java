package dev.recado.node;

import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a {@link NodeWorld} know together, over all lives of the node: which message lies at which
 * offset, what was confirmed, what a group has finished for good, and who holds what. Every rule that a broker must not
 * break is checked where something is told to it.
 */
final class WorldTruth {

    /** A delivery is on its way to its session for so long at most while the lease runs already. */
    private static final long LEASE_SLACK_MS = 500;

    private static final long MOVED_SLACK_MS = 500;

    private final Map<PartitionKey, Kept> partitions = new HashMap<>();
    private final Map<GroupKey, Progress> groups = new HashMap<>();
    private @Nullable AssertionError violation;

    record PartitionKey(UUID topic, int partition) {}

    record GroupKey(UUID topic, int group) {}

    private record Place(int partition, long offset) {}

    /** Who has a lease, and until when it lasts at least. */
    private record Hold(Object holder, long untilMs) {}

    /** One partition. */
    private static final class Kept {
        private final Durability durability;
        private final TreeMap<Long, String> messages = new TreeMap<>();
        private final Set<Long> confirmed = new HashSet<>();
        private long purgedBelow;
        private int purgesOpen;

        private Kept(Durability durability) {
            this.durability = durability;
        }
    }

    /** One group. */
    private static final class Progress {
        private final Set<Place> finished = new HashSet<>();
        private final Map<Place, Hold> held = new HashMap<>();
        private final Set<Place> finishing = new HashSet<>();
        private final Set<Place> delivered = new HashSet<>();
        private final Set<Place> died = new HashSet<>();
        private final Set<Place> tried = new HashSet<>();
        private boolean drops;
        private boolean moved;
        private boolean movedToFirst;
        private int movesOpen;
        private boolean movesMixed;
        private long movingUntilMs;
        private boolean survives;
        private boolean altered;

        /** Somebody was given it, or it had its deliveries. */
        private boolean wasHad(Place place) {
            return delivered.contains(place) || died.contains(place) || drops && tried.contains(place);
        }

        private long firstDelivered(int partition) {
            return delivered.stream()
                    .filter(place -> place.partition() == partition)
                    .mapToLong(Place::offset)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    private Kept kept(Topic topic, int partition) {
        return partitions.computeIfAbsent(
                new PartitionKey(topic.uuid(), partition),
                unused -> new Kept(topic.settings().durability()));
    }

    private Progress progress(Topic topic, int group) {
        Progress progress = groups.computeIfAbsent(new GroupKey(topic.uuid(), group), unused -> new Progress());
        progress.survives = topic.settings().durability() == Durability.FSYNC;
        return progress;
    }

    /** A publish was confirmed at {@code offset}. */
    void onConfirmed(Topic topic, int partition, long offset, String message) {
        Kept kept = kept(topic, partition);
        must(kept.confirmed.add(offset), "confirmed twice at " + topic.name() + "/" + partition + "@" + offset);
        onSeen(topic, partition, offset, message);
    }

    /** Somebody was shown the message at {@code offset}: it is committed, and the same for everybody and for ever. */
    void onSeen(Topic topic, int partition, long offset, String message) {
        String known = kept(topic, partition).messages.putIfAbsent(offset, message);
        must(
                known == null || known.equals(message),
                "two messages at " + topic.name() + "/" + partition + "@" + offset + ": " + known + " and " + message);
    }

    void onLeased(Topic topic, int group, int partition, long offset, Object holder, long nowMs, long untilMs) {
        Progress progress = progress(topic, group);
        Place place = new Place(partition, offset);
        String where = topic.name() + "/" + partition + "@" + offset + " group=" + group;
        must(!progress.finished.contains(place), "came again after it was acknowledged durably: " + where);
        progress.delivered.add(place);
        progress.finishing.remove(place);
        long leaseMs = progress.altered ? Math.min(untilMs, nowMs + WorldScript.LEASE_MS_MIN) : untilMs;
        boolean moving = nowMs < progress.movingUntilMs;
        // What comes while the group moves may have been handed out before, and its lease forgotten.
        Hold before = moving
                ? progress.held.remove(place)
                : progress.held.put(place, new Hold(holder, leaseMs - LEASE_SLACK_MS));
        must(moving || before == null || before.untilMs() <= nowMs, "leased twice: " + where);
    }

    /** The group gets other settings: leases may be shorter from now on than the catalog says at the moment. */
    void onAltered(Topic topic, int group) {
        Progress progress = progress(topic, group);
        progress.altered = true;
        progress.held.clear();
    }

    /** {@code holder} is about to acknowledge what it holds durably. */
    void onFinishing(Topic topic, int group, int partition, long offset, Object holder, long nowMs) {
        Progress progress = progress(topic, group);
        Place place = new Place(partition, offset);
        Hold hold = progress.held.get(place);
        if (hold != null && hold.holder().equals(holder) && hold.untilMs() > nowMs) {
            progress.finishing.add(place);
        }
    }

    void onLeft(Topic topic, int group, int partition, long offset, Object holder) {
        Map<Place, Hold> held = progress(topic, group).held;
        Place place = new Place(partition, offset);
        Hold hold = held.get(place);
        if (hold != null && hold.holder().equals(holder)) {
            held.remove(place);
        }
    }

    /** {@code holder} holds nothing any more. */
    void onGone(Object holder) {
        groups.values().forEach(progress -> progress.held.values().removeIf(hold -> hold.holder()
                .equals(holder)));
    }

    /** The message was acknowledged, and the broker said that it remembers, where the lease still held. */
    void onFinished(Topic topic, int group, int partition, long offset, long nowMs) {
        Progress progress = progress(topic, group);
        Place place = new Place(partition, offset);
        if (progress.finishing.remove(place) && nowMs >= progress.movingUntilMs) {
            progress.finished.add(place);
        }
    }

    /** The group is being moved: what it has finished may come again, what it holds is forgotten. */
    void onMoving(Topic topic, int group) {
        move(topic, group, Long.MAX_VALUE);
        Progress progress = progress(topic, group);
        progress.delivered.clear();
        progress.moved = true;
        progress.movedToFirst = false;
        progress.movesMixed = progress.movesOpen > 0; // each partition may see them in another order
        progress.movesOpen++;
    }

    /** The partition is being purged ({@code open} 1), or was (-1): messages below {@code end} may be gone. */
    void onPurge(Topic topic, int partition, long end, int open) {
        Kept kept = kept(topic, partition);
        kept.purgedBelow = Math.max(kept.purgedBelow, end);
        kept.purgesOpen += open;
    }

    /** A message has had all its deliveries, whether or not they reached somebody: it is a dead letter. */
    void onDying(Topic topic, int group, int partition, long offset) {
        progress(topic, group).died.add(new Place(partition, offset));
    }

    /** Members hold these; without a topic for dead letters each may be gone behind that, and nobody was given it. */
    void onHeld(Topic topic, int group, int partition, LongStream offsets, boolean deadLetters) {
        Progress progress = progress(topic, group);
        progress.drops |= !deadLetters;
        offsets.forEach(offset -> progress.tried.add(new Place(partition, offset)));
    }

    /** What was confirmed, and that the group, which has come to its end, was never given. */
    List<String> passedOver(Topic topic, GroupDef group, int partition, long logStart) {
        Progress progress = progress(topic, group.id());
        List<String> passedOver = new ArrayList<>();
        boolean queue =
                topic.settings().kind() == TopicKind.QUEUE; // keeps nothing that was finished, by a move neither
        if (progress.moved ? progress.movedToFirst && !queue : group.from().equals(StartPosition.first())) {
            // One that was never moved has had everything from its first message on, whatever has been trimmed since.
            long begin = progress.moved ? logStart : Math.min(logStart, progress.firstDelivered(partition));
            confirmed(topic, partition, Math.max(begin, kept(topic, partition).purgedBelow))
                    .forEach((offset, message) -> {
                        Place place = new Place(partition, offset);
                        if (!progress.wasHad(place)) {
                            passedOver.add(message + "@" + offset);
                        }
                    });
        }
        return passedOver;
    }

    /** It was moved; what was on its way to sessions before may arrive a little later. */
    void onMoved(Topic topic, int group, boolean toFirst, long nowMs) {
        move(topic, group, nowMs + MOVED_SLACK_MS);
        Progress progress = progress(topic, group);
        progress.movesOpen--;
        progress.movedToFirst = toFirst && progress.movesOpen == 0 && !progress.movesMixed;
    }

    private void move(Topic topic, int group, long untilMs) {
        Progress progress = progress(topic, group);
        progress.movingUntilMs = untilMs;
        progress.finished.clear();
        progress.finishing.clear();
        progress.held.clear();
    }

    /** The node is gone; {@code powerLost}: what was not synced may be, too. */
    void onCrash(boolean powerLost) {
        groups.values().forEach(progress -> {
            progress.held.clear();
            progress.finishing.clear();
            progress.movingUntilMs = 0;
            progress.movedToFirst &= progress.movesOpen == 0;
            progress.movesOpen = 0;
            if (powerLost && !progress.survives) {
                progress.finished.clear();
                progress.delivered.clear();
            }
        });
        partitions.values().forEach(kept -> {
            if (kept.purgesOpen > 0 && !kept.messages.isEmpty()) {
                kept.purgedBelow = Math.max(kept.purgedBelow, kept.messages.lastKey() + 1);
            }
            kept.purgesOpen = 0;
            if (kept.durability == Durability.MEMORY || powerLost && kept.durability == Durability.OS) {
                kept.messages.clear();
                kept.confirmed.clear();
                kept.purgedBelow = 0;
            }
        });
        partitions.forEach((key, kept) -> {
            if (kept.durability == Durability.MEMORY) {
                groups.forEach((group, progress) -> {
                    if (group.topic().equals(key.topic())) {
                        progress.finished.clear();
                        progress.delivered.clear();
                    }
                });
            }
        });
    }

    /** The offsets of what was confirmed from {@code from} on, with their messages. */
    Map<Long, String> confirmed(Topic topic, int partition, long from) {
        Kept kept = kept(topic, partition);
        Map<Long, String> found = new TreeMap<>(kept.messages.tailMap(from));
        found.keySet().retainAll(kept.confirmed);
        return found;
    }

    /**
     * A rule that does not hold ends the simulation, also where whoever was told of it goes on: the broker takes what a
     * session's code throws for a bug of that session.
     */
    void must(boolean holds, String rule) {
        if (!holds) {
            AssertionError broken = new AssertionError(rule);
            violation = violation == null ? broken : violation;
            throw broken;
        }
    }

    /** The first rule that did not hold; null for none. */
    @Nullable
    AssertionError violation() {
        return violation;
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError(rule);
        }
    }
}

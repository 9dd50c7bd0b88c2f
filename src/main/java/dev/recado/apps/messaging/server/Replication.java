package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.history.Histories;
import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.history.HistoryLog;
import dev.recado.apps.messaging.wire.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * That every server gets every operation. A publication of the topic {@code replica} that fits is applied, once; where
 * others are missing before it, or a server has seen more, the missing ones are asked for with {@code sync}. What each
 * server has seen is published every second, so that the last operation before a silence is missed by nobody for long;
 * and every three seconds one server is asked directly, for when publications do not arrive at all.
 */
final class Replication {

    static final String TOPIC = "replica";
    static final long SEEN_MS = 1_000;
    static final long SYNC_MS = 3_000;
    /** A question that was not answered by then was lost. */
    static final long ANSWER_MS = 1_000;

    /** Operations in one answer: with the longest texts half of a message's bytes. */
    static final int ENTRIES_MAX = 100;

    private final ServerSelf self;
    private final PeerList peers;
    private final HistoryLog log;
    private final Histories histories;
    private final Map<String, Long> askedMs = new HashMap<>();
    /** How much of this run's operations each server said to have. */
    private final Map<String, Long> confirmed = new TreeMap<>();

    /** How many operations each server said to have, the last time that it did. */
    private final Map<String, Long> counts = new HashMap<>();

    private long confirmedByAll;
    private long seenMs;
    private long syncMs;
    private int nextPeer;
    private boolean full;

    Replication(ServerSelf self, PeerList peers, HistoryLog log, Histories histories) {
        this.self = self;
        this.peers = peers;
        this.log = log;
        this.histories = histories;
    }

    /** Makes an operation here: durable, applied, and published to the others. False where there is no room. */
    boolean originate(HistoryEntry entry, ServerMoment now, ServerEffects effects) {
        if (!hasRoom() || log.offer(entry) != HistoryLog.Offered.APPLIED) {
            return false;
        }
        effects.keep(entry);
        histories.add(entry);
        effects.publish(TOPIC, self.stamp("replica", now, Map.of("entry", entry.fields(), "origin", self.origin())));
        return true;
    }

    /** As the fullest of all servers has it: one that begins anew would else make more than the others can take in. */
    private boolean hasRoom() {
        return log.hasRoom()
                && peers.all().stream().allMatch(peer -> counts.getOrDefault(peer.name(), 0L) < HistoryLog.ENTRIES_MAX);
    }

    /** Where the next operation of this server stands. */
    HistoryEntry.Key nextKey() {
        return new HistoryEntry.Key(self.lamport().tick(), self.origin(), log.seen(self.origin()) + 1);
    }

    /** Somebody's operation; answers whether it was applied. */
    boolean onReplica(Envelope replica, ServerMoment now, ServerEffects effects) {
        HistoryEntry entry = HistoryEntry.of(replica.fields().get("entry"));
        if (entry == null) {
            return false;
        }
        HistoryLog.Offered offered = offer(entry, effects);
        if (offered == HistoryLog.Offered.GAP) {
            sync(replica.user(), now, effects);
        }
        return offered == HistoryLog.Offered.APPLIED;
    }

    private HistoryLog.Offered offer(HistoryEntry entry, ServerEffects effects) {
        HistoryLog.Offered offered = self.lamport().isCredible(entry.key().clock()) && !isOurs(entry)
                ? log.offer(entry)
                : HistoryLog.Offered.KNOWN;
        if (offered == HistoryLog.Offered.APPLIED) {
            self.lamport().receive(entry.key().clock());
            effects.keep(entry);
            histories.add(entry);
        } else if (offered == HistoryLog.Offered.FULL && !full) {
            full = true;
            effects.say("no room for more operations count=" + log.entryCount());
        }
        return offered;
    }

    /** Operations of this run are made here and nowhere else. */
    private boolean isOurs(HistoryEntry entry) {
        return entry.key().origin().equals(self.origin());
    }

    /** What another server has. */
    void onSeen(Envelope seen, ServerMoment now, ServerEffects effects) {
        Map<String, Long> theirs = seen.numbers("seen");
        if (peers.find(seen.user()) != null) {
            counts.put(seen.user(), theirs.values().stream().reduce(0L, Long::sum));
            confirmed.merge(seen.user(), theirs.getOrDefault(self.origin(), 0L), Math::max);
            tellConfirmed(effects);
        }
        if (log.lacksSomethingOf(theirs)) {
            sync(seen.user(), now, effects);
        }
    }

    private void tellConfirmed(ServerEffects effects) {
        List<String> names = new ArrayList<>();
        long least = Long.MAX_VALUE;
        for (PeerList.Peer peer : peers.all()) {
            least = Math.min(least, confirmed.getOrDefault(peer.name(), 0L));
            names.add(peer.name());
        }
        if (!names.isEmpty() && least > confirmedByAll) {
            confirmedByAll = least;
            effects.say("replication confirmed n=" + least + " by=" + String.join(",", names));
        }
    }

    void onTick(ServerMoment now, ServerEffects effects) {
        if (now.ms() - seenMs >= SEEN_MS) {
            seenMs = now.ms();
            effects.publish(TOPIC, self.stamp("seen", now, Map.of("seen", log.seen())));
        }
        if (now.ms() - syncMs >= SYNC_MS && !peers.all().isEmpty()) {
            syncMs = now.ms();
            List<PeerList.Peer> all = List.copyOf(peers.all());
            sync(all.get(nextPeer++ % all.size()).name(), now, effects);
        }
    }

    /** Servers are new or have moved: asks them all. */
    void onPeers(ServerMoment now, ServerEffects effects) {
        peers.all().forEach(peer -> sync(peer.name(), now, effects));
    }

    /** Asks everybody, as something is wanted that others may have. */
    void want(ServerMoment now, ServerEffects effects) {
        onPeers(now, effects);
    }

    private void sync(String peer, ServerMoment now, ServerEffects effects) {
        Long asked = askedMs.get(peer);
        if (peers.find(peer) == null || (asked != null && now.ms() - asked < ANSWER_MS)) {
            return;
        }
        askedMs.put(peer, now.ms());
        effects.ask(peer, self.stamp("sync", now, Map.of("seen", log.seen())));
    }

    /** What a server that asked with {@code sync} lacks. */
    Map<String, Object> missing(Envelope sync) {
        Map<String, Long> theirs = sync.numbers("seen");
        List<HistoryEntry> missing = log.missing(theirs, ENTRIES_MAX);
        List<Object> entries = new ArrayList<>();
        missing.forEach(entry -> entries.add(entry.fields()));
        return Map.of("entries", entries, "more", missing.size() == ENTRIES_MAX ? 1L : 0L);
    }

    /** The answer to {@code sync}; answers whether anything of it was applied. */
    boolean onSynced(String peer, Envelope answer, ServerMoment now, ServerEffects effects) {
        askedMs.remove(peer);
        int applied = 0;
        for (Object one : answer.list("entries")) {
            HistoryEntry entry = HistoryEntry.of(one);
            if (entry != null && offer(entry, effects) == HistoryLog.Offered.APPLIED) {
                applied++;
            }
        }
        if (applied > 0) {
            effects.say("synced count=" + applied + " from=" + peer);
        }
        if (applied > 0 && answer.number("more", 0) > 0) {
            sync(peer, now, effects);
        }
        return applied > 0;
    }
}

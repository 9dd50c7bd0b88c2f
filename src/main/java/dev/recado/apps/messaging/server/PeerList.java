package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.wire.Envelope;
import dev.recado.apps.messaging.wire.Names64;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The other servers as the reference server told them last, which holds on where that is gone. */
final class PeerList {

    /** More are not taken in. */
    static final int PEERS_MAX = 100;

    /** One that is not listed any more is kept for so long: a reference server that was down learns of all again. */
    static final long KEPT_MS = 2_000;

    /**
     * One other server.
     *
     * @param rank its place in the order of coordinators; 1 comes first
     */
    record Peer(String name, long rank, String endpoint) {
        /** As {@link PeerList#isBefore}, of two others. */
        boolean isBefore(Peer other) {
            return PeerList.isBefore(name, rank, other.name, other.rank);
        }
    }

    private final String self;
    private final Map<String, Peer> byName = new TreeMap<>();

    /** Since when the lists lack a peer that is kept. */
    private final Map<String, Long> missingSinceMs = new HashMap<>();

    private long rank;

    PeerList(String self) {
        this.self = self;
    }

    /** Takes the list that an envelope of the reference server has; answers whether one is new or has moved. */
    boolean onList(Envelope list, long nowMs) {
        List<?> servers = list.list("servers");
        if (servers.isEmpty()) {
            return false;
        }
        Map<String, Peer> before = new TreeMap<>(byName);
        byName.clear();
        for (Object one : servers) {
            if (one instanceof Map<?, ?> map
                    && map.get("name") instanceof String name
                    && map.get("endpoint") instanceof String endpoint
                    && map.get("rank") instanceof Long number
                    && Names64.isName(name)
                    && byName.size() < PEERS_MAX) {
                enter(new Peer(name, number, endpoint));
            }
        }
        keepMissing(before, nowMs);
        return byName.values().stream().anyMatch(peer -> !peer.equals(before.get(peer.name())));
    }

    private void keepMissing(Map<String, Peer> before, long nowMs) {
        missingSinceMs.keySet().retainAll(before.keySet());
        missingSinceMs.keySet().removeAll(byName.keySet());
        before.forEach((name, peer) -> {
            if (!byName.containsKey(name)) {
                long sinceMs = missingSinceMs.computeIfAbsent(name, unused -> nowMs);
                if (nowMs - sinceMs < KEPT_MS && byName.size() < PEERS_MAX) {
                    byName.put(name, peer);
                }
            }
        });
    }

    private void enter(Peer peer) {
        if (peer.name().equals(self)) {
            rank = peer.rank();
        } else {
            byName.put(peer.name(), peer);
        }
    }

    /** The own rank; 0 while it is not known. */
    long rank() {
        return rank;
    }

    Collection<Peer> all() {
        return byName.values();
    }

    @Nullable
    Peer find(String name) {
        return byName.get(name);
    }

    /**
     * Whether another server comes before this one. Of two with one rank, which a reference server without its file
     * gives to others than before, that of the smaller name does: each server must see the same order.
     */
    boolean isBefore(String name, long rank) {
        return isBefore(name, rank, self, this.rank);
    }

    private static boolean isBefore(String name, long rank, String other, long otherRank) {
        return rank < otherRank || (rank == otherRank && name.compareTo(other) < 0);
    }

    /** Those that come before this server. */
    List<Peer> before() {
        List<Peer> before = new ArrayList<>();
        byName.values().stream()
                .filter(peer -> isBefore(peer.name(), peer.rank()))
                .forEach(before::add);
        return before;
    }
}

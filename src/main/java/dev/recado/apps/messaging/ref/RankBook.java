package dev.recado.apps.messaging.ref;

import dev.recado.apps.messaging.wire.Names64;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which servers there are: a rank for each name, given in the order of first registration and never to another, and
 * until when each counts as alive. Pure; owned by the loop of the reference server.
 */
final class RankBook {

    /** Names that get a rank. */
    static final int SERVERS_MAX = 100;

    private static final Pattern ENDPOINT = Pattern.compile("tcp://[A-Za-z0-9.:\\[\\]_-]{1,255}");

    private static final class Server {
        private final long rank;
        private String endpoint = "";
        private long aliveUntilMs = Long.MIN_VALUE;

        Server(long rank) {
            this.rank = rank;
        }
    }

    private final long expiryMs;
    private final Map<String, Server> byName = new TreeMap<>();

    RankBook(long expiryMs) {
        this.expiryMs = expiryMs;
    }

    /** A rank of an earlier run. */
    void restore(String name, long rank) {
        byName.put(name, new Server(rank));
    }

    /** A server registers; answers what is wrong with that, or null. */
    @Nullable
    String register(String name, String endpoint, long nowMs) {
        if (!Names64.isName(name) || !ENDPOINT.matcher(endpoint).matches()) {
            return "not a name and an endpoint like tcp://127.0.0.1:6001";
        }
        Server server = byName.get(name);
        if (server != null && nowMs < server.aliveUntilMs && !endpoint.equals(server.endpoint)) {
            return "another server of that name is alive at " + server.endpoint;
        }
        if (server == null) {
            if (byName.size() >= SERVERS_MAX) {
                return "no rank left max=" + SERVERS_MAX;
            }
            long last =
                    byName.values().stream().mapToLong(one -> one.rank).max().orElse(0);
            server = new Server(last + 1);
            byName.put(name, server);
        }
        server.endpoint = endpoint;
        server.aliveUntilMs = nowMs + expiryMs;
        return null;
    }

    /** A sign of life; answers whether the server is registered with that endpoint and has not expired. */
    boolean heart(String name, String endpoint, long nowMs) {
        Server server = byName.get(name);
        if (server == null || !server.endpoint.equals(endpoint)) {
            return false;
        }
        server.aliveUntilMs = nowMs + expiryMs;
        return true;
    }

    /** The servers that are alive, as values of an envelope, by rank. */
    List<Object> living(long nowMs) {
        List<Map.Entry<String, Server>> living = new ArrayList<>();
        byName.entrySet().stream()
                .filter(entry -> nowMs < entry.getValue().aliveUntilMs)
                .sorted((one, other) -> Long.compare(one.getValue().rank, other.getValue().rank))
                .forEach(living::add);
        List<Object> list = new ArrayList<>();
        living.forEach(entry -> list.add(Map.of(
                "name", entry.getKey(),
                "rank", entry.getValue().rank,
                "endpoint", entry.getValue().endpoint)));
        return list;
    }

    /** All names and ranks, for the file. */
    Map<String, Long> ranks() {
        Map<String, Long> ranks = new LinkedHashMap<>();
        byName.entrySet().stream()
                .sorted((one, other) -> Long.compare(one.getValue().rank, other.getValue().rank))
                .forEach(entry -> ranks.put(entry.getKey(), entry.getValue().rank));
        return ranks;
    }
}

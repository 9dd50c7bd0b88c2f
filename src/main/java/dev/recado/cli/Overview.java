package dev.recado.cli;

import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** All topics of a broker with what waits in them, gathered from one description of each. */
final class Overview {

    /** Descriptions asked for before the first is waited for. */
    private static final int AT_ONCE = 256;

    private static final long NEVER = Long.MAX_VALUE;

    private final List<Map<String, String>> topics = new ArrayList<>();

    private Overview() {}

    /** Asks for the topics in {@code names}, or for all where there are none. */
    static Overview of(RecadoClient client, List<String> names) {
        Overview overview = new Overview();
        List<String> wanted = names.isEmpty() ? names(client) : names;
        for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            List<CompletableFuture<List<String>>> asked = new ArrayList<>();
            for (String name : wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE))) {
                asked.add(client.admin().describeTopic(name));
            }
            asked.forEach(description -> overview.add(description, !names.isEmpty()));
        }
        return overview;
    }

    private static List<String> names(RecadoClient client) {
        return client.admin().listTopics().join().stream()
                .map(json -> Json.fields(json).getOrDefault("name", ""))
                .toList();
    }

    /** A topic that is deleted meanwhile is left out, unless it was asked for by name. */
    private void add(CompletableFuture<List<String>> description, boolean required) {
        try {
            description.join().forEach(json -> topics.add(Json.fields(json)));
        } catch (CompletionException e) {
            RecadoException why = RecadoClient.unwrap(e);
            if (required || why.kind() != RecadoException.Kind.REFUSED) {
                throw why;
            }
        }
    }

    /** One JSON object a topic, by name. */
    List<String> topics() {
        return topics.stream()
                .sorted(Comparator.comparing(topic -> topic.getOrDefault("name", "")))
                .map(topic -> {
                    Map<String, String> row = pick(topic, "name", "kind", "durability", "partitions");
                    row.put("groups", Integer.toString(groups(topic).size()));
                    row.putAll(pick(topic, "kept", "bytes", "backlog", "oldest", "rate"));
                    return Json.object(row);
                })
                .toList();
    }

    /**
     * One JSON object a group, the one first whose oldest message has waited longest, and of equal ones that with the
     * larger backlog. A topic without groups whose messages nobody takes is a row with an empty group.
     */
    List<String> lags() {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Map<String, String> topic : topics) {
            String name = topic.getOrDefault("name", "");
            List<Map<String, String>> groups = groups(topic);
            for (Map<String, String> group : groups) {
                Map<String, String> row = new LinkedHashMap<>(Map.of("topic", name));
                row.put("group", group.getOrDefault("name", ""));
                row.putAll(pick(group, "backlog", "oldest", "ready", "leased", "waiting", "members"));
                row.putAll(pick(topic, "rate"));
                rows.add(row);
            }
            if (groups.isEmpty() && number(topic, "backlog") > 0) {
                Map<String, String> row = new LinkedHashMap<>(Map.of("topic", name));
                row.put("group", "");
                row.putAll(pick(topic, "backlog", "oldest", "rate"));
                rows.add(row);
            }
        }
        rows.sort(Comparator.<Map<String, String>>comparingLong(row -> waitsSince(row))
                .thenComparingLong(row -> -number(row, "backlog")));
        return rows.stream().map(Json::object).toList();
    }

    private static List<Map<String, String>> groups(Map<String, String> topic) {
        return Json.elements(topic.getOrDefault("groups", "[]")).stream()
                .map(Json::fields)
                .toList();
    }

    private static long waitsSince(Map<String, String> group) {
        long oldest = group.containsKey("oldest") ? number(group, "oldest") : -1;
        return oldest < 0 ? NEVER : oldest;
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "0"));
    }

    private static Map<String, String> pick(Map<String, String> from, String... names) {
        Map<String, String> picked = new LinkedHashMap<>();
        for (String name : names) {
            if (from.containsKey(name)) {
                picked.put(name, from.get(name));
            }
        }
        return picked;
    }
}

package dev.recado.config;

import dev.recado.base.SettingValues;
import dev.recado.transport.DeclaredListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules between settings, each of which is allowed on its own; where one is not, it is not judged by another. */
final class Consistency {

    private Consistency() {}

    /** Adds what is wrong to {@code problems}; {@code config} is made of {@code values}. */
    static void check(Config config, SettingValues values, List<String> problems) {
        if (!values.text("cluster.members").isEmpty()) {
            problems.add("cluster.members: cluster mode arrives with a later version: leave it empty");
        }
        problems.addAll(SecurityConfig.problems(values));
        notAbove(values, problems, "journal.file-bytes", "journal.checkpoint-bytes");
        notAbove(values, problems, "journal.checkpoint-bytes", "journal.hard-bound-bytes");
        notAbove(values, problems, TopicsConfig.MESSAGE_BYTES, "message.bytes-max");
        notAbove(values, problems, "groups.default.back-off-ms", "groups.default.back-off-max-ms");
        checkTopics(values, problems);
        config.transports().found().forEach(transport -> problems.addAll(transport.problems(values)));
        checkListeners(config.transports().enabledListeners(), values, problems);
        String id = values.text("node.id");
        for (int i = 0; i < id.length(); i++) {
            if (!isNameCharacter(id.charAt(i))) {
                problems.add("node.id: " + id + " is not allowed: letters, digits, '.', '_' and '-' only");
                break;
            }
        }
    }

    private static void checkTopics(SettingValues values, List<String> problems) {
        String partitions = "topics.default.partitions";
        if (values.isSound(partitions, "topics.default.kind")
                && values.text("topics.default.kind").equals("queue")
                && values.number(partitions) > 1) {
            problems.add(partitions + ": " + values.text(partitions)
                    + " is not allowed: topics.default.kind is queue, and a queue has one partition");
        }
    }

    /** Two listeners of one address would get its connections in turn. */
    private static void checkListeners(List<DeclaredListener> listeners, SettingValues values, List<String> problems) {
        Map<String, String> keys = new HashMap<>();
        for (DeclaredListener listener : listeners) {
            String key = listener.portKey();
            if (values.isSound(key, listener.hostKey()) && values.number(key) > 0) {
                String written = values.text(listener.hostKey());
                String host = written.equalsIgnoreCase("localhost") ? "127.0.0.1" : written;
                String other = keys.putIfAbsent(host + ":" + values.number(key), key);
                if (other != null) {
                    problems.add(key + ": " + values.text(key) + " is not allowed: " + other + " is the same");
                }
            }
        }
    }

    private static void notAbove(SettingValues values, List<String> problems, String smaller, String larger) {
        if (values.isSound(smaller, larger) && values.number(smaller) > values.number(larger)) {
            problems.add(smaller + ": " + values.text(smaller) + " is not allowed: at most " + larger + ", which is "
                    + values.text(larger));
        }
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}

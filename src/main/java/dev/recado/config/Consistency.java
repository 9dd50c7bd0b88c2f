package dev.recado.config;

import dev.recado.base.SettingValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules between settings, each of which is allowed on its own. */
final class Consistency {

    private Consistency() {}

    /**
     * Adds what is wrong to {@code problems}.
     *
     * @param refused keys whose own value is wrong: what they would be compared with is not judged by another value
     */
    static void check(SettingValues values, Set<String> refused, List<String> problems) {
        if (!values.text("cluster.members").isEmpty()) {
            problems.add("cluster.members: cluster mode arrives with a later version: leave it empty");
        }
        notAbove(values, refused, problems, "journal.file-bytes", "journal.checkpoint-bytes");
        notAbove(values, refused, problems, "journal.checkpoint-bytes", "journal.hard-bound-bytes");
        notAbove(values, refused, problems, TopicsConfig.MESSAGE_BYTES, "message.bytes-max");
        notAbove(values, refused, problems, "groups.default.back-off-ms", "groups.default.back-off-max-ms");
        checkTopics(values, refused, problems);
        checkListeners(values, refused, problems);
        String id = values.text("node.id");
        for (int i = 0; i < id.length(); i++) {
            if (!isNameCharacter(id.charAt(i))) {
                problems.add("node.id: " + id + " is not allowed: letters, digits, '.', '_' and '-' only");
                break;
            }
        }
    }

    private static void checkTopics(SettingValues values, Set<String> refused, List<String> problems) {
        String partitions = "topics.default.partitions";
        if (isSound(refused, partitions, "topics.default.kind")
                && values.text("topics.default.kind").equals("queue")
                && values.number(partitions) > 1) {
            problems.add(partitions + ": " + values.text(partitions)
                    + " is not allowed: topics.default.kind is queue, and a queue has one partition");
        }
        Map<String, String> keys = new HashMap<>();
        for (String key : values.flag("zmtp.enabled") ? ZmtpConfig.topicKeys() : List.<String>of()) {
            String other = isSound(refused, key) ? keys.putIfAbsent(values.text(key), key) : null;
            if (other != null) {
                problems.add(key + ": " + values.text(key) + " is not allowed: " + other
                        + " is the same, and each kind of ZeroMQ's sockets needs a topic of its own");
            }
        }
    }

    private static boolean isSound(Set<String> refused, String... keys) {
        return Arrays.stream(keys).noneMatch(refused::contains);
    }

    /** Two listeners of one address would get its connections in turn. */
    private static void checkListeners(SettingValues values, Set<String> refused, List<String> problems) {
        List<String> listeners = new ArrayList<>(List.of("text"));
        if (values.flag("zmtp.enabled")) {
            ZmtpConfig.ROLES.forEach(role -> listeners.add("zmtp." + role));
        }
        Map<String, String> keys = new HashMap<>();
        for (String listener : listeners) {
            String key = listener + ".port";
            if (isSound(refused, key, listener + ".host") && values.number(key) > 0) {
                String written = values.text(listener + ".host");
                String host = written.equalsIgnoreCase("localhost") ? "127.0.0.1" : written;
                String other = keys.putIfAbsent(host + ":" + values.number(key), key);
                if (other != null) {
                    problems.add(key + ": " + values.text(key) + " is not allowed: " + other + " is the same");
                }
            }
        }
    }

    private static void notAbove(
            SettingValues values, Set<String> refused, List<String> problems, String smaller, String larger) {
        if (refused.contains(smaller) || refused.contains(larger)) {
            return;
        }
        if (values.number(smaller) > values.number(larger)) {
            problems.add(smaller + ": " + values.text(smaller) + " is not allowed: at most " + larger + ", which is "
                    + values.text(larger));
        }
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}

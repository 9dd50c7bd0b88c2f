package dev.recado.config;

import java.util.List;

/** Rules between settings, each of which is allowed on its own. */
final class Consistency {

    private Consistency() {}

    /** Adds what is wrong to {@code problems}. */
    static void check(Values values, List<String> problems) {
        if (!values.text("cluster.members").isEmpty()) {
            problems.add("cluster.members: cluster mode arrives with a later version: leave it empty");
        }
        notAbove(values, problems, "journal.file-bytes", "journal.checkpoint-bytes");
        notAbove(values, problems, "journal.checkpoint-bytes", "journal.hard-bound-bytes");
        notAbove(values, problems, "topics.default.limit.message-bytes", "message.bytes-max");
        notAbove(values, problems, "groups.default.back-off-ms", "groups.default.back-off-max-ms");
        String id = values.text("node.id");
        for (int i = 0; i < id.length(); i++) {
            if (!isNameCharacter(id.charAt(i))) {
                problems.add("node.id: " + id + " is not allowed: letters, digits, '.', '_' and '-' only");
                break;
            }
        }
    }

    private static void notAbove(Values values, List<String> problems, String smaller, String larger) {
        if (values.number(smaller) > values.number(larger)) {
            problems.add(smaller + ": " + values.text(smaller) + " is not allowed: at most " + larger + ", which is "
                    + values.text(larger));
        }
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}

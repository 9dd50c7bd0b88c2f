package dev.recado.transport.zmtp;

import dev.recado.base.Names;
import dev.recado.base.Refusal;
import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import dev.recado.security.Identity;
import dev.recado.transport.DeclaredListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of ZMTP as the settings table has them, and the rules between them. */
final class ZmtpRows {

    static final String ENABLED = "zmtp.enabled";

    static final String CURVE_KEY = "zmtp.curve.key-file";
    static final String CURVE_CLIENTS = "zmtp.curve.clients-file";
    private static final String CURVE_RIGHTS = "zmtp.curve.rights";

    /** That of the first role; the others follow. */
    private static final int PORT = 5555;

    private static final List<String> PATTERNS = List.of("requests", "pubsub", "pipeline");

    private ZmtpRows() {}

    static List<Setting> all() {
        List<Setting> rows = new ArrayList<>();
        rows.add(Setting.flag(ENABLED, true, "Whether ZeroMQ programs may connect"));
        int port = PORT;
        for (Role role : Role.values()) {
            rows.addAll(
                    role.declared(true).addressRows(port++, "Address for " + peers(role), "Port for " + peers(role)));
        }
        rows.add(DeclaredListener.backlogRow(Role.TRANSPORT));
        rows.addAll(DeclaredListener.doorRows(Role.TRANSPORT));
        addTopic(rows, "requests", "memory", "Topic between `router` and `dealer`");
        addTopic(rows, "pubsub", "memory", "Topic between `xsub` and `xpub`");
        addTopic(rows, "pipeline", "fsync", "Topic between `pull` and `push`");
        addFlow(rows);
        rows.add(Setting.text(CURVE_KEY, "", 0, 4096, "Key file of the broker for CURVE; empty: no CURVE"));
        rows.add(Setting.text(CURVE_CLIENTS, "", 0, 4096, "Public keys of clients, one a line; empty: any client"));
        rows.add(Setting.text(
                CURVE_RIGHTS,
                "publish,consume",
                0,
                100,
                "What clients may do with every topic whose key is in that file and no user's"));
        return rows;
    }

    private static void addTopic(List<Setting> rows, String pattern, String durability, String description) {
        rows.add(Setting.text(topicKey(pattern), "zmtp." + pattern, 1, 250, description));
        rows.add(Setting.choice(
                durabilityKey(pattern),
                durability,
                List.of("fsync", "os", "memory"),
                "Durability of that topic where the broker makes it"));
    }

    /** Who those are whose key is listed and no user's; null where {@link #CURVE_RIGHTS} is malformed. */
    static @Nullable Identity listed(SettingValues values) {
        return Identity.listed(values.text(CURVE_RIGHTS));
    }

    static String topicKey(String pattern) {
        return "zmtp." + pattern + ".topic";
    }

    static String durabilityKey(String pattern) {
        return "zmtp." + pattern + ".durability";
    }

    private static void addFlow(List<Setting> rows) {
        rows.add(Setting.duration(
                "zmtp.heartbeat",
                10_000,
                0,
                3_600_000,
                "Silence after which a peer is pinged; 3 of its machine or 30 of it end it; 0 never"));
        rows.add(Setting.flag(
                "zmtp.router.take-over", true, "Whether a client with an identity in use ends the one that has it"));
        rows.add(Setting.integer("zmtp.dealer.credit", 8, 1, 65_535, "Requests that a worker may have unanswered"));
        rows.add(Setting.flag(
                "zmtp.dealer.redeliver", false, "Whether a REP worker's unanswered requests go to another if it dies"));
        rows.add(Setting.integer("zmtp.push.credit", 1000, 1, 32_768, "Messages under way to a puller's socket"));
        rows.add(Setting.integer(
                "zmtp.push.redeliver-window", 0, 0, 32_767, "Last messages of a puller to send again should it die"));
        rows.add(Setting.choice(
                "zmtp.xpub.overflow",
                "drop",
                List.of("drop", "block"),
                "What a slow subscriber's messages do once 8 MiB wait; `block` is for a second at most"));
        rows.add(Setting.integer(
                "zmtp.xpub.subscriptions-max", 10_000, 1, 100_000, "Prefixes that one subscriber may have"));
    }

    private static String peers(Role role) {
        return switch (role) {
            case ROUTER -> "REQ and DEALER clients";
            case DEALER -> "REP, DEALER and ROUTER workers";
            case XSUB -> "PUB and XPUB publishers";
            case XPUB -> "SUB and XSUB subscribers";
            case PULL -> "PUSH sockets";
            case PUSH -> "PULL sockets";
        };
    }

    /** Patterns that share a topic, which cannot work. */
    static List<String> problems(SettingValues values) {
        List<String> problems = new ArrayList<>();
        Map<String, String> keys = new HashMap<>();
        for (String pattern : values.flag(ENABLED) ? PATTERNS : List.<String>of()) {
            String key = topicKey(pattern);
            Refusal problem = values.isSound(key) ? Names.problem("topic", values.text(key)) : null;
            if (problem != null) {
                problems.add(key + ": " + Names.shown(values.text(key)) + " is not allowed: " + problem.detail());
            }
            String other = values.isSound(key) ? keys.putIfAbsent(values.text(key), key) : null;
            if (other != null) {
                problems.add(key + ": " + values.text(key) + " is not allowed: " + other
                        + " is the same, and each kind of ZeroMQ's sockets needs a topic of its own");
            }
        }
        if (values.isSound(CURVE_RIGHTS) && listed(values) == null) {
            problems.add(CURVE_RIGHTS + ": " + values.text(CURVE_RIGHTS) + " is not allowed: words with commas between,"
                    + " of publish, consume, browse, configure, monitor");
        }
        return problems;
    }
}

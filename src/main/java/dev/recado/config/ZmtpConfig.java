package dev.recado.config;

import dev.recado.base.Setting;
import dev.recado.base.SettingValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The listeners of ZMTP, ZeroMQ's protocol, one a role, and the topics behind them.
 *
 * @param enabled whether they are bound at all
 * @param addresses by role, one of {@link #ROLES}
 * @param requestsTopic behind {@code router} and {@code dealer}
 * @param pubsubTopic behind {@code xsub} and {@code xpub}
 * @param pipelineTopic behind {@code pull} and {@code push}
 * @param heartbeatMs how long a peer may be silent before it is asked for a sign of life; 0 never
 * @param takeOver whether a client that comes with an identity in use ends the one that has it
 * @param workerCredit requests that a worker may hold unanswered
 * @param redeliver whether the request of a REP worker that dies before it answered goes to another
 * @param pullerCredit messages on their way to a puller's socket
 * @param redeliverWindow messages of a puller that are sent again should its connection end
 * @param slowSubscriber {@code drop} or {@code block}
 * @param subscriptionsMax prefixes that one subscriber may have
 * @param curveKeyFile empty: no CURVE
 * @param curveClientsFile empty: any client's key
 */
public record ZmtpConfig(
        boolean enabled,
        Map<String, Address> addresses,
        int acceptBacklog,
        TopicRef requestsTopic,
        TopicRef pubsubTopic,
        TopicRef pipelineTopic,
        long heartbeatMs,
        boolean takeOver,
        int workerCredit,
        boolean redeliver,
        int pullerCredit,
        int redeliverWindow,
        String slowSubscriber,
        int subscriptionsMax,
        String curveKeyFile,
        String curveClientsFile) {

    /** The roles that a listener may have: named as the socket whose place it takes. */
    public static final List<String> ROLES = List.of("router", "dealer", "xsub", "xpub", "pull", "push");

    private static final int PORT_OF_FIRST_ROLE = 5555;

    /** Where a listener is bound; port 0 picks a free one. */
    public record Address(String host, int port) {}

    /** A topic and the durability with which it is made where it is missing. */
    public record TopicRef(String name, String durability) {}

    static ZmtpConfig of(SettingValues values) {
        Map<String, Address> addresses = new LinkedHashMap<>();
        for (String role : ROLES) {
            String key = "zmtp." + role;
            addresses.put(role, new Address(values.text(key + ".host"), values.integer(key + ".port")));
        }
        return new ZmtpConfig(
                values.flag("zmtp.enabled"),
                Map.copyOf(addresses),
                values.integer("zmtp.accept-backlog"),
                topic(values, "requests"),
                topic(values, "pubsub"),
                topic(values, "pipeline"),
                values.number("zmtp.heartbeat"),
                values.flag("zmtp.router.take-over"),
                values.integer("zmtp.dealer.credit"),
                values.flag("zmtp.dealer.redeliver"),
                values.integer("zmtp.push.credit"),
                values.integer("zmtp.push.redeliver-window"),
                values.text("zmtp.xpub.overflow"),
                values.integer("zmtp.xpub.subscriptions-max"),
                values.text("zmtp.curve.key-file"),
                values.text("zmtp.curve.clients-file"));
    }

    /** The settings that name topics. */
    static List<String> topicKeys() {
        return List.of("zmtp.requests.topic", "zmtp.pubsub.topic", "zmtp.pipeline.topic");
    }

    private static TopicRef topic(SettingValues values, String pattern) {
        return new TopicRef(values.text("zmtp." + pattern + ".topic"), values.text("zmtp." + pattern + ".durability"));
    }

    static void addSettings(List<Setting> rows) {
        rows.add(Setting.flag("zmtp.enabled", true, "Whether ZeroMQ programs may connect"));
        int port = PORT_OF_FIRST_ROLE;
        for (String role : ROLES) {
            rows.add(Setting.text("zmtp." + role + ".host", "127.0.0.1", 1, 255, "Address for " + peers(role)));
            rows.add(Setting.integer("zmtp." + role + ".port", port++, 0, 65_535, "Port for " + peers(role)));
        }
        rows.add(Setting.integer("zmtp.accept-backlog", 4096, 1, 65_535, "Connections that may wait to be accepted"));
        addTopic(rows, "requests", "memory", "Topic between `router` and `dealer`");
        addTopic(rows, "pubsub", "memory", "Topic between `xsub` and `xpub`");
        addTopic(rows, "pipeline", "fsync", "Topic between `pull` and `push`");
        addFlow(rows);
        rows.add(Setting.text("zmtp.curve.key-file", "", 0, 4096, "Key file of the broker for CURVE; empty: no CURVE"));
        rows.add(Setting.text(
                "zmtp.curve.clients-file", "", 0, 4096, "Public keys of clients, one a line; empty: any client"));
    }

    private static void addTopic(List<Setting> rows, String pattern, String durability, String description) {
        rows.add(Setting.text("zmtp." + pattern + ".topic", "zmtp." + pattern, 1, 250, description));
        rows.add(Setting.choice(
                "zmtp." + pattern + ".durability",
                durability,
                List.of("fsync", "os", "memory"),
                "Durability of that topic where the broker makes it"));
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

    private static String peers(String role) {
        return switch (role) {
            case "router" -> "REQ and DEALER clients";
            case "dealer" -> "REP, DEALER and ROUTER workers";
            case "xsub" -> "PUB and XPUB publishers";
            case "xpub" -> "SUB and XSUB subscribers";
            case "pull" -> "PUSH sockets";
            default -> "PULL sockets";
        };
    }
}

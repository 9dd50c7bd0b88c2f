package dev.recado.it;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conversations made from the table of methods: each with what it may be given, on what there may be. */
final class AmqpConversations {

    private static final String SECOND = "> 1 queue.declare q% passive";

    private static final String FILLED = """
            > 1 queue.declare q%
            > 1 confirm.select
            > 1 basic.publish '' q% : m1
            > 1 basic.publish '' q% : m2
            ? 1 confirm 2
            """;

    private final List<AmqpConversation> all = new ArrayList<>();

    private AmqpConversations() {}

    static List<AmqpConversation> all() {
        AmqpConversations made = new AmqpConversations();
        made.declareAgain();
        made.queueArguments();
        made.onQueues();
        made.exchangesAgain();
        made.onExchanges();
        made.settling();
        made.patterns();
        made.headers();
        made.expirations();
        made.misplaced();
        return made.all;
    }

    private void add(String name, String... lines) {
        List<String> said = new ArrayList<>();
        for (String line : lines) {
            line.lines().map(String::strip).filter(one -> !one.isEmpty()).forEach(said::add);
        }
        all.add(new AmqpConversation(name, said));
    }

    private void declareAgain() {
        String[] flags = {
            "",
            "durable",
            "auto-delete",
            "durable auto-delete",
            "exclusive",
            "durable exclusive",
            "exclusive auto-delete",
            "passive durable exclusive auto-delete"
        };
        for (String first : flags) {
            for (String then : flags) {
                if (!first.startsWith("passive")) {
                    add(
                            "queue '" + first + "' declared as '" + then + "'",
                            "> 1 queue.declare q% " + first,
                            "> 1 queue.declare q% " + then,
                            "> 1 channel.open");
                }
            }
            add(
                    "another's queue '" + first + "' declared",
                    "> 1 queue.declare q% " + first,
                    "b> 1 queue.declare q% " + first,
                    "b> 2 channel.open",
                    "b> 2 queue.declare q% passive");
        }
    }

    private void queueArguments() {
        String[] numbers = {"x-message-ttl", "x-expires", "x-max-length", "x-max-length-bytes"};
        String[] values = {
            "~b60", "~B60", "~s600", "~u600", "~I60000", "~i60000", "~l60000", "~L60000", "~f60000", "~d60000",
            "~D60000", "~S60000", "~T60000", "~V", "~t1", "0", "-1"
        };
        for (String name : numbers) {
            for (String value : values) {
                add("queue with " + name + "=" + value, "> 1 queue.declare q% " + name + "=" + value, SECOND);
            }
            String[][] pairs = {
                {"", "=60000"}, {"=60000", ""}, {"=60000", "=60001"}, {"=60000", "=~l60000"}, {"=60000", "=~d60000"}
            };
            for (String[] pair : pairs) {
                String first = pair[0].isEmpty() ? "" : name + pair[0];
                String then = pair[1].isEmpty() ? "" : name + pair[1];
                add(
                        "queue with '" + first + "' declared with '" + then + "'",
                        "> 1 queue.declare q% " + first,
                        "> 1 queue.declare q% " + then,
                        "> 1 channel.open");
            }
        }
        String[] words = {
            "x-overflow=drop-head",
            "x-overflow=reject-publish",
            "x-overflow=other",
            "x-overflow=5",
            "x-single-active-consumer=true",
            "x-single-active-consumer=5",
            "x-queue-type=classic",
            "x-queue-type=other",
            "x-queue-type=5",
            "x-queue-mode=lazy",
            "x-queue-mode=other",
            "x-unknown=5",
            "unknown=~V"
        };
        for (String word : words) {
            add("queue with " + word, "> 1 queue.declare q% durable " + word, "> 1 queue.declare q% passive");
            add(
                    "queue without " + word + " declared with it",
                    "> 1 queue.declare q% durable",
                    "> 1 queue.declare q% durable " + word,
                    "> 1 channel.open");
            add(
                    "queue with " + word + " declared without it",
                    "> 1 queue.declare q% durable " + word,
                    "> 1 queue.declare q% durable",
                    "> 1 channel.open");
        }
    }

    private void onQueues() {
        Map<String, String> states = new LinkedHashMap<>();
        states.put("missing", "> 2 channel.open");
        states.put("empty", "> 1 queue.declare q%");
        states.put("filled", FILLED);
        states.put("another's", "b> 1 queue.declare q% exclusive");
        states.put("consumed", "b> 1 queue.declare q%\nb> 1 basic.consume q% other");
        states.put("exclusively consumed", "b> 1 queue.declare q%\nb> 1 basic.consume q% other exclusive");
        String[] methods = {
            "queue.declare q% passive",
            "queue.bind q% amq.direct key",
            "queue.bind q% amq.topic a.#.b",
            "queue.unbind q% amq.direct key",
            "queue.purge q%",
            "queue.delete q%",
            "queue.delete q% if-unused",
            "queue.delete q% if-empty",
            "queue.delete q% if-unused if-empty",
            "basic.get q%",
            "basic.get q% no-ack",
            "basic.consume q% mine",
            "basic.consume q% mine exclusive",
            "queue.declare q% passive no-wait",
            "queue.purge q% no-wait",
            "queue.delete q% no-wait"
        };
        states.forEach((state, before) -> {
            for (String method : methods) {
                add(
                        method + " of what is " + state,
                        before,
                        "> 1 " + method,
                        "> 1 basic.qos",
                        wait(state, method),
                        "> 3 channel.open",
                        "> 3 queue.declare q% passive");
            }
        });
        for (String method : methods) {
            String nameless = method.replaceFirst("q%", "''");
            add(nameless + " with none declared", "> 1 " + nameless, "> 1 basic.qos", "> 1 channel.open");
            add(nameless + " with one declared", "> 1 queue.declare q%", "> 1 " + nameless, "> 1 basic.qos", SECOND);
        }
    }

    /** What comes by itself. */
    private static String wait(String state, String method) {
        if (state.equals("filled")) {
            return method.startsWith("basic.consume") ? "? 1 basic.deliver 2" : "";
        }
        boolean ends = method.startsWith("queue.delete") && !method.contains("if-unused");
        return state.endsWith("consumed") && ends ? "b? 1 basic.cancel 1" : "";
    }

    private void exchangesAgain() {
        String[] flags = {"", "durable", "auto-delete", "internal", "durable auto-delete internal"};
        for (String type : new String[] {"direct", "fanout", "topic", "headers", "nonesuch"}) {
            for (String first : flags) {
                add(
                        "exchange " + type + " '" + first + "'",
                        "> 1 exchange.declare x% " + type + " " + first,
                        "> 1 exchange.declare x% '' passive",
                        "> 1 exchange.declare x% " + type + " " + first,
                        "> 1 exchange.delete x%");
            }
        }
        for (String first : flags) {
            for (String then : flags) {
                add(
                        "exchange '" + first + "' declared as '" + then + "'",
                        "> 1 exchange.declare x% direct " + first,
                        "> 1 exchange.declare x% direct " + then,
                        "> 2 channel.open",
                        "> 2 exchange.delete x%");
            }
        }
        add(
                "exchange declared as another type",
                "> 1 exchange.declare x% direct",
                "> 1 exchange.declare x% topic",
                "> 1 channel.open",
                "> 1 exchange.declare x% nonesuch");
        String[] alternates = {"alternate-exchange=amq.fanout", "alternate-exchange=missing", "alternate-exchange=5"};
        for (String alternate : alternates) {
            add(
                    "exchange with " + alternate,
                    "> 1 exchange.declare x% direct " + alternate,
                    "> 1 exchange.declare x% direct " + alternate,
                    "> 1 exchange.declare x% direct",
                    "> 1 channel.open",
                    "> 1 exchange.declare x% direct alternate-exchange=amq.topic",
                    "> 1 channel.open");
        }
    }

    private void onExchanges() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("a missing exchange", "x%");
        names.put("an exchange", "y%");
        names.put("an internal exchange", "i%");
        names.put("the default exchange", "''");
        names.put("amq.direct", "amq.direct");
        names.put("amq.fanout", "amq.fanout");
        names.put("amq.missing", "amq.missing");
        String[] methods = {
            "exchange.declare NAME direct passive",
            "exchange.declare NAME '' passive durable",
            "exchange.declare NAME direct",
            "exchange.declare NAME direct durable",
            "exchange.declare NAME fanout durable no-wait",
            "exchange.delete NAME",
            "exchange.delete NAME if-unused",
            "exchange.delete NAME no-wait",
            "exchange.bind NAME target% key",
            "exchange.bind target% NAME key",
            "exchange.bind target% NAME key no-wait",
            "exchange.unbind NAME target% key",
            "exchange.unbind target% NAME key",
            "queue.bind q% NAME key",
            "queue.bind q% NAME key no-wait",
            "queue.unbind q% NAME key",
            "basic.publish NAME q% : hello",
            "basic.publish NAME q% mandatory : hello",
            "basic.publish NAME nowhere% mandatory : hello"
        };
        names.forEach((what, name) -> {
            for (String method : methods) {
                boolean answered = method.startsWith("basic.publish") && !isRefused(name);
                add(
                        method.replace("NAME", what),
                        "> 1 exchange.declare y% direct",
                        "> 1 exchange.declare i% direct internal",
                        "> 1 exchange.declare target% fanout",
                        "> 1 queue.declare q%",
                        "> 1 confirm.select",
                        "> 1 " + method.replace("NAME", name),
                        answered ? "? 1 confirm 1" : "",
                        "> 1 queue.declare q% passive",
                        "> 1 exchange.declare target% '' passive");
            }
        });
    }

    private static boolean isRefused(String name) {
        return name.equals("x%") || name.equals("i%") || name.equals("amq.missing");
    }

    private void settling() {
        String[] forms = {
            "basic.ack TAG",
            "basic.ack TAG multiple",
            "basic.nack TAG",
            "basic.nack TAG multiple",
            "basic.nack TAG requeue",
            "basic.nack TAG multiple requeue",
            "basic.reject TAG",
            "basic.reject TAG requeue"
        };
        for (String form : forms) {
            for (String tag : new String[] {"0", "1", "2", "3", "4"}) {
                String line = form.replace("TAG", tag);
                add(
                        line + " of three",
                        "> 1 queue.declare q%",
                        "> 1 basic.publish '' q% : m1",
                        "> 1 basic.publish '' q% : m2",
                        "> 1 basic.publish '' q% : m3",
                        "> 1 basic.get q%",
                        "> 1 basic.get q%",
                        "> 1 basic.get q%",
                        "> 1 " + line,
                        "> 1 basic.qos",
                        "> 2 channel.open",
                        "> 2 basic.get q%",
                        "> 2 basic.get q%",
                        "> 2 basic.get q%",
                        "> 2 queue.declare q% passive",
                        "> 1 channel.open",
                        "> 2 queue.purge q%");
            }
        }
    }

    private void patterns() {
        String[] patterns = {
            "", "#", "*", "a", "a.*", "*.a", "a.#", "#.a", "a.#.b", "#.#", "*.#", "#.*", "a..b", "*.*.*", "a.b.#"
        };
        String[] keys = {"''", "a", "b", "a.a", "a.b", "a.c.b", ".", "a.", ".a", "a..b", "a.b.c.d", "#", "*"};
        for (String pattern : patterns) {
            List<String> lines = new ArrayList<>(List.of(
                    "> 1 exchange.declare x% topic",
                    "> 1 queue.declare q%",
                    "> 1 queue.bind q% x% " + (pattern.isEmpty() ? "''" : pattern),
                    "> 1 confirm.select"));
            for (String key : keys) {
                lines.add("> 1 basic.publish x% " + key + " mandatory : " + key);
                lines.add("? 1 confirm 1");
            }
            lines.add(SECOND);
            add("topic pattern '" + pattern + "'", lines.toArray(new String[0]));
        }
    }

    private void headers() {
        String[] tables = {
            "", "x-match=all", "x-match=any", "x-match=other", "x-match=5", "n=5", "n=5 t=x",
            "x-match=any n=5 t=x", "n=~V", "n=~l5", "n=~d5", "n=~S5", "x-k=5", "x-match=all-with-x x-k=5",
            "x-match=any-with-x x-k=5 n=5", "f=true", "x-match=any f=true n=~b5"
        };
        String[] given = {
            "",
            "h.n=5",
            "h.n=~l5",
            "h.n=~b5",
            "h.n=~d5",
            "h.n=~S5",
            "h.n=6",
            "h.t=x",
            "h.n=5 h.t=x",
            "h.n=~V",
            "h.x-k=5",
            "h.f=true",
            "h.f=false"
        };
        for (String table : tables) {
            List<String> lines = new ArrayList<>(List.of(
                    "> 1 exchange.declare x% headers",
                    "> 1 queue.declare q%", "> 1 queue.bind q% x% '' " + table, "> 1 confirm.select"));
            for (String headers : given) {
                lines.add("> 1 basic.publish x% '' mandatory " + headers + " : m");
                lines.add("? 1 confirm 1");
            }
            lines.add(SECOND);
            add("headers '" + table + "'", lines.toArray(new String[0]));
        }
    }

    private void expirations() {
        String[] words = {
            "+60000",
            "060000",
            "99999999999",
            "''",
            "1.5",
            "-1",
            "x",
            "5x",
            "60000",
            "0",
            "4294967295",
            "4294967296",
            "0x5"
        };
        for (String word : words) {
            add(
                    "expiration '" + word + "'",
                    "> 1 queue.declare q%",
                    "> 1 basic.publish '' q% expiration=" + word + " : m",
                    "> 1 basic.get q%");
        }
    }

    private void misplaced() {
        String[] methods = {
            "channel.flow active",
            "channel.flow",
            "channel.close-ok",
            "exchange.declare x% direct",
            "exchange.delete x%",
            "exchange.bind x% y%",
            "exchange.unbind x% y%",
            "queue.declare q%",
            "queue.bind q% amq.direct",
            "queue.unbind q% amq.direct",
            "queue.purge q%",
            "queue.delete q%",
            "basic.qos 0 5",
            "basic.qos 1 5",
            "basic.consume q%",
            "basic.cancel tag",
            "basic.get q%",
            "basic.ack 1",
            "basic.reject 1",
            "basic.nack 1",
            "basic.recover requeue",
            "basic.recover",
            "basic.recover-async requeue",
            "basic.recover-async",
            "confirm.select",
            "tx.select",
            "tx.commit",
            "tx.rollback",
            "connection.open /",
            "connection.tune-ok 1 4096 0",
            "connection.start-ok",
            "connection.close-ok",
            "channel.open-ok",
            "queue.declare-ok",
            "basic.get-empty",
            "access.request"
        };
        for (String method : methods) {
            add(method + " on channel 0", "! send 0 " + method, "! ended");
            add(method + " on a channel that is not open", "! send 5 " + method, "! ended");
            add(method + " on a channel", "> 1 " + method, "> 1 queue.declare r%", "> 2 channel.open");
            add(
                    method + " on a channel that is being closed",
                    "! hold",
                    "> 1 queue.declare none% passive",
                    "! send 1 " + method,
                    "> 2 channel.open",
                    "> 2 queue.declare q%");
        }
    }
}

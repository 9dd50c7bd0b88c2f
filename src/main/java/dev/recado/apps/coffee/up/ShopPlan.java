package dev.recado.apps.coffee.up;

import dev.recado.apps.coffee.query.CoffeeQuery;
import dev.recado.apps.coffee.query.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which processes make up the shop, where they listen and with what arguments they run.
 *
 * @param data below it each node that keeps something has its folder
 * @param outside the address of the broker where another one is used, else null
 * @param counts how many of each kind
 * @param shared options that all nodes take
 * @param gateway options that the gateway takes
 * @param ports by the keys of {@link #portKeys}
 */
public record ShopPlan(
        Path data,
        @Nullable String outside,
        Counts counts,
        List<String> shared,
        List<String> gateway,
        Map<String, Integer> ports) {

    /**
     * How many processes.
     *
     * @param workers of each stage
     * @param aggregators of each query
     */
    public record Counts(int workers, int aggregators, int monitors) {}

    /**
     * A process that the monitors look after.
     *
     * @param kind what it has in common with others, for showing them together
     * @param health as in a file of nodes
     * @param heapMiB the largest heap
     * @param arguments of {@code recado}
     * @param environment what is not to be seen in a list of processes
     */
    record Node(
            String name,
            String kind,
            String health,
            int heapMiB,
            List<String> arguments,
            Map<String, String> environment) {}

    /** The broker's address, as {@code --amqp}. */
    private static final String AMQP_VARIABLE = "COFFEE_AMQP";

    static final String BROKER = "broker";
    static final String GATEWAY = "gateway";

    /** Keys of the ports file. */
    private static final String AMQP = "amqp";

    private static final String ADMIN = "admin";
    private static final String MONITOR = "monitor-";
    private static final String HEALTH = "health-";

    private static final int GATEWAY_PORT = 9_000;
    private static final int AMQP_PORT = 5_672;
    private static final int ADMIN_PORT = 8_080;
    private static final int FIRST_HEALTH_PORT = 8_888;
    private static final int LAST_MONITOR_PORT = 9_999;

    private static final int BROKER_HEAP_MIB = 256;
    private static final int GATEWAY_HEAP_MIB = 192;
    private static final int WORKER_HEAP_MIB = 64;
    private static final int AGGREGATOR_HEAP_MIB = 256;
    static final int MONITOR_HEAP_MIB = 32;

    /** The keys of all ports that are needed. */
    public static List<String> portKeys(Counts counts, boolean withBroker) {
        List<String> keys = new ArrayList<>(List.of(GATEWAY));
        if (withBroker) {
            keys.addAll(List.of(AMQP, ADMIN));
        }
        monitorIds(counts).forEach(id -> keys.add(monitor(id)));
        keys.add(health(GATEWAY));
        workerNames(counts).keySet().forEach(name -> keys.add(health(name)));
        aggregatorNames(counts).keySet().forEach(name -> keys.add(health(name)));
        return keys;
    }

    /** The ports of these keys that a shop has where nobody asks for free ones. */
    public static Map<String, Integer> usualPorts(Counts counts, List<String> keys) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        int health = FIRST_HEALTH_PORT;
        for (String key : keys) {
            ports.put(
                    key,
                    switch (key) {
                        case GATEWAY -> GATEWAY_PORT;
                        case AMQP -> AMQP_PORT;
                        case ADMIN -> ADMIN_PORT;
                        default ->
                            key.startsWith(MONITOR)
                                    ? LAST_MONITOR_PORT
                                            - counts.monitors()
                                            + Integer.parseInt(key.substring(MONITOR.length()))
                                    : health++;
                    });
        }
        return ports;
    }

    private static List<Integer> monitorIds(Counts counts) {
        return IntStream.rangeClosed(1, counts.monitors()).boxed().toList();
    }

    static String monitor(int id) {
        return MONITOR + id;
    }

    private static String health(String name) {
        return HEALTH + name;
    }

    private static Map<String, Stage> workerNames(Counts counts) {
        Map<String, Stage> names = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            for (int i = 1; i <= counts.workers(); i++) {
                names.put(stage.text() + "-" + i, stage);
            }
        }
        return names;
    }

    private record Share(CoffeeQuery query, int number) {}

    private static Map<String, Share> aggregatorNames(Counts counts) {
        Map<String, Share> names = new LinkedHashMap<>();
        for (CoffeeQuery query : CoffeeQuery.values()) {
            for (int i = 1; i <= counts.aggregators(); i++) {
                names.put(query.text() + "-" + i, new Share(query, i - 1));
            }
        }
        return names;
    }

    /** What others may want to connect to. */
    Map<String, Integer> toldPorts() {
        Map<String, Integer> told = new LinkedHashMap<>(ports);
        told.keySet().removeIf(key -> key.startsWith(HEALTH));
        return told;
    }

    private int port(String key) {
        Integer port = ports.get(key);
        if (port == null) {
            throw new IllegalArgumentException("no port for " + key);
        }
        return port;
    }

    /** Where clients connect. */
    int gatewayPort() {
        return port(GATEWAY);
    }

    /** The broker's address. */
    String amqp() {
        return outside != null ? outside : "amqp://guest:guest@127.0.0.1:" + port(AMQP);
    }

    /** The broker's address without user and password, for showing it. */
    String shownAmqp() {
        return amqp().replaceFirst("//[^/]*@", "//");
    }

    /** All but the monitors, in the order of their start: the broker first. */
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        if (outside == null) {
            nodes.add(new Node(BROKER, BROKER, "tcp://127.0.0.1:" + port(AMQP), BROKER_HEAP_MIB, broker(), Map.of()));
        }
        aggregatorNames(counts).forEach((name, share) -> {
            String query = share.query().text();
            List<String> own =
                    List.of("aggregator", query, "--share", Integer.toString(share.number()), "--state", folder(name));
            nodes.add(node(name, query, AGGREGATOR_HEAP_MIB, own));
        });
        workerNames(counts).forEach((name, stage) -> {
            List<String> own = List.of("worker", stage.text());
            nodes.add(node(name, stage.text(), WORKER_HEAP_MIB, own));
        });
        List<String> own = new ArrayList<>(
                List.of(GATEWAY, "--port", Integer.toString(gatewayPort()), "--state", folder(GATEWAY)));
        own.addAll(gateway);
        nodes.add(node(GATEWAY, GATEWAY, GATEWAY_HEAP_MIB, own));
        return nodes;
    }

    private String folder(String name) {
        return data.resolve(name).toString();
    }

    private Node node(String name, String kind, int heapMiB, List<String> own) {
        String health = Integer.toString(port(health(name)));
        List<String> arguments = new ArrayList<>(List.of("coffee"));
        arguments.addAll(own);
        arguments.addAll(shared);
        arguments.addAll(List.of("--health", health));
        Map<String, String> environment = Map.of(AMQP_VARIABLE, amqp());
        return new Node(name, kind, "127.0.0.1:" + health, heapMiB, List.copyOf(arguments), environment);
    }

    private List<String> broker() {
        return List.of(
                "broker",
                "--data",
                folder(BROKER),
                "--set",
                "amqp.port=" + port(AMQP),
                "--set",
                "text.port=" + port(ADMIN),
                "--set",
                "zmtp.enabled=false");
    }

    /** The arguments of each monitor, by its name. */
    Map<String, List<String>> monitors(Path nodesFile, Path statesFile) {
        String all = monitorIds(counts).stream()
                .map(id -> id + "=127.0.0.1:" + port(monitor(id)))
                .collect(Collectors.joining(","));
        Map<String, List<String>> monitors = new LinkedHashMap<>();
        for (int id : monitorIds(counts)) {
            monitors.put(
                    monitor(id),
                    List.of(
                            "monitor",
                            "--id",
                            Integer.toString(id),
                            "--monitors",
                            all,
                            "--nodes",
                            nodesFile.toString(),
                            "--states",
                            statesFile.toString()));
        }
        return monitors;
    }
}

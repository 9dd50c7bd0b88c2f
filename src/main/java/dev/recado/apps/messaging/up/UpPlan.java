package dev.recado.apps.messaging.up;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which parts run and with what arguments.
 *
 * @param outside the endpoints of the middleware where another one than Recado is used, else null
 * @param ports by key: {@code ref}, {@code server-1} and so on, and {@code frontend}, {@code backend}, {@code xsub},
 *     {@code xpub}, {@code text} of the broker
 */
public record UpPlan(
        Path data,
        int servers,
        int bots,
        String botInterval,
        @Nullable Middleware outside,
        Map<String, Integer> ports) {

    /** Where the middleware is. */
    public record Middleware(String frontend, String backend, String xsub, String xpub) {}

    /** The name under which the broker runs. */
    static final String BROKER = "broker";

    private static final String SERVER = "server-";

    private static final int REF_PORT = 5_570;
    /** The other three of the middleware follow it. */
    private static final int FRONTEND_PORT = 5_555;

    private static final int TEXT_PORT = 8_080;

    /** What the names of bots begin with. */
    static final String BOT = "bot-";

    /** The keys of all ports that are needed. */
    public static List<String> portKeys(int servers, boolean withBroker) {
        List<String> keys = new ArrayList<>(List.of("ref"));
        for (int i = 1; i <= servers; i++) {
            keys.add(SERVER + i);
        }
        if (withBroker) {
            keys.addAll(List.of("frontend", "backend", "xsub", "xpub", "text"));
        }
        return keys;
    }

    /** The ports of these keys where nobody asks for free ones: those that clients and parts have by default. */
    public static Map<String, Integer> usualPorts(List<String> keys) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (String key : keys) {
            ports.put(
                    key,
                    switch (key) {
                        case "ref" -> REF_PORT;
                        case "frontend" -> FRONTEND_PORT;
                        case "backend" -> FRONTEND_PORT + 1;
                        case "xsub" -> FRONTEND_PORT + 2;
                        case "xpub" -> FRONTEND_PORT + 3;
                        case "text" -> TEXT_PORT;
                        default -> REF_PORT + Integer.parseInt(key.substring(SERVER.length()));
                    });
        }
        return ports;
    }

    private String at(String key) {
        return "tcp://127.0.0.1:" + ports.get(key);
    }

    private Middleware middleware() {
        return outside != null ? outside : new Middleware(at("frontend"), at("backend"), at("xsub"), at("xpub"));
    }

    /** What a client has to be told. */
    List<String> join() {
        return List.of(
                "--frontend", middleware().frontend(), "--xpub", middleware().xpub());
    }

    /** The arguments of each part, in the order of their start. */
    Map<String, List<String>> parts() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        if (outside == null) {
            parts.put(BROKER, broker());
        }
        parts.put(
                "ref",
                messaging(
                        "ref",
                        "--bind",
                        at("ref"),
                        "--data",
                        data.resolve("ref").toString()));
        for (int i = 1; i <= servers; i++) {
            String name = SERVER + i;
            parts.put(name, server(name));
        }
        for (int i = 1; i <= bots; i++) {
            String name = BOT + i;
            parts.put(
                    name,
                    messaging(
                            "bot",
                            "--user",
                            name,
                            "--interval",
                            botInterval,
                            "--frontend",
                            middleware().frontend(),
                            "--xpub",
                            middleware().xpub()));
        }
        return parts;
    }

    private List<String> server(String name) {
        return messaging(
                "server",
                "--name",
                name,
                "--bind",
                at(name),
                "--ref",
                at("ref"),
                "--backend",
                middleware().backend(),
                "--xsub",
                middleware().xsub(),
                "--xpub",
                middleware().xpub(),
                "--data",
                data.resolve(name).toString());
    }

    private List<String> broker() {
        List<String> arguments =
                new ArrayList<>(List.of("broker", "--data", data.resolve(BROKER).toString()));
        set(arguments, "text.port", "text");
        set(arguments, "zmtp.router.port", "frontend");
        set(arguments, "zmtp.dealer.port", "backend");
        set(arguments, "zmtp.xsub.port", "xsub");
        set(arguments, "zmtp.xpub.port", "xpub");
        arguments.addAll(
                List.of("--set", "zmtp.pull.port=0", "--set", "zmtp.push.port=0", "--set", "amqp.enabled=false"));
        return arguments;
    }

    private void set(List<String> arguments, String setting, String key) {
        arguments.add("--set");
        arguments.add(setting + "=" + ports.get(key));
    }

    private static List<String> messaging(String... arguments) {
        List<String> all = new ArrayList<>(List.of("messaging"));
        all.addAll(List.of(arguments));
        return all;
    }
}

package dev.recado.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One broker in a process of its own, started from the shaded JAR and ready when {@link Plan#start} returns. */
final class BrokerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("recado ready in (\\d+) ms");
    private static final List<String> ZMTP_ROLES = List.of("router", "dealer", "xsub", "xpub", "pull", "push");
    private static final Path WITHOUT_IO_URING =
            Path.of("src", "test", "resources", "python", "no_io_uring.py").toAbsolutePath();
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Plan plan;
    private final JarProcess process;
    private final JsonNode ports;
    private final long startMs;

    private BrokerProcess(Plan plan, JarProcess process, JsonNode ports, long startMs) {
        this.plan = plan;
        this.process = process;
        this.ports = ports;
        this.startMs = startMs;
    }

    /** A broker that keeps its data in {@code data} below {@code work}. */
    static Plan in(Path work) {
        return new Plan(work);
    }

    /** How a broker is started; may be started again and again, on the same data. */
    static final class Plan {
        private final Path work;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<String> jvmArguments = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private List<String> prefix = List.of();
        private Path data;
        private int heapMiB = 512;
        private boolean freePorts = true;

        private Plan(Path work) {
            this.work = work;
            this.data = work.resolve("data");
        }

        Plan data(Path directory) {
            data = directory;
            return this;
        }

        Plan heapMiB(int mebibytes) {
            heapMiB = mebibytes;
            return this;
        }

        Plan set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** Text on this port at every start, for clients that find the broker again by its address. */
        Plan textPort(int port) {
            freePorts = false;
            ZMTP_ROLES.forEach(role -> set("zmtp." + role + ".port", "0"));
            set("amqp.port", "0");
            return set("text.port", Integer.toString(port));
        }

        /** AMQP on this port at every start, and the other listeners on any. */
        Plan amqpPort(int port) {
            return textPort(0).set("amqp.port", Integer.toString(port));
        }

        /** The ZMTP listeners on ports that are free now, and on the same ones at every start. */
        Plan zmtpPorts() throws IOException {
            List<Integer> ports = Ports.freeBelowEphemeral(ZMTP_ROLES.size() + 1);
            textPort(ports.get(ZMTP_ROLES.size()));
            for (int i = 0; i < ZMTP_ROLES.size(); i++) {
                set("zmtp." + ZMTP_ROLES.get(i) + ".port", Integer.toString(ports.get(i)));
            }
            return this;
        }

        /** What the process may have open, sockets and files together. */
        Plan openFiles(int max) {
            prefix = List.of("sh", "-c", "ulimit -n " + max + " && exec \"$@\"", "sh");
            return this;
        }

        /** In a process that io_uring is refused to, as in many containers; needs Python. */
        Plan withoutIoUring() {
            prefix = List.of("python3", WITHOUT_IO_URING.toString());
            return this;
        }

        Plan argument(String argument) {
            arguments.add(argument);
            return this;
        }

        /** An argument of the JVM itself. */
        Plan jvmArgument(String argument) {
            jvmArguments.add(argument);
            return this;
        }

        /** Sets a variable of the process's environment; an empty value takes it away again. */
        Plan environment(String name, String value) {
            if (value.isEmpty()) {
                environment.remove(name);
            } else {
                environment.put(name, value);
            }
            return this;
        }

        Path data() {
            return data;
        }

        Path portsFile() {
            return work.resolve("ports.json");
        }

        /** Starts the process and returns without waiting for the ready line. */
        JarProcess launch() throws IOException {
            Files.createDirectories(work);
            Files.deleteIfExists(portsFile());
            List<String> args = new ArrayList<>(List.of("broker"));
            args.addAll(arguments);
            args.addAll(List.of(
                    "--data", data.toString(), "--ports-file", portsFile().toString()));
            if (freePorts) {
                args.add("--free-ports");
            }
            settings.forEach((key, value) -> args.addAll(List.of("--set", key + "=" + value)));
            List<String> jvmArgs = new ArrayList<>(List.of("-Xmx" + heapMiB + "m"));
            jvmArgs.addAll(jvmArguments);
            return JarProcess.start(work, prefix, jvmArgs, null, args, environment);
        }

        /** Starts the process and waits for the ready line and the ports file. */
        BrokerProcess start() throws IOException {
            long begin = System.nanoTime();
            JarProcess process = launch();
            try {
                Waiting.until(
                        "ready line, or an end with an error",
                        START_LIMIT,
                        () -> !process.isAlive() || isReady(process));
                long startMs = (System.nanoTime() - begin) / 1_000_000;
                if (!isReady(process)) {
                    throw new AssertionError("broker ended before it was ready: " + process.report());
                }
                Waiting.until("ports file", START_LIMIT, () -> Files.exists(portsFile()));
                JsonNode ports = new ObjectMapper().readTree(portsFile().toFile());
                return new BrokerProcess(this, process, ports, startMs);
            } catch (Throwable failure) {
                process.close();
                throw failure;
            }
        }

        private static boolean isReady(JarProcess process) {
            return READY.matcher(process.out()).find();
        }
    }

    int textPort() {
        return port("text");
    }

    /** The port of a listener, by its key in the ports file. */
    int port(String listener) {
        JsonNode node = ports.get(listener);
        if (node == null || !node.isInt()) {
            throw new AssertionError("no port of " + listener + " in " + ports);
        }
        return node.asInt();
    }

    /** Whether a listener of this key runs. */
    boolean hasPort(String listener) {
        return ports.has(listener);
    }

    /** The address for {@code --broker}. */
    String address() {
        return "127.0.0.1:" + textPort();
    }

    TextConnection connect() throws IOException {
        return TextConnection.open(textPort());
    }

    /** From the start of the process until its ready line was seen, in milliseconds. */
    long startMs() {
        return startMs;
    }

    /** What the ready line itself says, in milliseconds. */
    long readyLineMs() {
        Matcher matcher = READY.matcher(process.out());
        if (!matcher.find()) {
            throw new AssertionError("no ready line: " + process.report());
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Starts the same plan again; the process must have ended. */
    BrokerProcess again() throws IOException {
        if (process.isAlive()) {
            throw new AssertionError("the broker still runs");
        }
        return plan.start();
    }

    JarProcess process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void killNine() {
        process.killNine();
    }

    /** SIGTERM, then the exit code. */
    int terminate() {
        process.terminate();
        return process.exitCode(Duration.ofSeconds(15));
    }

    @Override
    public void close() {
        process.close();
    }
}

package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.cli.RecadoCli;
import dev.recado.cli.Terminal;
import dev.recado.client.BrokerAddress;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Uses what a broker, or what its commands use, so that the JVM has their classes loaded when it ends and writes its
 * archive. The data directory is one of its own, which it removes; the ports are free ones on loopback.
 */
final class Training {

    /** For whom; each has an archive of its own, since all of one stays resident. */
    enum Kind {
        broker,
        command,
        /** The broker that the commands are tried on, in a process that ends with its input. */
        served
    }

    private static final long END_S_MAX = 60;
    private static final List<String> COMMANDS = List.of(
            "ping",
            "stats",
            "topic list",
            "topic describe training",
            "group list training",
            "exchange list",
            "message browse training",
            "consumer --topic training --group training --count 2");

    private Training() {}

    /** Answers an {@link ExitCode}. */
    static int run(Kind kind, Path jar) throws Exception {
        // Nobody watches it: whatever hangs, it does not stay.
        CompletableFuture.delayedExecutor(2 * END_S_MAX, TimeUnit.SECONDS)
                .execute(() -> Runtime.getRuntime().halt(ExitCode.FAILED));
        return kind == Kind.command ? runCommands(jar) : runBroker(kind == Kind.served);
    }

    private static int runBroker(boolean served) throws Exception {
        Path data = Files.createTempDirectory("recado-training");
        StopSwitch stopSwitch = new StopSwitch(() -> {});
        CompletableFuture<Integer> ready = new CompletableFuture<>();
        PrintStream announced = new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void println(Object line) {
                ready.complete(ExitCode.DONE);
            }
        };
        Path ports = data.resolve("ports.json");
        Launch launch = new Launch(config(data), ports, null);
        BrokerProcess broker = new BrokerProcess(Wiring.broker(), stopSwitch, announced, nowhere());
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> ended.complete(broker.run(launch)), "training-broker");
        thread.setDaemon(true);
        thread.start();
        try {
            CompletableFuture.anyOf(ready, ended).get(END_S_MAX, TimeUnit.SECONDS);
            if (served && ready.isDone()) {
                System.out.println(Files.readString(ports)
                        .replaceFirst("(?s).*\"" + BrokerAddress.LISTENER + "\": ([0-9]+).*", "$1"));
                System.in.transferTo(OutputStream.nullOutputStream());
            }
            stopSwitch.request();
            return ended.get(END_S_MAX, TimeUnit.SECONDS);
        } finally {
            try (Stream<Path> walk = Files.walk(data)) {
                for (Path path : (Iterable<Path>) walk.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }

    private static int runCommands(Path jar) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process broker = new ProcessBuilder(java, "-jar", jar.toString(), "launcher", "--train", Kind.served.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int failures;
        try (BufferedReader told = broker.inputReader(StandardCharsets.UTF_8);
                OutputStream lifeline = broker.getOutputStream()) {
            String port = told.readLine();
            failures = port == null ? 1 : runCommands(port);
            lifeline.flush();
        }
        return failures + broker.waitFor();
    }

    private static int runCommands(String port) {
        int failures = execute("producer --topic training", port, "one\ntwo\n");
        for (String command : COMMANDS) {
            failures += execute(command, port, "");
        }
        return failures;
    }

    private static int execute(String command, String port, String input) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        Terminal terminal = new Terminal(in, OutputStream.nullOutputStream(), nowhere(), false, action -> {});
        String[] words = (command + " --broker 127.0.0.1:" + port).split(" ");
        return Commands.addTo(RecadoCli.commandLine(terminal)).execute(words);
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream());
    }

    private static Config config(Path data) throws ConfigException {
        return new ConfigLoader()
                .freePorts()
                .set("node.data", data.resolve("data").toString())
                .set("log.console-level", "off")
                .set("disk.free-min", "0")
                .load();
    }
}

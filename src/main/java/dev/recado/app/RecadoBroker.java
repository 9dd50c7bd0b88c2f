package dev.recado.app;

import dev.recado.client.BrokerAddress;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import dev.recado.journal.DamagedException;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A broker in this process, for tests of programs that use one: on free ports of this machine, with its data in a
 * directory of its own, which {@link #close} deletes. As many at once as there is memory for. It logs where SLF4J leads
 * it. Any thread, one at a time.
 *
 * <p>It is a whole broker: where its memory is exhausted or a bug has left its state unsound it ends the process, so it
 * is not for programs that are to outlive it.
 */
public final class RecadoBroker implements AutoCloseable {

    private static final long START_MS_MAX = 30_000;

    private final Path folder;
    private final DataDirectory directory;
    private final BrokerNode node;
    private List<BoundAddress> listeners = List.of();
    private boolean closed;

    private RecadoBroker(Path folder, Config config) throws IOException {
        this.folder = folder;
        Disk disk = new NioDisk(folder);
        directory = DataDirectory.open(disk, null, null, UUID::randomUUID);
        node = new RecadoNode(new Launch(config, null, null), disk, directory);
    }

    /** Starts one with the default settings; returns once it takes work. */
    public static RecadoBroker start() throws IOException {
        return start(Map.of());
    }

    /**
     * Starts one; returns once it takes work.
     *
     * @param settings by key, as {@code --set} takes them; a port is 0, any that is free, unless one is set
     * @throws IllegalArgumentException where a setting is unknown or its value not allowed
     * @throws IOException where it cannot start within 30 s, for want of space say; nothing is left of it
     */
    public static RecadoBroker start(Map<String, String> settings) throws IOException {
        Path folder = Files.createTempDirectory("recado-");
        try {
            RecadoBroker broker = new RecadoBroker(folder, config(folder, settings));
            broker.begin();
            return broker;
        } catch (IOException | StorageException | DamagedException e) {
            delete(folder);
            throw e;
        } catch (ConfigException e) {
            delete(folder);
            throw new IllegalArgumentException(String.join("; ", e.problems()), e);
        }
    }

    private static Config config(Path folder, Map<String, String> settings) throws ConfigException {
        ConfigLoader loader = new ConfigLoader().freePorts();
        settings.forEach(loader::set);
        return loader.set("node.data", folder.toString()).load();
    }

    private void begin() throws IOException {
        try {
            listeners = await(node.start(), START_MS_MAX);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Where it listens for the text protocol, as {@code ClientOptions.of} and {@code --broker} take it. */
    public String address() {
        return "127.0.0.1:" + port(BrokerAddress.LISTENER);
    }

    /**
     * The port of a listener, by its name in the file of ports, as in {@code text}, {@code zmtp-router} or {@code
     * zmtp-pull}.
     *
     * @throws IllegalArgumentException where there is none of that name
     */
    public int port(String listener) {
        return listeners.stream()
                .filter(bound -> bound.name().equals(listener))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + listener + " in " + listeners))
                .port();
    }

    /** Stops it in order, at most 10 s, and deletes its data. Does nothing the second time. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            await(node.stop(), BrokerProcess.STOP_MS_MAX);
        } finally {
            directory.close();
            delete(folder);
        }
    }

    static <T> T await(CompletionStage<T> stage, long limitMs) throws IOException {
        try {
            return stage.toCompletableFuture().get(limitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("not done within " + limitMs + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package dev.recado.app;

import dev.recado.cli.StoppedBroker;
import dev.recado.client.BrokerAddress;
import dev.recado.client.ClientOptions;
import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
import dev.recado.config.SettingTable;
import dev.recado.journal.DataDirectory;
import dev.recado.journal.Disk;
import dev.recado.journal.NioDisk;
import dev.recado.security.OneLogin;
import dev.recado.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A broker on somebody's data directory for as long as one command takes: it listens on one free port of this machine
 * and lets in nobody but who holds the secret that it was made with. What the command asks for is done as a broker
 * does it, and is on disk when it is answered.
 */
final class DirectoryBroker implements StoppedBroker {

    private static final long START_MS_MAX = 300_000;

    private final DataDirectory directory;
    private final BrokerNode node;
    private final String secret;
    private final List<BoundAddress> listeners;

    private DirectoryBroker(DataDirectory directory, BrokerNode node, String secret, List<BoundAddress> listeners) {
        this.directory = directory;
        this.node = node;
        this.secret = secret;
        this.listeners = listeners;
    }

    /** Starts one; the directory is locked until it is closed. */
    static StoppedBroker open(Path data, @Nullable Path settings) throws IOException, ConfigException, UsageException {
        Config config = config(data, settings);
        String unfit = FileFailure.unfit(data);
        if (unfit != null) {
            throw new UsageException(unfit);
        }
        Files.createDirectories(data);
        Disk disk = new NioDisk(data);
        DataDirectory directory = DataDirectory.open(disk, config.node().id(), null, UUID::randomUUID);
        String secret = OneLogin.secret();
        BrokerNode node = new RecadoNode(new Launch(config, null, null), disk, directory, secret);
        try {
            return new DirectoryBroker(directory, node, secret, await(node.start(), START_MS_MAX));
        } catch (IOException e) {
            try {
                await(node.stop(), BrokerProcess.STOP_MS_MAX);
            } finally {
                directory.close();
            }
            throw e;
        }
    }

    private static Config config(Path data, @Nullable Path settings) throws ConfigException {
        ConfigLoader loader = new ConfigLoader().file(settings).environment(System.getenv());
        SettingTable table = SettingTable.ofProgram();
        for (Transport transport : table.transports()) {
            if (table.find(transport.name() + ".enabled") != null) {
                loader.set(transport.name() + ".enabled", "false");
            }
        }
        String listener = BrokerAddress.LISTENER;
        for (String key : List.of(".tls.certificate", ".tls.key", ".tls.client-ca")) {
            loader.set(listener + key, "");
        }
        return loader.set(listener + ".host", "127.0.0.1")
                .set(listener + ".port", "0")
                .set("security.first-admin.name", "")
                .set("security.first-admin.password-file", "")
                .set("node.data", data.toString())
                .load();
    }

    @Override
    public ClientOptions client() {
        int port = listeners.stream()
                .filter(bound -> bound.name().equals(BrokerAddress.LISTENER))
                .findFirst()
                .orElseThrow()
                .port();
        return ClientOptions.of("127.0.0.1:" + port)
                .login(OneLogin.USER, secret)
                .closeTimeoutMs(1_000);
    }

    @Override
    public void close() throws IOException {
        try {
            await(node.stop(), BrokerProcess.STOP_MS_MAX);
        } finally {
            directory.close();
        }
    }

    private static <T> T await(CompletionStage<T> stage, long limitMs) throws IOException {
        return RecadoBroker.await(stage, limitMs);
    }
}

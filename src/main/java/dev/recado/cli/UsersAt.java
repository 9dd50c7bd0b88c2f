package dev.recado.cli;

import dev.recado.client.RecadoClient;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the users are that a command works on: at a running broker, or in the directory of a stopped one. */
public final class UsersAt {

    private static final long ANSWER_SECONDS = 60;

    @Mixin
    BrokerOptions broker = new BrokerOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Work on the data directory of a stopped broker; needs no login.")
    @Nullable
    Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "With --data, the broker's settings in YAML, where it has any.")
    @Nullable
    Path config;

    /** Asks one thing and waits for the answer. */
    <T> T ask(StoppedBroker.Opener opener, BrokerOptions.Work<T> work) throws Exception {
        if (data == null) {
            if (config != null) {
                throw new IllegalArgumentException("--config goes with --data; a running broker has read its own");
            }
            return broker.ask(work);
        }
        try (StoppedBroker stopped = opener.open(data, config);
                RecadoClient client = RecadoClient.connect(stopped.client())) {
            return work.with(client).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw RecadoClient.unwrap(e);
        }
    }
}

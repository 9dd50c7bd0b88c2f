package dev.recado.cli;

import dev.recado.cli.option.DurationConverter;
import dev.recado.client.BrokerAddress;
import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which broker a command talks to; mixed into every command that does. */
public final class BrokerOptions {

    private static final long ANSWER_SECONDS = 60;
    private static final long CLOSE_MS = 1_000;

    /** Checks the form of a broker list, so that a wrong one is wrong usage. */
    static final class BrokerList implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            try {
                return BrokerAddress.parseList(value).isEmpty() ? "" : value;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Option(
            names = "--broker",
            paramLabel = "HOST[:PORT][,...]",
            defaultValue = "${env:RECADO_BROKER:-127.0.0.1:8080}",
            converter = BrokerList.class,
            description = "Brokers to try in turn; a PORT that is left out is 8080 (default: the environment variable"
                    + " RECADO_BROKER, now ${DEFAULT-VALUE}).")
    String brokers = "127.0.0.1:8080";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = "${env:RECADO_NAMESPACE:-/}",
            description = "Namespace of the topics and exchanges that are named, a virtual host of AMQP (default: the"
                    + " environment variable RECADO_NAMESPACE, now ${DEFAULT-VALUE}).")
    String namespace = "/";

    @Option(
            names = "--connect-wait",
            paramLabel = "TIME",
            defaultValue = "0",
            converter = DurationConverter.class,
            description = "Go on trying to reach a broker for so long at first, such as 10s (default: try each once).")
    long connectWaitMs;

    @Mixin
    LoginOptions login = new LoginOptions();

    @Mixin
    TlsOptions tls = new TlsOptions();

    /** Options for a client of these brokers. */
    public ClientOptions client() {
        return tls.addTo(login.addTo(ClientOptions.of(brokers)
                .name("recado-cli")
                .namespace(namespace)
                .firstConnectWaitMs(connectWaitMs)));
    }

    /** What is done with a connected client. */
    interface Work<T> {
        CompletableFuture<T> with(RecadoClient client);
    }

    /** Connects and does something that waits for its answers itself. */
    <T> T with(Function<RecadoClient, T> work) {
        try (RecadoClient client = RecadoClient.connect(client().closeTimeoutMs(CLOSE_MS))) {
            return work.apply(client);
        }
    }

    /** Connects, asks one thing, waits for the answer. */
    <T> T ask(Work<T> work) throws ExecutionException, InterruptedException {
        try (RecadoClient client = RecadoClient.connect(client().closeTimeoutMs(CLOSE_MS))) {
            return work.with(client).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String text = "no answer within " + ANSWER_SECONDS + " s; whether it was done cannot be told";
            throw new RecadoException(RecadoException.Kind.CONNECTION_LOST, text, e);
        }
    }
}

package dev.recado.apps.messaging;

import dev.recado.apps.EndpointConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where clients find the broker, mixed into their commands. */
@Command
final class ClientEndpoints {

    @Option(
            names = "--frontend",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.FRONTEND,
            converter = EndpointConverter.class,
            description = "Where the broker takes requests, a ROUTER (default: ${DEFAULT-VALUE}).")
    String frontend = "";

    @Option(
            names = "--xpub",
            paramLabel = "ENDPOINT",
            defaultValue = MessagingCommand.XPUB,
            converter = EndpointConverter.class,
            description = "Where subscribers connect (default: ${DEFAULT-VALUE}).")
    String xpub = "";

    void check(MessagingOptions options) {
        options.check(
                !frontend.equals(EndpointConverter.NONE) && !xpub.equals(EndpointConverter.NONE),
                "--frontend and --xpub need endpoints");
    }
}

package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.client.BrokerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado tls …}. */
@Command(
        name = "tls",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes certificates for a first try of TLS.")
final class TlsCommand {

    private static final int DAYS_MAX = 3_650;

    @Mixin
    Console console = new Console();

    @Command(
            name = "self-signed",
            mixinStandardHelpOptions = true,
            description = "Makes a private key and a certificate that it has signed itself. Clients trust it once the"
                    + " certificate is given to them, by --trust say.")
    int selfSigned(
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "DIR",
                            description = "Where certificate.pem and key.pem are written; neither may be there.")
                    Path directory,
            @Option(
                            names = "--host",
                            paramLabel = "NAME",
                            description = "Name or address by which clients reach the broker; may be given several"
                                    + " times (default: localhost, 127.0.0.1 and ::1).")
                    List<String> hosts,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "365",
                            description = "How long it is valid (default: ${DEFAULT-VALUE}).")
                    int days)
            throws UsageException, IOException {
        if (days < 1 || days > DAYS_MAX) {
            throw new UsageException("--days must be from 1 to " + DAYS_MAX);
        }
        SelfSigned made = SelfSigned.make(directory, hosts == null ? SelfSigned.THIS_MACHINE : hosts, days);
        console.out().println("certificate " + made.certificate() + " for " + String.join(", ", made.hosts()));
        console.out().println("key         " + made.key());
        console.out().println();
        String tls = " --set " + BrokerAddress.LISTENER + ".tls.";
        console.out().println("recado broker" + tls + "certificate=" + made.certificate() + tls + "key=" + made.key());
        console.out().println("recado ping --broker " + made.hosts().get(0) + " --trust " + made.certificate());
        return ExitCode.DONE;
    }
}

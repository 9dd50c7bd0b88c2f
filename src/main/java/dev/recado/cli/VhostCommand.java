package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado vhost …}. */
@Command(
        name = "vhost",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes, lists and removes namespaces, which AMQP calls virtual hosts: topics and exchanges of one"
                + " are not seen in another.")
final class VhostCommand {

    private final Terminal terminal;

    VhostCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "add",
            aliases = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a namespace; one that is there stays.")
    int add(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Parameters(paramLabel = "NAME") String name)
            throws Exception {
        broker.ask(client -> client.admin().createNamespace(name));
        done(output, "added", name);
        return ExitCode.DONE;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the namespaces and what is in them.")
    int list(@Mixin BrokerOptions broker, @Mixin OutputOptions output) throws Exception {
        List<String> namespaces = broker.ask(client -> client.admin().listNamespaces());
        output.print(
                terminal,
                namespaces,
                new Table.Column("name", "NAMESPACE", name -> name),
                new Table.Column("topics"),
                new Table.Column("exchanges"));
        return ExitCode.DONE;
    }

    @Command(
            name = "remove",
            aliases = "delete",
            mixinStandardHelpOptions = true,
            description = "Removes a namespace with its exchanges; one with topics only where these are to go too.")
    int remove(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Option(names = "--with-topics", description = "Deletes its topics with all their messages.")
                    boolean withTopics,
            @Parameters(paramLabel = "NAME") String name)
            throws Exception {
        try {
            broker.ask(client -> client.admin().deleteNamespace(name, withTopics));
        } catch (ExecutionException e) {
            throw withTopics ? e : whatToDo(RecadoClient.unwrap(e));
        }
        done(output, "removed", name);
        return ExitCode.DONE;
    }

    private static RecadoException whatToDo(RecadoException why) {
        return why.text().startsWith("In use:")
                ? new RecadoException(why.kind(), why.text() + "; --with-topics deletes these too", why)
                : why;
    }

    private void done(OutputOptions output, String past, String name) {
        output.done(terminal, past + " namespace " + name, out -> {
            out.writeStringField("done", past);
            out.writeStringField("namespace", name);
        });
    }
}

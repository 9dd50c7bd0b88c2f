package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.base.Plural;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code recado topic …}. */
@Command(
        name = "topic",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Creates, changes, lists and deletes topics.")
final class TopicCommand {

    /** Settings of a topic; mixed into the commands that take them. */
    static final class Settings {
        @Option(
                names = {"-s", "--set"},
                paramLabel = "KEY=VALUE",
                description = "A setting of those below, may be repeated.")
        Map<String, String> values = new LinkedHashMap<>();
    }

    private final Terminal terminal;

    TopicCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates a topic.")
    int create(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Settings settings,
            @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        broker.ask(client -> client.admin().createTopic(topic, settings.values));
        done(output, "created", topic);
        return ExitCode.DONE;
    }

    @Command(name = "alter", mixinStandardHelpOptions = true, description = "Changes settings of a topic.")
    int alter(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Settings settings,
            @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        argument.checkGiven(settings.values);
        broker.ask(client -> client.admin().alterTopic(topic, settings.values));
        done(output, "altered", topic);
        return ExitCode.DONE;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the topics: how many messages are kept and how many of them some group has yet to"
                    + " finish (all, where there never was a group), how long the oldest of these waits, and how"
                    + " many come a second.")
    int list(@Mixin BrokerOptions broker, @Mixin OutputOptions output) {
        List<String> topics =
                broker.with(client -> Overview.of(client, List.of()).topics());
        long nowMs = System.currentTimeMillis();
        output.print(
                terminal,
                topics,
                new Table.Column("name", "TOPIC", name -> name),
                new Table.Column("kind"),
                new Table.Column("durability"),
                new Table.Column("partitions"),
                new Table.Column("groups"),
                new Table.Column("kept", "MESSAGES", count -> count),
                new Table.Column("backlog"),
                new Table.Column("oldest", "OLDEST", since -> Shown.age(since, nowMs)),
                new Table.Column("rate", "RATE/S", rate -> rate));
        return ExitCode.DONE;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true, description = "Shows all about one topic.")
    int describe(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        output.printOne(terminal, broker.ask(client -> client.admin().describeTopic(topic)));
        return ExitCode.DONE;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a topic with all its messages.")
    int delete(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Option(names = "--if-unused", description = "Only if none of its groups has a member.") boolean unused,
            @Option(names = "--if-empty", description = "Only if none of its messages is ready.") boolean empty,
            @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        broker.ask(client -> unused || empty
                ? client.admin().deleteTopic(topic, unused, empty)
                : client.admin().deleteTopic(topic));
        done(output, "deleted", topic);
        return ExitCode.DONE;
    }

    @Command(
            name = "purge",
            mixinStandardHelpOptions = true,
            description = "Removes every message of a topic, for all its groups.")
    int purge(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Option(names = "--unheld", description = "Only what no member holds.") boolean unheld,
            @Mixin TopicArgument argument)
            throws Exception {
        String topic = argument.topic();
        String answer = broker.ask(client ->
                unheld ? client.admin().purgeUnheld(topic) : client.admin().purgeTopic(topic));
        long count = Long.parseLong(answer.substring(answer.lastIndexOf(':') + 1));
        String what = unheld ? " that nobody held" : " unfinished";
        output.done(terminal, "purged topic " + topic + ", " + Plural.of(count, "message") + what, out -> {
            out.writeStringField("done", "purged");
            out.writeStringField("topic", topic);
            out.writeNumberField("count", count);
        });
        return ExitCode.DONE;
    }

    private void done(OutputOptions output, String past, String topic) {
        output.done(terminal, past + " topic " + topic, out -> {
            out.writeStringField("done", past);
            out.writeStringField("topic", topic);
        });
    }
}

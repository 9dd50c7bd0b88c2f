package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code recado group …}. */
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Creates, changes, lists, moves and deletes the groups of a topic.")
final class GroupCommand {

    /** Settings of a group; mixed into the commands that take them. */
    static final class Settings {
        @Option(
                names = {"-s", "--set"},
                paramLabel = "KEY=VALUE",
                description = "A setting of those below, may be repeated.")
        Map<String, String> values = new LinkedHashMap<>();

        /** As the broker takes them: a position may be written as people write it. One that is none is wrong usage. */
        Map<String, String> parsed(TopicArgument argument) {
            Map<String, String> parsed = new LinkedHashMap<>(values);
            try {
                parsed.computeIfPresent("from", (key, from) -> new Positions.Converter().convert(from));
            } catch (TypeConversionException e) {
                throw argument.wrong("Invalid value for setting 'from': " + e.getMessage());
            }
            return parsed;
        }
    }

    private final Terminal terminal;

    GroupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates a group.")
    int create(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Settings settings,
            @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        Map<String, String> parsed = settings.parsed(argument);
        broker.ask(client -> client.admin().createGroup(topic, group, parsed));
        tellFuture(output, "from", parsed.getOrDefault("from", ""));
        done(output, "created", topic, group);
        return ExitCode.DONE;
    }

    @Command(name = "alter", mixinStandardHelpOptions = true, description = "Changes settings of a group.")
    int alter(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Mixin Settings settings,
            @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        argument.checkGiven(settings.values);
        Map<String, String> parsed = settings.parsed(argument);
        broker.ask(client -> client.admin().alterGroup(topic, group, parsed));
        done(output, "altered", topic, group);
        return ExitCode.DONE;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the groups of a topic.")
    int list(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument argument) throws Exception {
        String topic = argument.topic();
        long nowMs = System.currentTimeMillis();
        output.print(
                terminal,
                broker.ask(client -> client.admin().listGroups(topic)),
                new Table.Column("name", "GROUP", name -> name),
                new Table.Column("strategy"),
                new Table.Column("members"),
                new Table.Column("backlog"),
                new Table.Column("oldest", "OLDEST", since -> Shown.age(since, nowMs)),
                new Table.Column("ready"),
                new Table.Column("leased"),
                new Table.Column("waiting"),
                new Table.Column("dead-lettered", "DEAD", count -> count));
        return ExitCode.DONE;
    }

    @Command(
            name = "members",
            mixinStandardHelpOptions = true,
            description = "Shows who is in a group, on each partition; `recado session list` tells who a session is.")
    int members(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        output.print(
                terminal,
                broker.ask(client -> client.admin().listMembers(topic, group)),
                new Table.Column("session"),
                new Table.Column("partition"),
                new Table.Column("consumer", "CONSUMER", id -> id.isEmpty() ? "-" : id),
                new Table.Column("credit", "CREDIT", Shown::credit),
                new Table.Column("leased"),
                new Table.Column("handed-bytes", "UNREAD BYTES", bytes -> bytes),
                new Table.Column("paused"),
                new Table.Column("silent"),
                new Table.Column("ceased"));
        return ExitCode.DONE;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true, description = "Shows all about one group.")
    int describe(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        List<String> all = broker.ask(client -> client.admin().listGroups(topic));
        List<String> found = all.stream().filter(json -> isNamed(json, group)).toList();
        if (found.isEmpty()) {
            terminal.err()
                    .println("recado group describe: no group " + group + " on " + topic + "; see `recado group list "
                            + topic + "`");
            return ExitCode.FAILED;
        }
        output.printOne(terminal, found);
        return ExitCode.DONE;
    }

    private static boolean isNamed(String json, String group) {
        Map<String, String> fields = Json.fields(json);
        return group.equals(fields.get("name")) || group.equals(fields.get("group"));
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            description = "Moves a group; what its members hold is forgotten.")
    int reset(
            @Mixin BrokerOptions broker,
            @Mixin OutputOptions output,
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "POSITION",
                            converter = Positions.Converter.class,
                            description = Positions.ALLOWED + ".")
                    String from,
            @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        broker.ask(client -> client.admin().resetGroup(topic, group, from));
        tellFuture(output, "--from", from);
        output.done(terminal, "moved group " + group + " of " + topic + " to " + from, out -> {
            out.writeStringField("done", "moved");
            out.writeStringField("topic", topic);
            out.writeStringField("group", group);
            out.writeStringField("from", from);
        });
        return ExitCode.DONE;
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a group and what it has finished.")
    int delete(@Mixin BrokerOptions broker, @Mixin OutputOptions output, @Mixin TopicArgument.AndGroup argument)
            throws Exception {
        String topic = argument.topic();
        String group = argument.group();
        broker.ask(client -> client.admin().deleteGroup(topic, group));
        done(output, "deleted", topic, group);
        return ExitCode.DONE;
    }

    private void tellFuture(OutputOptions output, String option, String from) {
        if (!output.isJson() && Positions.isFuture(from, Instant.now())) {
            terminal.err().println(Positions.nothingYet(option));
        }
    }

    private void done(OutputOptions output, String past, String topic, String group) {
        output.done(terminal, past + " group " + group + " of " + topic, out -> {
            out.writeStringField("done", past);
            out.writeStringField("topic", topic);
            out.writeStringField("group", group);
        });
    }
}

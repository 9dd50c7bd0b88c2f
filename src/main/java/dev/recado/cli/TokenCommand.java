package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.cli.option.DurationConverter;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado token …}. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes tokens, which a script shows in place of a user's password: as the password of the user"
                + " `token`.")
public final class TokenCommand {

    private final Terminal terminal;
    private final StoppedBroker.Opener stopped;

    /** {@code stopped} opens the data of a stopped broker. */
    public TokenCommand(Terminal terminal, StoppedBroker.Opener stopped) {
        this.terminal = terminal;
        this.stopped = stopped;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Makes a token of a user and prints it; it cannot be shown again.")
    int add(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Option(
                            names = "--for",
                            paramLabel = "TIME",
                            defaultValue = "0",
                            converter = DurationConverter.class,
                            description =
                                    "How long it is good, such as 90d; its sessions end then (default: for good).")
                    long ttlMs,
            @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What it is for.")
                    String note,
            @Option(
                            names = "--only",
                            arity = "3",
                            paramLabel = "WORD",
                            description = "Less than its user may: namespaces, names and operations, as in `recado user"
                                    + " grant`, such as --only / 'orders.*' publish.")
                    List<String> only,
            @Parameters(paramLabel = "USER") String user)
            throws Exception {
        List<String> scope = only == null ? List.of() : only;
        String text = at.ask(stopped, client -> client.admin().addToken(user, ttlMs, note, scope));
        output.done(terminal, text, out -> out.writeStringField("token", text));
        return ExitCode.DONE;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the tokens, without their text.")
    int list(@Mixin UsersAt at, @Mixin OutputOptions output) throws Exception {
        output.print(
                terminal,
                at.ask(stopped, client -> client.admin().listTokens()),
                new Table.Column("id"),
                new Table.Column("user"),
                new Table.Column("created", "CREATED", TokenCommand::time),
                new Table.Column("until", "UNTIL", TokenCommand::time),
                new Table.Column("scope", "ONLY", scope -> scope.equals("[]") ? "-" : scope),
                new Table.Column("note"));
        return ExitCode.DONE;
    }

    private static String time(String epochMs) {
        return epochMs.equals("0")
                ? "-"
                : Instant.ofEpochMilli(Long.parseLong(epochMs)).toString();
    }

    @Command(
            name = "remove",
            aliases = "delete",
            mixinStandardHelpOptions = true,
            description = "Ends a token and the sessions that came by it.")
    int remove(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "ID", description = "As `recado token list` shows it.") String id)
            throws Exception {
        at.ask(stopped, client -> client.admin().removeToken(id));
        output.done(terminal, "removed token " + id, out -> {
            out.writeStringField("done", "removed");
            out.writeStringField("token", id);
        });
        return ExitCode.DONE;
    }
}

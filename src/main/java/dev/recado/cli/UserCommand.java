package dev.recado.cli;

import dev.recado.base.ExitCode;
import dev.recado.client.RecadoException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code recado user …}. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Makes users, sets their passwords and says what they may do. While there is no user, everybody on"
                        + " this machine may do everything; the first one is an administrator and ends that.")
public final class UserCommand {

    private static final String NEW_PASSWORD = "RECADO_NEW_PASSWORD";

    private final Terminal terminal;
    private final StoppedBroker.Opener stopped;

    /** {@code stopped} opens the data of a stopped broker. */
    public UserCommand(Terminal terminal, StoppedBroker.Opener stopped) {
        this.terminal = terminal;
        this.stopped = stopped;
    }

    /** Where the password of a user comes from; mixed into the commands that set one. */
    static final class NewPassword {
        @Option(
                names = "--new-password-file",
                paramLabel = "FILE",
                description = "File whose first line is the user's password (default: the environment variable "
                        + NEW_PASSWORD + ", else it is asked for).")
        @Nullable
        Path file;

        String read(String user) {
            if (file != null) {
                return Secrets.firstLine(file);
            }
            String given = System.getenv(NEW_PASSWORD);
            return given != null
                    ? given
                    : Secrets.askTwice("new password of " + user, "--new-password-file or " + NEW_PASSWORD);
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Makes a user.")
    int add(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Mixin NewPassword password,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "none",
                            description = "administrator (everything), operator (makes, changes and deletes, and sees"
                                    + " figures), reader (sees figures) or none (default: ${DEFAULT-VALUE}); `recado"
                                    + " user grant` says what it may do beside.")
                    String role,
            @Option(names = "--no-password", description = "Only keys and tokens let it in.") boolean noPassword,
            @Parameters(paramLabel = "NAME") String name)
            throws Exception {
        String secret = noPassword ? "" : password.read(name);
        at.ask(stopped, client -> client.admin().addUser(name, role, secret));
        done(output, "added", name);
        return ExitCode.DONE;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the users and what they may do.")
    int list(@Mixin UsersAt at, @Mixin OutputOptions output) throws Exception {
        List<String> users = at.ask(stopped, client -> client.admin().listUsers());
        output.print(terminal, users);
        return ExitCode.DONE;
    }

    @Command(
            name = "passwd",
            mixinStandardHelpOptions = true,
            description = "Sets a user's password; its sessions end. Users may set their own.")
    int passwd(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Mixin NewPassword password,
            @Parameters(paramLabel = "NAME") String name)
            throws Exception {
        String secret = password.read(name);
        at.ask(stopped, client -> client.admin().setPassword(name, secret));
        done(output, "set the password of", name);
        return ExitCode.DONE;
    }

    @Command(name = "role", mixinStandardHelpOptions = true, description = "Gives a user another role.")
    int role(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE", description = "administrator, operator, reader or none.") String role)
            throws Exception {
        at.ask(stopped, client -> client.admin().setRole(name, role));
        done(output, "changed", name);
        return ExitCode.DONE;
    }

    /** Of which namespaces; mixed into the commands about grants. */
    static final class Namespaces {
        @Option(
                names = "--in",
                paramLabel = "NAMESPACES",
                defaultValue = "/",
                description = "Pattern of namespaces (default: ${DEFAULT-VALUE}); * stands for any characters.")
        String pattern = "/";
    }

    @Command(
            name = "grant",
            mixinStandardHelpOptions = true,
            description = "Lets a user do more with the topics and exchanges whose names match.")
    int grant(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Mixin Namespaces in,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "NAMES",
                            description = "Pattern of topics and exchanges, as in 'orders.*'; * stands for any"
                                    + " characters.")
                    String names,
            @Parameters(
                            index = "2",
                            paramLabel = "OPERATIONS",
                            description = "With commas between: publish, consume (looks at messages too), browse,"
                                    + " configure, monitor, and, for * in all namespaces, administer.")
                    String operations)
            throws Exception {
        at.ask(stopped, client -> client.admin().grant(name, in.pattern, names, operations));
        done(output, "changed", name);
        return ExitCode.DONE;
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description =
                    "Takes back what was granted for a pattern. What is under way without the right ends at once.")
    int revoke(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Mixin Namespaces in,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "NAMES",
                            description = "Pattern of topics and exchanges, as in 'orders.*'; * stands for any"
                                    + " characters.")
                    String names,
            @Parameters(
                            index = "2",
                            arity = "0..1",
                            paramLabel = "OPERATIONS",
                            defaultValue = "",
                            description = "With commas between; all, where none are named.")
                    String operations)
            throws Exception {
        at.ask(stopped, client -> client.admin().revoke(name, in.pattern, names, operations));
        done(output, "changed", name);
        return ExitCode.DONE;
    }

    @Command(
            name = "key",
            mixinStandardHelpOptions = true,
            description = "Lets a user in by a public key of CURVE, in ZeroMQ's 40 characters (Z85).")
    int key(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Option(names = "--remove", description = "Takes the key away instead.") boolean remove,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            paramLabel = "KEY",
                            description = "One key in 85 begins with -, like an option: give it behind --, as in"
                                    + " recado user key NAME -- KEY.")
                    String key)
            throws Exception {
        at.ask(
                stopped,
                client -> remove
                        ? client.admin().removeKey(name, key)
                        : client.admin().addKey(name, key));
        done(output, "changed", name);
        return ExitCode.DONE;
    }

    @Command(
            name = "remove",
            aliases = "delete",
            mixinStandardHelpOptions = true,
            description = "Removes a user with its tokens and keys; its sessions end.")
    int remove(
            @Mixin UsersAt at,
            @Mixin OutputOptions output,
            @Option(names = "--even-last", description = "Also the last administrator; with --data only.")
                    boolean evenLast,
            @Parameters(paramLabel = "NAME") String name)
            throws Exception {
        try {
            at.ask(stopped, client -> client.admin().removeUser(name, evenLast));
        } catch (RecadoException e) {
            throw at.data != null && e.text().contains("is the last administrator")
                    ? new RecadoException(e.kind(), e.text() + "; --even-last removes it all the same", e)
                    : e;
        }
        done(output, "removed", name);
        return ExitCode.DONE;
    }

    private void done(OutputOptions output, String past, String name) {
        output.done(terminal, past + " user " + name, out -> {
            out.writeStringField("done", past);
            out.writeStringField("user", name);
        });
    }
}

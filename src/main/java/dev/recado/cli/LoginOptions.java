package dev.recado.cli;

import dev.recado.client.ClientOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** As whom a command comes to its broker; mixed into every command that talks to one. */
public final class LoginOptions {

    private static final String TOKEN_USER = "token";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            defaultValue = "${env:RECADO_USER:-}",
            description = "Log in as this user, whose password is that of --password-file, of the environment variable"
                    + " RECADO_PASSWORD, or asked for (default: the environment variable RECADO_USER, or nobody; the"
                    + " environment variable RECADO_TOKEN is a login too).")
    String user = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            defaultValue = "${env:RECADO_PASSWORD_FILE:-}",
            description = "File whose first line is that user's password, or a token (default: the environment"
                    + " variable RECADO_PASSWORD_FILE).")
    String passwordFile = "";

    /** {@code options} with the login that was asked for. */
    ClientOptions addTo(ClientOptions options) {
        if (!user.isEmpty()) {
            return options.login(user, password());
        }
        if (!passwordFile.isEmpty()) {
            return options.login(TOKEN_USER, Secrets.firstLine(Path.of(passwordFile)));
        }
        String token = System.getenv("RECADO_TOKEN");
        return token == null || token.isEmpty() ? options : options.login(TOKEN_USER, token);
    }

    private String password() {
        if (!passwordFile.isEmpty()) {
            return Secrets.firstLine(Path.of(passwordFile));
        }
        String given = System.getenv("RECADO_PASSWORD");
        return given != null ? given : Secrets.ask("password of " + user, "--password-file or RECADO_PASSWORD");
    }
}

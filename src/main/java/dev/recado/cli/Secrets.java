package dev.recado.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** Passwords from a file or from whoever sits at the terminal; never from the command line, which others see. */
final class Secrets {

    private Secrets() {}

    /**
     * The first line of a file.
     *
     * @throws IllegalArgumentException where there is none; the text is for a person
     */
    static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            String line = lines.findFirst().orElse("");
            if (line.isEmpty()) {
                throw new IllegalArgumentException(file + " begins with an empty line: its first line is the password");
            }
            return line;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /** Asks once, unseen; {@code otherwise} is how it is given where nobody can be asked. */
    static String ask(String what, String otherwise) {
        Console console = console(what, otherwise);
        char[] typed = console.readPassword("%s: ", what);
        String text = typed == null ? "" : new String(typed);
        if (typed != null) {
            Arrays.fill(typed, '\0');
        }
        return text;
    }

    /** Asks twice, as for a new one, until both are the same. */
    static String askTwice(String what, String otherwise) {
        String first = ask(what, otherwise);
        while (!first.equals(ask(what + ", again", otherwise))) {
            console(what, otherwise).printf("They differ; once more.%n");
            first = ask(what, otherwise);
        }
        return first;
    }

    private static Console console(String what, String otherwise) {
        if (!Terminal.isInteractive()) {
            throw new IllegalArgumentException(
                    "no " + what + ", and nobody can be asked here: give it by " + otherwise);
        }
        return Objects.requireNonNull(System.console(), "asked before");
    }
}

package dev.recado.apps.messaging.client;

import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** Lines that a person types, as requests. */
final class PersonDriver implements ClientDriver {

    /** Ends a client, also where the input ended. */
    static final String QUIT = "/quit";

    private static final String HELP = "/users  /channels  /channel NAME  /subscribe NAME  /unsubscribe NAME"
            + "  /publish CHANNEL TEXT  /message USER TEXT  /history CHANNEL  /with USER  /quit";

    private final Queue<String> lines;
    private final Consumer<String> told;
    private boolean loggedIn;

    /** Takes lines that another thread puts into {@code lines}. */
    PersonDriver(Queue<String> lines, Consumer<String> told) {
        this.lines = lines;
        this.told = told;
    }

    @Override
    public boolean onTick(long nowMs, boolean waiting, Asking asking) {
        if (waiting) {
            return true;
        }
        if (!loggedIn) {
            loggedIn = true;
            return asking.ask("login", Map.of());
        }
        String line = lines.poll();
        if (line == null) {
            return true;
        }
        if (line.strip().equals(QUIT)) {
            return false;
        }
        onLine(line.strip(), asking);
        return true;
    }

    private void onLine(String line, Asking asking) {
        String[] words = line.split("\\s+", 3);
        String name = words.length > 1 ? words[1] : "";
        String text = words.length > 2 ? words[2] : "";
        switch (words[0]) {
            case "" -> {}
            case "/users", "/channels" -> asking.ask(words[0].substring(1), Map.of());
            case "/channel", "/subscribe", "/unsubscribe" -> asking.ask(words[0].substring(1), Map.of("channel", name));
            case "/publish" -> asking.ask("publish", Map.of("channel", name, "text", text));
            case "/message" -> asking.ask("message", Map.of("to", name, "text", text));
            case "/history" -> asking.ask("history", Map.of("channel", name));
            case "/with" -> asking.ask("history", Map.of("with", name));
            case "/help" -> told.accept(HELP);
            default -> told.accept("no command: " + words[0] + ", there are " + HELP);
        }
    }
}

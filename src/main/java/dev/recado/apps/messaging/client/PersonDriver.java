package dev.recado.apps.messaging.client;

import dev.recado.apps.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Lines that a person types, as requests. */
final class PersonDriver implements ClientDriver {

    /** Ends a client. */
    static final String QUIT = "/quit";

    /** The end of the input, which is no line: what was asked before is waited for. */
    static final String END = "\n";

    /** For the answer to what was asked before, once a person wants to go. */
    static final long QUIT_MS = 500;

    /** How each command is written. */
    private static final Map<String, String> USAGE = usage(
            "/users",
            "/channels",
            "/channel NAME",
            "/subscribe NAME",
            "/unsubscribe NAME",
            "/publish CHANNEL TEXT",
            "/message USER TEXT",
            "/history CHANNEL [COUNT]",
            "/with USER [COUNT]",
            "/status",
            "/help",
            QUIT);

    private static final Pattern COUNT = Pattern.compile("[1-9]\\d?|100");

    private final Queue<String> lines;
    private final Consumer<String> told;
    private boolean loggedIn;
    private long quitSinceMs = -1;

    /** Takes lines that another thread puts into {@code lines}. */
    PersonDriver(Queue<String> lines, Consumer<String> told) {
        this.lines = lines;
        this.told = told;
    }

    @Override
    public boolean onTick(long nowMs, boolean waiting, Asking asking) {
        if (waiting) {
            return !wantsToGo(nowMs);
        }
        if (!loggedIn) {
            loggedIn = true;
            return asking.ask("login", Map.of());
        }
        String line = lines.poll();
        if (line == null) {
            return true;
        }
        if (line.equals(END) || line.strip().equals(QUIT)) {
            return false;
        }
        onLine(line.strip(), asking);
        return true;
    }

    private boolean wantsToGo(long nowMs) {
        String next = lines.peek();
        if (next == null || !next.strip().equals(QUIT)) {
            return false;
        }
        quitSinceMs = quitSinceMs < 0 ? nowMs : quitSinceMs;
        return nowMs - quitSinceMs >= QUIT_MS;
    }

    private static Map<String, String> usage(String... lines) {
        Map<String, String> usage = new LinkedHashMap<>();
        for (String line : lines) {
            usage.put(line.split(" ", 2)[0], line);
        }
        return usage;
    }

    private void onLine(String line, Asking asking) {
        if (line.isEmpty()) {
            return;
        }
        String[] words = line.split("\\s+", 3);
        String usage = USAGE.get(words[0]);
        if (usage == null) {
            told.accept("no such command: " + Printable.of(words[0]) + "; /help lists them");
        } else if (words[0].equals("/help")) {
            told.accept(String.join("  ", USAGE.values()));
        } else if (!isWhole(words, usage)) {
            told.accept("usage: " + usage);
        } else {
            ask(words, asking);
        }
    }

    /** A text may have blanks, all else is one word; what stands in brackets may be missing. */
    private static boolean isWhole(String[] words, String usage) {
        int most = usage.split(" ").length;
        boolean hasCount = usage.endsWith("[COUNT]");
        int least = hasCount ? most - 1 : most;
        return words.length >= least
                && words.length <= most
                && (!hasCount || words.length < most || COUNT.matcher(words[2]).matches());
    }

    private static void ask(String[] words, Asking asking) {
        String service = words[0].substring(1);
        switch (service) {
            case "channel", "subscribe", "unsubscribe" -> asking.ask(service, Map.of("channel", words[1]));
            case "publish" -> asking.ask(service, Map.of("channel", words[1], "text", words[2]));
            case "message" -> asking.ask(service, Map.of("to", words[1], "text", words[2]));
            case "history" -> asking.ask(service, history("channel", words));
            case "with" -> asking.ask("history", history("with", words));
            default -> asking.ask(service, Map.of());
        }
    }

    private static Map<String, Object> history(String of, String[] words) {
        Map<String, Object> fields = new LinkedHashMap<>(Map.of(of, words[1]));
        if (words.length > 2) {
            fields.put("limit", Integer.parseInt(words[2]));
        }
        return fields;
    }
}

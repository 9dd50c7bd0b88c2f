package dev.recado.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What clients say to a broker, and how it is held: {@code a> 1 queue.declare q%} is sent by client a, who waits for
 * the answer; {@code a? 1 basic.deliver 2} waits for two of these; {@code a! silent} connects and says nothing, {@code
 * a! header}, {@code a! login PLAIN guest guest}, {@code a! bytes 00ff}, {@code a! hold} (closes are not agreed to),
 * {@code a! gone}, {@code a! ended}, {@code a! send 1 queue.purge q%} (without waiting). A name without a letter is
 * client a's. A percent sign makes names unique. What begins with {@code 20x} is said that often.
 *
 * @param name what it is about
 */
record AmqpConversation(String name, List<String> lines) {

    private static final Pattern OFTEN = Pattern.compile("(\\d+)x ");

    /** From a text in which each begins with {@code = NAME}; what follows a hash sign is a remark. */
    static List<AmqpConversation> parse(String text) {
        List<AmqpConversation> all = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("= ")) {
                all.add(new AmqpConversation(line.substring(2), new ArrayList<>()));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                all.get(all.size() - 1).lines.add(line);
            }
        }
        return all;
    }

    /** Holds it with the broker at {@code port}, and tells what every client heard, in a form without made-up names. */
    List<String> hold(int port, String unique) throws IOException {
        Map<String, AmqpCaller> callers = new LinkedHashMap<>();
        List<String> heard = new ArrayList<>();
        try {
            for (String line : lines) {
                Matcher often = OFTEN.matcher(line);
                int times = often.lookingAt() ? Integer.parseInt(often.group(1)) : 1;
                String once = times == 1 ? line : line.substring(often.end());
                for (int i = 0; i < times; i++) {
                    perform(once.replace("%", unique), port, callers, heard);
                }
            }
            for (Map.Entry<String, AmqpCaller> caller : new TreeMap<>(callers).entrySet()) {
                heard.addAll(caller.getValue().end(caller.getKey()));
            }
        } finally {
            for (AmqpCaller caller : callers.values()) {
                caller.close();
            }
        }
        return heard.stream().map(line -> normal(line, unique)).toList();
    }

    private static String normal(String line, String unique) {
        return line.replace(unique, "%")
                .replaceAll("amq\\.gen-[-_A-Za-z0-9]+", "amq.gen-*")
                .replaceAll("time=20[-:0-9T]+Z", "time=*")
                .replaceAll("amq\\.ctag-[-_.A-Za-z0-9]+", "amq.ctag-*");
    }

    private void perform(String line, int port, Map<String, AmqpCaller> callers, List<String> heard)
            throws IOException {
        int at = 0;
        while (">?!".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        String who = at == 0 ? "a" : line.substring(0, at);
        String text = line.substring(at + 1).strip();
        if (text.equals("silent")) {
            callers.put(who, AmqpCaller.silent(port));
            return;
        }
        AmqpCaller caller = callers.get(who);
        if (caller == null) {
            caller = AmqpCaller.ready(port);
            callers.put(who, caller);
        }
        switch (line.charAt(at)) {
            case '>' -> caller.say(text);
            case '?' -> {
                int last = text.lastIndexOf(' ');
                caller.await(text.substring(0, last), Integer.parseInt(text.substring(last + 1)));
            }
            default -> control(caller, who, text.split(" "), callers, heard);
        }
    }

    private static void control(
            AmqpCaller caller, String who, String[] words, Map<String, AmqpCaller> callers, List<String> heard)
            throws IOException {
        switch (words[0]) {
            case "header" -> caller.header();
            case "login" -> caller.login(words[1], "\0" + words[2] + "\0" + words[3]);
            case "bytes" -> caller.bytes(words[1]);
            case "hold" -> caller.hold();
            case "send" -> caller.send(String.join(" ", List.of(words).subList(1, words.length)));
            case "ended" -> caller.awaitEnd();
            case "gone" -> {
                heard.addAll(caller.end(who + "'"));
                callers.remove(who);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }
}

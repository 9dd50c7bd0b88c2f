package dev.recado.fuzz;

import static dev.recado.fuzz.Grammar.say;

import java.util.List;
import java.util.Random;

/** Commands that administrate, on topics, groups and exchanges that are in use meanwhile. */
final class Administration {

    private final Names names;
    private final Random random;

    Administration(Names names) {
        this.names = names;
        this.random = names.random;
    }

    Step next(Voice voice) {
        int dice = random.nextInt(20);
        if (dice < 9) {
            return topic(voice);
        }
        if (dice < 15) {
            return group(voice);
        }
        if (dice < 16) {
            return session(voice);
        }
        return exchange(voice);
    }

    private Step topic(Voice voice) {
        String topic = names.ownTopic();
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> say(voice, "TOPIC:CREATE:" + topic + settings(names.topicSettings()), Expect.LINE);
            case 6, 7 -> say(voice, "TOPIC:ALTER:" + topic + ":" + names.topicSettings(), Expect.LINE);
            case 8, 9 -> say(voice, "TOPIC:PURGE:" + topic, Expect.LINE);
            case 10, 11 -> say(voice, "TOPIC:DELETE:" + topic, Expect.LINE);
            case 12, 13 -> say(voice, "TOPIC:DESCRIBE:" + topic, Expect.LIST);
            default -> {
                String count = names.oneOf(List.of("1", "10", "1000", "0"));
                yield say(voice, "BROWSE:" + topic + ":" + names.place() + ":" + count, Expect.LIST);
            }
        };
    }

    private static String settings(String given) {
        return given.isEmpty() ? "" : ":" + given;
    }

    private Step group(Voice voice) {
        String target = names.ownTopic() + ":" + names.namedGroup();
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> say(voice, "GROUP:CREATE:" + target + settings(names.groupSettings()), Expect.LINE);
            case 4, 5 -> say(voice, "GROUP:ALTER:" + target + ":" + names.groupSettings(), Expect.LINE);
            case 6, 7 -> say(voice, "GROUP:RESET:" + target + ":" + names.place(), Expect.LINE);
            case 8 -> say(voice, "GROUP:DELETE:" + target, Expect.LINE);
            default -> {
                String question = names.oneIn(2) ? "GROUP:LIST:" + names.ownTopic() : "GROUP:MEMBERS:" + target;
                yield say(voice, question, Expect.LIST);
            }
        };
    }

    /** Nobody is closed: what a session whose client does not know of it is owed, no script could tell. */
    private Step session(Voice voice) {
        String line = names.oneOf(List.of("LIST", "LIST:0:1", "LIST:2", "LIST:1:1000"));
        return names.oneIn(4)
                ? say(voice, "SESSION:CLOSE:" + names.oneOf(List.of("0", "x", "987654321:why")), Expect.ERROR)
                : say(voice, "SESSION:" + line, Expect.LIST);
    }

    private Step exchange(Voice voice) {
        String exchange = names.exchange();
        String bind =
                exchange + ":" + names.ownTopic() + ":" + names.key() + (names.oneIn(3) ? ":x-match=any&a=b" : "");
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                String type = names.oneOf(List.of("direct", "fanout", "topic", "headers", "direct"));
                yield say(voice, "EXCHANGE:CREATE:" + names.oneOf(names.exchanges()) + ":" + type, Expect.LINE);
            }
            case 3, 4, 5 -> say(voice, "BIND:" + bind, Expect.LINE);
            case 6 -> say(voice, "UNBIND:" + bind, Expect.LINE);
            default -> say(voice, "EXCHANGE:DELETE:" + exchange, Expect.LINE);
        };
    }
}

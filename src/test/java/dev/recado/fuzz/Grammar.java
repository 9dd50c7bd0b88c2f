package dev.recado.fuzz;

import dev.recado.fuzz.Step.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes conversations: it knows every command of the text protocol, what each is owed, and enough of a session's state
 * to be right often and stale or foreign at times. The same seed makes the same conversation.
 */
public final class Grammar {

    private static final int VOICES_MAX = 4;
    private static final int STEPS_MAX = 40;

    private final Names names;
    private final Random random;
    private final long seed;
    private final List<Voice> voices = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Settling settling;
    private final Administration administration;

    private Grammar(long seed) {
        this.seed = seed;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.names = new Names(random, seed);
        this.settling = new Settling(names);
        this.administration = new Administration(names);
    }

    /** The conversation of that seed. */
    public static Script conversation(long seed) {
        return new Grammar(seed).make();
    }

    private Script make() {
        int count = 1 + random.nextInt(VOICES_MAX);
        for (int i = 0; i < count; i++) {
            voices.add(new Voice(i));
        }
        int length = 3 + random.nextInt(STEPS_MAX);
        int shy = names.oneIn(4) ? 0 : 3;
        for (int i = 0; i < length; i++) {
            Voice voice = names.oneOf(voices);
            if (!voice.over) {
                steps.add(names.oneIn(8) ? aside(voice) : command(voice));
            }
            // Some wait for each answer, so that what follows finds what was asked done; some never do.
            if (shy > 0 && names.oneIn(shy)) {
                steps.add(Step.of(voice.number, Act.AWAIT));
            }
        }
        return new Script(seed, count, List.copyOf(steps), farewell());
    }

    private Step aside(Voice voice) {
        int dice = random.nextInt(12);
        if (dice == 0) {
            voice.over = true;
            return Step.of(voice.number, Act.HANG_UP);
        }
        if (dice == 1) {
            return Step.of(voice.number, Act.STALL);
        }
        return Step.of(voice.number, dice < 4 ? Act.TAKE : Act.AWAIT);
    }

    private Step command(Voice voice) {
        int dice = random.nextInt(100);
        if (dice < 25) {
            return publish(voice);
        }
        if (dice < 40) {
            return subscribe(voice);
        }
        if (dice < 65) {
            return settling.next(voice);
        }
        if (dice < 84) {
            return administration.next(voice);
        }
        return dice < 92 ? classic(voice) : session(voice);
    }

    private Step publish(Voice voice) {
        String payload = names.payload();
        int length = payload.length();
        int dice = random.nextInt(22);
        if (dice > 19) {
            String text = names.oneIn(12) ? "" : ":" + payload.replace("\n", "").replace("\r", "");
            return say(voice, "PUBL:" + names.topic() + text, voice.publish);
        }
        if (dice < 9) {
            return say(voice, "PUB:" + names.topic() + ":" + length + "\n" + payload, voice.publish);
        }
        if (dice < 13) {
            String line = names.topic() + ":" + names.key() + ":" + names.headers() + ":" + length;
            return say(voice, "PUB:" + line + "\n" + payload, voice.publish);
        }
        if (dice < 16) {
            String line = names.exchange() + ":" + names.key() + ":" + names.headers() + ":" + length;
            return say(voice, "XPUB:" + line + "\n" + payload, voice.publish);
        }
        if (dice < 18) {
            String time = names.oneIn(10) ? "0" : Integer.toString(1 + random.nextInt(30));
            return say(voice, "REQ:" + names.topic() + ":" + time + ":" + length + "\n" + payload, Expect.REPLY);
        }
        if (dice < 19) {
            return confirm(voice);
        }
        voice.numbered = true;
        return say(voice, "PRODUCER:" + names.producer() + ":" + random.nextInt(4), Expect.LINE);
    }

    private Step confirm(Voice voice) {
        int mode = random.nextInt(3);
        voice.publish =
                List.of(Expect.PUBLISH, Expect.RANGE, Expect.UNCONFIRMED).get(mode);
        return say(voice, "CONFIRM:" + List.of("EACH", "RANGE", "NONE").get(mode), Expect.LINE);
    }

    private Step subscribe(Voice voice) {
        int dice = random.nextInt(20);
        boolean pattern = dice < 5;
        String topic = pattern ? names.pattern() : names.topic();
        String group = dice >= 2 && dice < 8 ? "*" : names.group();
        voice.subscriptions++;
        String line = "SUB:" + topic;
        int fields = random.nextInt(6);
        if (fields > 0) {
            line += ":" + group;
        }
        if (fields > 2) {
            line += ":" + names.credit();
        }
        if (fields > 4) {
            line += ":" + names.place() + (random.nextBoolean() ? ":time" : "");
        }
        return say(voice, line, Expect.LINE);
    }

    private Step classic(Voice voice) {
        return switch (random.nextInt(8)) {
            case 0 -> say(voice, "REGISTER:PRODUCER", Expect.LINE);
            case 1, 2 -> say(voice, "REGISTER:CONSUMER" + names.consumer(), Expect.LINE);
            case 3, 4 -> say(voice, "SEND:" + names.payload().replace("\n", "").replace("\r", ""), voice.publish);
            case 5, 6 -> say(voice, "GET", Expect.PULLED);
            default -> say(voice, "HEARTBEAT:1795231395");
        };
    }

    private Step session(Voice voice) {
        int dice = random.nextInt(24);
        if (dice < 8) {
            return say(voice, "PING", Expect.LINE);
        }
        if (dice < 10) {
            return say(voice, "HELLO:fuzz%20er", Expect.LINE);
        }
        if (dice < 13) {
            return say(
                    voice, names.oneOf(List.of("STATS", "HELP", "help", "TOPIC:LIST", "EXCHANGE:LIST")), Expect.LIST);
        }
        if (dice < 15) {
            return say(voice, "AUTH:guest:guest", Expect.LINE);
        }
        if (dice < 16) {
            voice.failedLogins++;
            voice.over = voice.failedLogins == 3;
            String line = "AUTH:root:toor";
            return voice.over ? say(voice, line, Expect.ERROR, Expect.CLOSE) : say(voice, line, Expect.ERROR);
        }
        if (dice < 21) {
            return say(
                    voice,
                    names.oneOf(List.of(
                            "", "FOO:bar", "SUB", "SUB:", "GET:x", "CONFIRM:ALL", "STATS:x", "PRODUCER::1", "TOPIC")),
                    Expect.ERROR);
        }
        if (dice < 23) {
            return say(voice, names.oneOf(List.of("PRODUCER:p:-1", "REGISTER", "TOPIC:FOO", "SUB:a*b")), Expect.ERROR);
        }
        voice.over = true;
        List<String> ends = List.of("QUIT", "PUB:a:-5", "PUB:a", "REQ:a:1", "PUB:a:1\nxx", "REPLY:1:1:9999999999");
        return say(voice, names.oneOf(ends), Expect.CLOSE);
    }

    static Step say(Voice voice, String line, Expect... owed) {
        return Step.say(voice.number, line + "\n", owed);
    }

    /** What the last session asks, whatever came before: every topic, the figures, and at times that all go. */
    private List<Step> farewell() {
        List<Step> last = new ArrayList<>();
        Voice voice = new Voice(voices.size());
        boolean tidy = !names.oneIn(3);
        for (String topic : names.topics()) {
            last.add(say(voice, "TOPIC:DESCRIBE:" + topic, Expect.LIST));
            if (tidy) {
                last.add(say(voice, "TOPIC:DELETE:" + topic, Expect.LINE));
            }
        }
        for (String exchange : tidy ? names.exchanges() : List.<String>of()) {
            last.add(say(voice, "EXCHANGE:DELETE:" + exchange, Expect.LINE));
        }
        last.add(say(voice, "STATS", Expect.LIST));
        last.add(say(voice, "PING", Expect.LINE));
        return List.copyOf(last);
    }
}

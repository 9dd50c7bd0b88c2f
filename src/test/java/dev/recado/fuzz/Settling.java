package dev.recado.fuzz;

import static dev.recado.fuzz.Grammar.say;

import java.util.List;
import java.util.Random;

/** Commands on a subscription: rightly, late, twice, on another's or on none, and now and then broken. */
final class Settling {

    private final Names names;
    private final Random random;

    Settling(Names names) {
        this.names = names;
        this.random = names.random;
    }

    /** {@code durably} says whether {@code ACK!} may be among them. */
    Step next(Voice voice) {
        int sid = names.oneIn(6) ? random.nextInt(9) + 1 : 1 + random.nextInt(Math.max(1, voice.subscriptions));
        if (names.oneIn(15)) {
            return broken(voice, sid);
        }
        String target = sid + ":" + names.id();
        int dice = random.nextInt(24);
        if (dice < 5) {
            return say(voice, "ACK:" + target);
        }
        if (dice < 7) {
            return say(voice, "ACK:" + sid + ":UPTO:" + names.id());
        }
        if (dice < 11) {
            return say(voice, "ACK!:" + target, Expect.LINE);
        }
        if (dice < 14) {
            String delay = names.oneOf(List.of("", ":0", ":5", ":250", ":43200000"));
            return say(voice, "NACK:" + target + delay);
        }
        if (dice < 16) {
            return say(voice, "REJECT:" + target + names.oneOf(List.of("", ":bad", ":", ":%zz")));
        }
        if (dice < 18) {
            return say(voice, "EXTEND:" + target + names.oneOf(List.of(":0", ":10", ":60000")), Expect.LINE);
        }
        if (dice < 20) {
            return say(voice, "CREDIT:" + sid + names.oneOf(List.of(":1", ":10", ":65535")));
        }
        if (dice < 21) {
            return say(voice, "CEASE:" + sid, Expect.LINE);
        }
        if (dice < 22) {
            return say(voice, "UNSUB:" + sid, Expect.LINE);
        }
        String payload = names.payload();
        return say(voice, "REPLY:" + target + ":" + payload.length() + "\n" + payload);
    }

    private Step broken(Voice voice, int sid) {
        String id = names.brokenId();
        return switch (random.nextInt(8)) {
            case 0 -> say(voice, "ACK:" + sid + ":" + id, Expect.ERROR);
            case 1 -> say(voice, "ACK:0:1", Expect.ERROR);
            case 2 -> say(voice, "NACK:" + sid + ":" + names.id() + ":43200001", Expect.ERROR);
            case 3 -> say(voice, "REJECT:" + sid, Expect.ERROR);
            case 4 -> say(voice, "CREDIT:" + sid + ":0", Expect.ERROR);
            case 5 -> say(voice, "EXTEND:" + sid + ":" + id + ":1", Expect.ERROR);
            case 6 -> say(voice, "ACK!:" + sid + ":" + id, Expect.ERROR);
            default -> say(voice, "REPLY:" + sid + ":" + id + ":1\nx", Expect.ERROR);
        };
    }
}

package dev.recado.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Plays a script and judges what the broker said to it. One thread a conversation. */
public final class Player {

    private static final long ANSWER_MS_MAX = 20_000;
    private static final Step PING = Step.say(0, "PING\n", Expect.LINE);

    private final Script script;
    private final Peer.House house;
    private final Transcript transcript = new Transcript();
    private final List<Part> parts = new ArrayList<>();
    private final Random cuts;

    /** A session of the conversation, opened when it first does something. */
    private static final class Part {
        final String name;
        final AnswerReader reader;

        @Nullable
        Peer peer;

        Part(String name, Transcript transcript) {
            this.name = name;
            this.reader = new AnswerReader(name, transcript);
        }
    }

    private Player(Script script, Peer.House house) {
        this.script = script;
        this.house = house;
        this.cuts = new Random(script.seed());
        for (int i = 0; i <= script.voices(); i++) {
            parts.add(new Part(Character.toString('A' + i), transcript));
        }
    }

    /** Answers how many sessions were ended by bugs, as the broker counts them; throws on a fault. */
    public static long play(Script script, Peer.House house) throws InterruptedException {
        return new Player(script, house).play();
    }

    private long play() throws InterruptedException {
        try {
            for (Step step : script.steps()) {
                act(parts.get(step.voice()), step);
            }
            // A message that a stalled session does not take may hold up others: first all take, then each is asked.
            for (Part part : parts) {
                act(part, Step.of(0, Step.Act.TAKE));
            }
            Part last = parts.get(script.voices());
            for (Part part : parts) {
                if (part != last) {
                    act(part, PING);
                    act(part, Step.of(0, Step.Act.AWAIT));
                }
            }
            for (Step step : script.farewell()) {
                act(last, step);
            }
            act(last, Step.of(0, Step.Act.AWAIT));
            return last.reader.sessionBugs();
        } finally {
            for (Part part : parts) {
                act(part, Step.of(0, Step.Act.HANG_UP));
            }
        }
    }

    private void act(Part part, Step step) throws InterruptedException {
        Peer peer = part.peer;
        if (part.reader.isOver() || (peer == null && step.act() != Step.Act.SAY)) {
            judge(part, part.reader.fault());
            return;
        }
        try {
            if (peer == null) {
                peer = house.open(part.name.charAt(0) - 'A', part.reader);
                part.peer = peer;
            }
            switch (step.act()) {
                case SAY -> say(part, peer, step);
                case AWAIT -> {
                    peer.stall(false);
                    judge(part, part.reader.await(ANSWER_MS_MAX));
                }
                case STALL, TAKE -> peer.stall(step.act() == Step.Act.STALL);
                case HANG_UP -> {
                    transcript.note(part.name, "hangs up");
                    part.reader.leave();
                    peer.hangUp();
                }
            }
        } catch (IOException broken) {
            if (peer != null) {
                peer.stall(false); // why the broker ended it is among what was not taken
            }
            judge(part, part.reader.await(ANSWER_MS_MAX));
        }
    }

    private void say(Part part, Peer peer, Step step) throws IOException {
        transcript.said(part.name, step.text());
        part.reader.expect(step.owed());
        byte[] bytes = step.text().getBytes(StandardCharsets.ISO_8859_1);
        int cut = cuts.nextInt(8) == 0 ? cuts.nextInt(bytes.length) : 0;
        if (cut > 0) {
            peer.send(Arrays.copyOf(bytes, cut));
        }
        peer.send(Arrays.copyOfRange(bytes, cut, bytes.length));
    }

    private void judge(Part part, @Nullable String fault) {
        if (fault != null) {
            throw new AssertionError(
                    "seed=" + script.seed() + " session=" + part.name + ": " + fault + "\n" + transcript);
        }
    }
}

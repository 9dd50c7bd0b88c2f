package dev.recado.fuzz;

import java.util.List;

/**
 * One thing that happens in a conversation.
 *
 * @param voice which session
 * @param text what it says, one byte a character, or empty
 * @param owed what the broker owes for that, in order
 */
public record Step(int voice, Act act, String text, List<Expect> owed) {

    /** What a session does. */
    public enum Act {
        SAY,
        /** Waits until everything owed has come. */
        AWAIT,
        /** Takes nothing more from its socket. */
        STALL,
        /** Takes what waits. */
        TAKE,
        /** Is gone without a word. */
        HANG_UP
    }

    static Step say(int voice, String text, Expect... owed) {
        return new Step(voice, Act.SAY, text, List.of(owed));
    }

    static Step of(int voice, Act act) {
        return new Step(voice, act, "", List.of());
    }
}

package dev.recado.transport;

import dev.recado.broker.SessionPort;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * One of several conversations that a connection carries, each with a link of its own (a channel of AMQP, say). While
 * it is held up, by an answer that it waits for or by too much that is unconfirmed, its commands are kept and those of
 * the others go on; see {@link Conversations} for the bound. Owned by its connection's loop.
 */
public abstract class Conversation implements SessionPort {

    private final Conversations all;
    private final Pauses pauses = new Pauses();
    private final ArrayDeque<byte[]> held = new ArrayDeque<>(0);
    private boolean performing;
    private boolean ended;

    /** One more of {@code all}. */
    protected Conversation(Conversations all) {
        this.all = all;
    }

    /** Performs one command, whose bytes are valid during the call. */
    protected abstract void perform(byte[] bytes, int from, int length);

    /** A command came: it is performed at once, or kept until those before it are. */
    public final void take(byte[] bytes, int from, int length) {
        if (ended) {
            return;
        }
        if (pauses.isEmpty() && held.isEmpty() && !performing) {
            perform(bytes, from, length);
        } else {
            held.add(Arrays.copyOfRange(bytes, from, from + length));
            all.onHeld(length);
        }
    }

    /** Performs none of its commands until {@link #lift} for the same reason. */
    public final void pause(Pauses.Reason reason) {
        if (pauses.isEmpty() && !ended) {
            all.onPaused(1);
        }
        pauses.add(reason);
    }

    /** That reason is gone: what was kept is performed, if there is no other and the connection goes on. */
    public final void lift(Pauses.Reason reason) {
        if (!pauses.has(reason)) {
            return;
        }
        pauses.remove(reason);
        if (pauses.isEmpty() && !ended) {
            all.onPaused(-1);
        }
        if (!performing) {
            goOn();
        }
    }

    private void goOn() {
        performing = true;
        try {
            while (pauses.isEmpty() && !held.isEmpty() && all.isOpen()) {
                byte[] next = held.remove();
                perform(next, 0, next.length);
                all.onPerformed(next.length);
            }
        } finally {
            performing = false;
        }
    }

    @Override
    public final void onBackPressure(boolean pauseReading) {
        if (pauseReading) {
            pause(Pauses.Reason.UNCONFIRMED);
        } else {
            lift(Pauses.Reason.UNCONFIRMED);
        }
    }

    @Override
    public final void onTurnEnd() {
        all.flush();
    }

    /** It is over: what was kept of it is forgotten, and nothing more taken. Idempotent. */
    public final void end() {
        if (!ended) {
            ended = true;
            while (!held.isEmpty()) {
                all.onPerformed(held.remove().length);
            }
            if (!pauses.isEmpty()) {
                all.onPaused(-1);
            }
        }
    }
}

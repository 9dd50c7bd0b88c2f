package dev.recado.client;

import dev.recado.base.ByteWriter;
import dev.recado.client.RecadoException.Kind;
import dev.recado.transport.text.wire.CommandWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one connection in their order: what is written to the outbox and what of it waits for an answer.
 *
 * <p>Replies come in the order of the commands. A publish sits in the window until it is answered; a call notes before
 * which publish it was sent. So the next reply belongs to the oldest call if every publish before it is answered, else
 * to the oldest publish. Guarded by the session's lock.
 */
final class CommandStream {

    private static final int SCRATCH_BYTES = 4_096;

    private final Outbox outbox;
    private final String producerId;
    private final PublishWindow window = new PublishWindow();
    private final ArrayDeque<Call<?>> calls = new ArrayDeque<>();
    private final ByteWriter scratchBytes = new ByteWriter(256);
    private final CommandWriter scratch = new CommandWriter(scratchBytes);
    private boolean rangesAsked;
    /** Number that the broker gives the next publish of this connection; -1 while it numbers none. */
    private long wireSequence;

    private long sentTo;
    /** One above the highest number that any connection was given. */
    private long everSentTo;

    CommandStream(Lock lock, String producerId) {
        outbox = new Outbox(lock);
        this.producerId = producerId;
    }

    Outbox outbox() {
        return outbox;
    }

    PublishWindow window() {
        return window;
    }

    ArrayDeque<Call<?>> calls() {
        return calls;
    }

    /** A new connection: nothing is sent yet. */
    void onConnected() {
        outbox.clear();
        wireSequence = -1;
        rangesAsked = false;
        sentTo = window.first();
    }

    /** The connection is gone; answers the calls that nobody will answer. */
    List<Call<?>> onLost() {
        outbox.clear();
        List<Call<?>> unanswered = new ArrayList<>(calls);
        calls.clear();
        return unanswered;
    }

    /** Where to write a command that {@link #flush} or {@link #take} follows. */
    CommandWriter scratch() {
        return scratch;
    }

    /** Sends what was written to {@link #scratch}, without waiting for an answer. */
    void flush(boolean urgent) {
        outbox.buffer().put(scratchBytes.array(), 0, scratchBytes.size());
        outbox.appended(urgent);
        scratchBytes.clear(SCRATCH_BYTES);
    }

    /** What was written to {@link #scratch}, for a call. */
    byte[] take() {
        byte[] command = scratchBytes.toByteArray();
        scratchBytes.clear(SCRATCH_BYTES);
        return command;
    }

    void send(Call<?> call) {
        call.beforeSequence = sentTo;
        calls.add(call);
        outbox.buffer().put(call.command);
        outbox.appended(true);
    }

    /** Sends what was written to {@link #scratch}; a refusal of it ends the connection. */
    void sendEssential(Consumer<String> effect) {
        Call.Ok call = new Call.Ok(take(), effect);
        call.essential = true;
        send(call);
    }

    /** Numbers begin where the broker says; only while nothing is in flight. */
    void startAt(long sequence, long broker) {
        window.startAt(sequence);
        sentTo = sequence;
        everSentTo = sequence;
        wireSequence = broker;
    }

    /** Adds a publish to the window and sends it where {@code connected}; else it is sent at the next connect. */
    void publish(InFlight publish, boolean connected) {
        window.add(publish);
        if (connected) {
            send(window.next() - 1);
        }
    }

    /** Sends the whole window, oldest first. */
    void sendWindow() {
        for (long sequence = window.first(); sequence < window.next(); sequence++) {
            send(sequence);
        }
    }

    private void send(long sequence) {
        if (!rangesAsked) {
            rangesAsked = true;
            scratch.command("CONFIRM", "RANGE");
            sendEssential(text -> {});
        }
        if (wireSequence != sequence) {
            wireSequence = sequence;
            scratch.producer(producerId, sequence);
            sendEssential(text -> {});
        }
        ByteWriter command = window.get(sequence).command;
        outbox.buffer().put(command.array(), 0, command.size());
        outbox.appended(true);
        wireSequence++;
        sentTo = sequence + 1;
        everSentTo = Math.max(everSentTo, sentTo);
    }

    /** The call that the next reply belongs to, or null where it belongs to a publish or to nothing. */
    @Nullable
    Call<?> answeredNext() {
        Call<?> oldest = calls.peek();
        return oldest != null && oldest.beforeSequence == window.first() ? oldest : null;
    }

    /** How many publishes may be answered before the next call's answer. */
    long answerable() {
        Call<?> oldest = calls.peek();
        return (oldest == null ? sentTo : oldest.beforeSequence) - window.first();
    }

    int unansweredCount() {
        return calls.size() + window.size();
    }

    /** Unanswered publishes that were sent, by this connection or an earlier one. */
    int sentCount() {
        return (int) Math.max(0, everSentTo - window.first());
    }

    /** Takes away everything that waits. */
    List<InFlight> drainWindow() {
        List<InFlight> drained = new ArrayList<>();
        while (window.size() > 0) {
            drained.add(window.removeFirst());
        }
        return drained;
    }

    static RecadoException fault(String what) {
        return new RecadoException(Kind.PROTOCOL, "not the text protocol: " + what);
    }
}

package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BEGIN, COMMIT and ROLLBACK, and what else is answered in between: a publish by HELD, since its outcome is that of the
 * COMMIT. What was refused in between spoils that, so that a client may send all of it without reading. One session's,
 * one owner.
 */
final class TransactionCommands {

    /** No publish of the session's has it: the broker answers none of these. */
    private static final long NO_TICKET = -1;

    private final Dialogue dialogue;
    /** What is to be done where it is committed; each belongs to something that the transaction holds. */
    private final List<Runnable> onCommitted = new ArrayList<>(0);

    private boolean unnumbered;
    /** Whether the publish under way has found no topic. */
    private boolean unrouted;

    TransactionCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    void perform(TextCommand command) {
        switch (command.verb) {
            case BEGIN -> begin(command);
            case COMMIT -> commit();
            default -> rollback();
        }
    }

    /** BEGIN; what else is in it takes no numbers where its field says so. */
    private void begin(TextCommand command) {
        boolean said = command.fieldCount > 0;
        if (said && (command.fieldCount > 1 || !command.is(0, "unnumbered"))) {
            dialogue.refuse(ErrorCode.INVALID_ARGUMENT, "BEGIN[:unnumbered]");
            return;
        }
        Refusal refusal = dialogue.link.begin();
        unnumbered = refusal == null ? said : unnumbered;
        answer(refusal, "OK:BEGIN");
    }

    /** Whether publishes take no numbers now, though the session has a producer's id. */
    boolean isUnnumbered() {
        return unnumbered && dialogue.link.inTransaction();
    }

    /** Nothing more is parsed until it is answered. */
    private void commit() {
        List<Runnable> then = List.copyOf(onCommitted);
        onCommitted.clear();
        dialogue.await(dialogue.link.commit(), done -> {
            then.forEach(Runnable::run);
            return "OK:COMMIT";
        });
    }

    private void rollback() {
        boolean isOpen = dialogue.link.inTransaction();
        dialogue.link.rollback();
        onCommitted.clear();
        answer(isOpen ? null : Refusal.of(ErrorCode.NOT_ALLOWED, "no transaction is open"), "OK:ROLLBACK");
    }

    private void answer(@Nullable Refusal refusal, String line) {
        if (refusal == null) {
            dialogue.answer(line);
        } else {
            dialogue.refuse(refusal);
        }
    }

    /** Gives a publish to the transaction, if one is open; answers whether it was. */
    boolean publish(Topic topic, Draft draft, ConfirmMode mode, @Nullable String producer, long sequence) {
        if (!dialogue.link.inTransaction()) {
            return false;
        }
        Refusal refusal = producer == null
                ? dialogue.link.publish(topic, draft, NO_TICKET)
                : dialogue.link.publishNumbered(topic, draft, NO_TICKET, producer, sequence);
        held(refusal, mode, sequence);
        return true;
    }

    /** As {@link #publish} through an exchange. */
    boolean publishThrough(
            String exchange,
            List<String> keys,
            Draft draft,
            ConfirmMode mode,
            @Nullable String producer,
            long sequence) {
        if (!dialogue.link.inTransaction()) {
            return false;
        }
        unrouted = false;
        Refusal refusal = keys.size() == 1
                ? dialogue.link.publishThrough(exchange, keys.get(0), draft, NO_TICKET, producer, sequence)
                : dialogue.link.publishThrough(exchange, keys, draft, NO_TICKET, producer, sequence);
        held(refusal, mode, sequence);
        return true;
    }

    private void held(@Nullable Refusal refusal, ConfirmMode mode, long sequence) {
        if (refusal != null) {
            dialogue.answer(ErrorWords.line(refusal) + (sequence < 0 ? "" : " seq=" + sequence));
        } else if (mode != ConfirmMode.NONE) {
            dialogue.answer(unrouted ? "OK:ROUTED:0" : "HELD");
        }
        unrouted = false;
    }

    /** Whether the outcome of a publish is one of a transaction, which no exchange leads anywhere. */
    boolean takes(long ticket) {
        unrouted |= ticket == NO_TICKET;
        return ticket == NO_TICKET;
    }

    /** Does {@code task} once the transaction is committed, or now where none is open. */
    void whenCommitted(Runnable task) {
        if (dialogue.link.inTransaction()) {
            onCommitted.add(task);
        } else {
            task.run();
        }
    }

    /** Refuses what no transaction can hold, and answers whether one is open. */
    boolean refuses(String what) {
        boolean isOpen = dialogue.link.inTransaction();
        if (isOpen) {
            Refusal refusal = Refusal.of(ErrorCode.NOT_ALLOWED, "a transaction is open, and holds no " + what);
            dialogue.link.spoil(refusal);
            dialogue.refuse(refusal);
        }
        return isOpen;
    }
}

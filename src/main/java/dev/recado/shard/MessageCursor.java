package dev.recado.shard;

import dev.recado.base.Check;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import org.jspecify.annotations.Nullable;

/** A place in a run that moves message by message; going forward costs one length field each. One owner. */
final class MessageCursor {

    private @Nullable StoredRun run;
    private long offset;
    private int position;

    /** Whether {@code wanted} lies in the run that the cursor is in. */
    boolean covers(long wanted) {
        StoredRun current = run;
        return current != null && wanted >= current.baseOffset() && wanted < current.endOffset();
    }

    /** Moves to {@code wanted}, which the cursor's run covers. */
    void seek(long wanted) {
        StoredRun current = run();
        if (wanted < offset) {
            offset = current.baseOffset();
            position = current.messagesStart();
        }
        while (offset < wanted) {
            position += MessageLayout.length(current.bytes(), position);
            offset++;
        }
    }

    void enter(StoredRun next) {
        run = next;
        offset = next.baseOffset();
        position = next.messagesStart();
    }

    void leave() {
        run = null;
    }

    /** The run that it is in, or null. */
    @Nullable
    StoredRun last() {
        return run;
    }

    StoredRun run() {
        StoredRun current = run;
        Check.that(current != null, "cursor outside any run");
        return java.util.Objects.requireNonNull(current);
    }

    int position() {
        return position;
    }

    /** Bytes of the message here. */
    int length() {
        return MessageLayout.length(run().bytes(), position);
    }

    /** How long the message may live, at most {@code topicTtlMs}; -1 is for ever. Overwrites {@code view}. */
    long ttlMs(MessageView view, long topicTtlMs) {
        if (topicTtlMs < 0 && (run().bytes()[position + 4] & MessageLayout.TTL) == 0) {
            return -1;
        }
        view.read(run().bytes(), position);
        long itsOwnMs = view.ttlMs;
        view.forget();
        return itsOwnMs < 0 ? topicTtlMs : topicTtlMs < 0 ? itsOwnMs : Math.min(topicTtlMs, itsOwnMs);
    }

    /** 0 where the message has none. Overwrites {@code view}. */
    int priority(MessageView view) {
        if ((run().bytes()[position + 4] & MessageLayout.PRIORITY) == 0) {
            return 0;
        }
        view.read(run().bytes(), position);
        int priority = view.priority;
        view.forget();
        return priority;
    }

    /** Of the key; a message without one may go to anybody. Overwrites {@code view}. */
    int keyHash(MessageView view, long itsOffset) {
        view.read(run().bytes(), position);
        int hash = view.keyLength == 0 ? (int) itsOffset : 1;
        for (int i = 0; i < view.keyLength; i++) {
            hash = 31 * hash + view.bytes[view.keyStart + i];
        }
        view.forget();
        return hash * 0x9E3779B9;
    }
}

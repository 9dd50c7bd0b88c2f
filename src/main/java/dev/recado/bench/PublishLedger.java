package dev.recado.bench;

import dev.recado.base.RangeSet;

/**
 * What the broker answered to one publisher, in the order of its messages: confirmed, refused, or not to be told; or,
 * where it answers nothing, up to where it has read them.
 * Everything below {@link #answered()} has an answer. Not thread-safe: one owner.
 */
public final class PublishLedger {

    private final RangeSet refused = new RangeSet();
    private final RangeSet unknown = new RangeSet();
    private long answered;
    private long handled;

    /** The next {@code count} messages are stored. */
    public void onStored(long count) {
        answered += count;
    }

    /** The next message was refused; {@code certain} unless it may be stored all the same. */
    public void onRefused(boolean certain) {
        (certain ? refused : unknown).add(answered++);
    }

    /**
     * The broker has read the messages up to {@code sent}, and answers nothing to them: whether they are stored is not
     * known, and yet they are owed.
     */
    public void onHandled(long sent) {
        handled += Math.max(0, sent - answered);
        answered = Math.max(answered, sent);
    }

    /** Nobody will tell about the messages up to {@code sent}. */
    public void onSilence(long sent) {
        unknown.addRange(answered, sent);
        answered = Math.max(answered, sent);
    }

    public long answered() {
        return answered;
    }

    public long refusedCount() {
        return refused.count();
    }

    public long unknownCount() {
        return unknown.count();
    }

    public long confirmedCount() {
        return answered - handled - refused.count() - unknown.count();
    }

    /** Whether consumers must get it. */
    public boolean isOwed(long sequence) {
        return sequence < answered && !refused.contains(sequence) && !unknown.contains(sequence);
    }

    /** The lowest message at or above {@code sequence} that was refused for certain, or {@link RangeSet#NONE}. */
    public long nextRefused(long sequence) {
        return refused.next(sequence);
    }
}

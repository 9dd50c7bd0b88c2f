package dev.recado.transport;

/**
 * The numbers by which a session knows its publishes again: dense and ascending. One that the link refuses at once has
 * used none, see {@link dev.recado.broker.Link#publish}. Of one link, one owner.
 */
public final class Tickets {

    private long next;

    /** The number of the next publish. */
    public long take() {
        return next++;
    }

    /** The publish that took {@code ticket}, the last one, was refused at once. */
    public void giveBack(long ticket) {
        next = ticket;
    }
}

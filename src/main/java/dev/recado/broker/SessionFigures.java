package dev.recado.broker;

/**
 * A session at one moment.
 *
 * @param id of the node's own numbering, from 1 in the order of opening; not given again while the node runs
 * @param connectedMs when it was opened, in ms since 1970 by the wall clock
 * @param subscriptions places in groups, taps and patterns
 * @param paused whether nothing is read of its peer, since too much is unconfirmed or waits for room
 */
public record SessionFigures(
        long id, SessionInfo info, long connectedMs, int subscriptions, boolean paused, Counts counts, Rates rates) {

    /**
     * Messages since it began.
     *
     * @param published taken for publishing, for each topic; also what a topic refused after
     * @param unconfirmed publishes that are not answered yet; one through an exchange counts for each of its topics
     * @param delivered handed to it, each delivery anew; of a tap that is filtered also what it leaves out
     * @param acked acknowledged: of a range that names more than it was handed, no more than that
     */
    public record Counts(long published, long unconfirmed, long delivered, long acked) {}

    /** Messages a second over the last 10 to 20 s. */
    public record Rates(double published, double delivered, double acked) {}
}

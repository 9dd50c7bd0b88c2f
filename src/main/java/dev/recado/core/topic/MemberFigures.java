package dev.recado.core.topic;

/**
 * A member of a group on one partition, at one moment.
 *
 * @param partition index in the topic
 * @param session id of the session that it belongs to
 * @param consumer id of a consumer that asks for each message; empty for others
 * @param pulls whether it asks for each message, and so needs no credit
 * @param paused whether it gets nothing until its peer has taken some of that
 * @param silent whether a lease of it ended and it gave no sign of life since
 */
public record MemberFigures(
        int partition, long session, String consumer, boolean pulls, Load load, boolean paused, boolean silent) {

    /**
     * What it has in hand.
     *
     * @param credit how many messages it may hold on this partition
     * @param leased how many it holds
     * @param handedBytes of what it was handed, what its peer has not taken
     */
    public record Load(int credit, int leased, long handedBytes) {}
}

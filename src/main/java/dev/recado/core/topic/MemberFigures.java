package dev.recado.core.topic;

/**
 * A member of a group on one partition, at one moment.
 *
 * @param partition index in the topic
 * @param session id of the session that it belongs to
 * @param consumer id of a consumer that asks for each message; empty for others
 */
public record MemberFigures(int partition, long session, String consumer, Wish wish, Load load, State state) {

    /**
     * How it wants to be served.
     *
     * @param pulls whether it asks for each message, and so needs no credit
     * @param priority those of a higher one are handed messages first
     * @param exclusive whether it is there on condition that it is the only member
     */
    public record Wish(boolean pulls, int priority, boolean exclusive) {}

    /**
     * What it has in hand.
     *
     * @param credit how many messages it may hold on this partition
     * @param leased how many it holds
     * @param handedBytes of what it was handed, what its peer has not taken
     */
    public record Load(int credit, int leased, long handedBytes) {}

    /**
     * Why it may be handed nothing.
     *
     * @param paused whether it gets nothing until its peer has taken some of what it was handed
     * @param silent whether a lease of it ended and it gave no sign of life since
     * @param ceased whether it gets nothing any more, and only settles what it has in hand; it is no member where these
     *     are counted
     */
    public record State(boolean paused, boolean silent, boolean ceased) {}
}

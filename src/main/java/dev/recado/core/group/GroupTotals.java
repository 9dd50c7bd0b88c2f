package dev.recado.core.group;

/** What a group has done since it was opened, in counts that only grow. Of the owner of the group. */
public final class GroupTotals {

    private long delivered;
    private long redelivered;
    private long acked;
    private long ignoredAcks;
    private long deadLettered;

    void onDelivered(boolean again) {
        delivered++;
        if (again) {
            redelivered++;
        }
    }

    void onAcked(int messages) {
        acked += messages;
    }

    void onIgnoredAck() {
        ignoredAcks++;
    }

    void onDeadLettered() {
        deadLettered++;
    }

    public long delivered() {
        return delivered;
    }

    /** Of the deliveries, those that were not a message's first. */
    public long redelivered() {
        return redelivered;
    }

    public long acked() {
        return acked;
    }

    /** Acks, nacks and the like of something that the member did not hold. */
    public long ignoredAcks() {
        return ignoredAcks;
    }

    /** Messages given up for the dead-letter topic. */
    public long deadLettered() {
        return deadLettered;
    }
}

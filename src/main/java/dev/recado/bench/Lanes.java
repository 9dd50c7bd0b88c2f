package dev.recado.bench;

/**
 * Which publisher serves which topics. A lane is one publisher's way to one topic, within which order is promised: with
 * at least as many publishers as topics each has one lane, else each takes its topics in turn. Immutable.
 */
public final class Lanes {

    private final int publishers;
    private final int topics;
    private final int[] base;

    public Lanes(int publishers, int topics) {
        this.publishers = publishers;
        this.topics = topics;
        base = new int[publishers + 1];
        for (int p = 0; p < publishers; p++) {
            base[p + 1] = base[p] + lanesOf(p);
        }
    }

    /** How many topics a publisher serves. */
    public int lanesOf(int publisher) {
        return topics <= publishers ? 1 : (topics - publisher + publishers - 1) / publishers;
    }

    /** The topic of a publisher's lane, each from 0. */
    public int topicOf(int publisher, int lane) {
        return (publisher + lane * publishers) % topics;
    }

    /** The topic to which a message goes. */
    public int topicOf(int publisher, long sequence) {
        return topicOf(publisher, (int) (sequence % lanesOf(publisher)));
    }

    /** The number of a message's lane among all lanes. */
    public int laneOf(int publisher, long sequence) {
        return base[publisher] + (int) (sequence % (base[publisher + 1] - base[publisher]));
    }

    /** How many lanes there are. */
    public int count() {
        return base[publishers];
    }
}

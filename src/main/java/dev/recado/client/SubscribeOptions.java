package dev.recado.client;

/**
 * What to consume and how.
 *
 * @param topic name or pattern ({@code weather.*.madrid}, {@code weather.#})
 * @param group the group to join; {@code *} is a tap: private, from now on, without acknowledgements; empty is the
 *     lowest-numbered automatic group with room, which after a reconnect may be another one
 * @param credit how many messages may be unacknowledged, which also bounds what the client buffers, 1 to 65,535; 0
 *     acknowledges each message when the broker has written it to the socket, and buffers at most 16,384
 * @param from where a new group begins: {@code first}, {@code last}, {@code next}, an offset, {@code @<epoch millis>},
 *     or empty for the broker's default
 * @param deliveriesMax how many messages the broker hands over at most in all, across reconnects; 0 is no bound. What
 *     has not reached the handler when a connection ends does not count
 * @param priority of its group's members that have credit and read, those of the highest are served first; 0 where
 *     nothing is said (brokers from 0.2.0 on, as the next one)
 * @param company who else may read along
 */
public record SubscribeOptions(
        String topic, String group, int credit, String from, long deliveriesMax, int priority, Company company) {

    /** Who else may read along. */
    public enum Company {
        /** Any other members of the group. */
        SHARED,
        /** The only member of its group: REFUSED with IN_USE where others are there, as others are while it is. */
        EXCLUSIVE,
        /**
         * Nobody shares its position: it reads a log from {@code from} on by itself, without a group (brokers from
         * 0.2.0 on). Nothing stores the position, and an acknowledgement only gives credit back. Where a connection is
         * lost it goes on at the oldest message that it has not settled, which may bring later ones again; of a topic
         * with several partitions, and where it has had nothing yet, it begins at {@code from} again.
         */
        ALONE
    }

    private static final int NAME_CHARS_MAX = 255;
    private static final int BUFFER_MAX = 8_192;

    public SubscribeOptions {
        if (topic.isEmpty() || topic.length() > NAME_CHARS_MAX || group.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "topic and group take at most " + NAME_CHARS_MAX + " characters, and a topic one at least");
        }
        if (credit < 0 || credit > 65_535) {
            throw new IllegalArgumentException("credit outside 0 to 65535: " + credit);
        }
        if ((priority != 0 || company == Company.EXCLUSIVE) && group.equals("*")) {
            throw new IllegalArgumentException("priority and exclusive need a group");
        }
        if (company == Company.ALONE && (!group.isEmpty() || priority != 0)) {
            throw new IllegalArgumentException("alone takes no group and no priority");
        }
        if (deliveriesMax < 0 || deliveriesMax > 0 && (credit == 0 || group.equals("*") || company == Company.ALONE)) {
            throw new IllegalArgumentException("deliveriesMax needs a group and a credit: " + deliveriesMax);
        }
    }

    /** Without a bound on the deliveries. */
    public SubscribeOptions(String topic, String group, int credit, String from) {
        this(topic, group, credit, from, 0);
    }

    /** Of no priority, and not alone. */
    public SubscribeOptions(String topic, String group, int credit, String from, long deliveriesMax) {
        this(topic, group, credit, from, deliveriesMax, 0, Company.SHARED);
    }

    /** With the broker's own defaults: credit 256, a new group begins at the next message. */
    public static SubscribeOptions of(String topic, String group) {
        return new SubscribeOptions(topic, group, 256, "");
    }

    /** A reader of a log by itself, see {@link Company#ALONE}. */
    public static SubscribeOptions alone(String topic, String from) {
        return new SubscribeOptions(topic, "", 256, from, 0, 0, Company.ALONE);
    }

    public SubscribeOptions withCredit(int messages) {
        return new SubscribeOptions(topic, group, messages, from, deliveriesMax, priority, company);
    }

    public SubscribeOptions withFrom(String position) {
        return new SubscribeOptions(topic, group, credit, position, deliveriesMax, priority, company);
    }

    public SubscribeOptions withDeliveriesMax(long messages) {
        return new SubscribeOptions(topic, group, credit, from, messages, priority, company);
    }

    public SubscribeOptions withPriority(int value) {
        return new SubscribeOptions(topic, group, credit, from, deliveriesMax, value, company);
    }

    public SubscribeOptions withExclusive(boolean value) {
        if (alone()) {
            throw new IllegalArgumentException("who reads alone has no group to be the only member of");
        }
        Company wanted = value ? Company.EXCLUSIVE : Company.SHARED;
        return new SubscribeOptions(topic, group, credit, from, deliveriesMax, priority, wanted);
    }

    /** See {@link Company#EXCLUSIVE}. */
    public boolean exclusive() {
        return company == Company.EXCLUSIVE;
    }

    /** See {@link Company#ALONE}. */
    public boolean alone() {
        return company == Company.ALONE;
    }

    boolean isLeased() {
        return credit > 0 && !group.equals("*");
    }

    /** As they are on the wire. */
    String words() {
        return "time"
                + (deliveriesMax > 0 ? "&spend" : "")
                + (alone() ? "&alone" : "")
                + (exclusive() ? "&exclusive" : "")
                + (priority == 0 ? "" : "&priority=" + priority);
    }

    /** Whether it asks for what it must not go without, of brokers that know no options. */
    boolean needsOptions() {
        return company != Company.SHARED || priority != 0;
    }

    int bufferMax() {
        return isLeased() ? credit : BUFFER_MAX;
    }
}

package dev.recado.broker;

import dev.recado.core.topic.StartPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a session wants to consume.
 *
 * @param topic name in the namespace of the session, or a pattern for {@link Kind#PATTERN}, which matches there
 * @param group the group's name for {@link Kind#GROUP} and {@link Kind#PULL}; null: an automatic group
 * @param consumerId for {@link Kind#PULL}: the classic consumer's id, whose own group it is where {@code group} is
 *     null; null: the broker picks an id of an automatic group's, which rejoins that group when it comes again. An id
 *     in use is taken over: the older session is ended with SESSION_REPLACED, unless it is another user's (NAME_IN_USE)
 * @param credit messages that may be held unacknowledged, 1 to 65,535, and one of each partition in any case, but for
 *     who spends it; {@link #ANY_CREDIT} for any number; unused for taps and pulls
 * @param from where a new group or a {@link Kind#READER} begins; existing groups ignore it
 * @param manner how it wants to be served; as most want it where nothing is said
 */
public record SubscribeSpec(
        Kind kind,
        String topic,
        @Nullable String group,
        @Nullable String consumerId,
        int credit,
        StartPosition from,
        Manner manner) {

    /**
     * How a consumer wants to be served.
     *
     * @param slowTap what is done with a {@link Kind#TAP} that does not keep up; unused for others
     * @param filtered for {@link Kind#TAP}: begins wanting nothing and gets nothing until {@link SubscriptionLink#want}
     * @param trailing for {@link Kind#GROUP}: acknowledges a message only once others follow it, so that it always
     *     holds some; it is not waited for until it holds nothing, nor taken for silent when a lease ends
     * @param spending for {@link Kind#GROUP}: a delivery takes one of its credit for good; only {@link
     *     SubscriptionLink#addCredit} gives more, so that it is never handed more messages than it asked for
     * @param priority for {@link Kind#GROUP}: messages go to members of the highest priority that could be handed one;
     *     0 for most
     * @param exclusive for {@link Kind#GROUP} and {@link Kind#PULL}: wants to be the only member of the group, and is
     *     refused with IN_USE where it has others; while it is there others are, but for who pulls
     */
    public record Manner(
            SlowTap slowTap, boolean filtered, boolean trailing, boolean spending, int priority, boolean exclusive) {

        /** As most want it: a tap holds publishing up and is not filtered. */
        static final Manner USUAL = new Manner(SlowTap.BLOCK, false, false, false, 0, false);
    }

    /**
     * As credit: any number of messages. Bytes that the socket has not taken bound what comes, and the memory in which
     * groups keep track of what is held ({@code groups.held-bytes}) how many they are in all. Nothing is spent of it.
     */
    public static final int ANY_CREDIT = Integer.MAX_VALUE;

    /** As most want it. */
    public SubscribeSpec(
            Kind kind,
            String topic,
            @Nullable String group,
            @Nullable String consumerId,
            int credit,
            StartPosition from) {
        this(kind, topic, group, consumerId, credit, from, Manner.USUAL);
    }

    /** A tap that wants everything from now on. */
    public static SubscribeSpec tap(String topic, SlowTap slowTap) {
        return new SubscribeSpec(Kind.TAP, topic, null, null, 1, StartPosition.next())
                .with(new Manner(slowTap, false, false, false, 0, false));
    }

    /** A tap that wants nothing yet. */
    public static SubscribeSpec filteredTap(String topic, SlowTap slowTap) {
        return new SubscribeSpec(Kind.TAP, topic, null, null, 1, StartPosition.next())
                .with(new Manner(slowTap, true, false, false, 0, false));
    }

    /** The same for a member that holds messages until others follow. */
    public SubscribeSpec withTrailing(boolean trails) {
        return with(new Manner(slowTap(), filtered(), trails, spending(), priority(), exclusive()));
    }

    /** The same for a member whose credit is spent by deliveries. */
    public SubscribeSpec withSpending(boolean spends) {
        return with(new Manner(slowTap(), filtered(), trailing(), spends, priority(), exclusive()));
    }

    /** The same for a member of that priority. */
    public SubscribeSpec withPriority(int priority) {
        return with(new Manner(slowTap(), filtered(), trailing(), spending(), priority, exclusive()));
    }

    /** The same for a member that wants to be the only one. */
    public SubscribeSpec withExclusive(boolean excludes) {
        return with(new Manner(slowTap(), filtered(), trailing(), spending(), priority(), excludes));
    }

    private SubscribeSpec with(Manner newManner) {
        return new SubscribeSpec(kind, topic, group, consumerId, credit, from, newManner);
    }

    /** See {@link Manner}. */
    public SlowTap slowTap() {
        return manner.slowTap;
    }

    /** See {@link Manner}. */
    public boolean filtered() {
        return manner.filtered;
    }

    /** See {@link Manner}. */
    public boolean trailing() {
        return manner.trailing;
    }

    /** See {@link Manner}. */
    public boolean spending() {
        return manner.spending;
    }

    /** See {@link Manner}. */
    public int priority() {
        return manner.priority;
    }

    /** See {@link Manner}. */
    public boolean exclusive() {
        return manner.exclusive;
    }

    /** The ways to consume. */
    public enum Kind {
        /** Deliveries are pushed and leased. */
        GROUP,
        /**
         * As a group whose only member it is, which nobody else sees, is stored nowhere and ends with it: it reads from
         * {@code from} on what there is, and holds back neither publishers nor retention.
         */
        READER,
        /** Messages are asked for one by one (classic). */
        PULL,
        /** From now on, to this session alone, no leases. */
        TAP,
        /** A queue of its own behind the topics whose names match. */
        PATTERN
    }
}

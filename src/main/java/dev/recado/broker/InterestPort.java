package dev.recado.broker;

/** What a session that watches what others want is told. A role of a {@link SessionPort}, whose rules hold for it. */
public interface InterestPort {

    /**
     * Of a topic that {@link Link#watchInterest} named: first each prefix that is wanted now, once, then each change in
     * the order of the changes: {@code wanted} when the first one wants {@code prefix}, not {@code wanted} when the
     * last one stopped. Wanted are the prefixes of filtered taps; and the empty one (everything) while the topic has a
     * tap that is not filtered, a group or a matching pattern subscription, or keeps messages for those who come later
     * (durability other than memory). Prefixes overlap as they come: {@code ab} is told beside {@code a}.
     *
     * @param prefix not to be changed
     */
    void onInterest(String topic, byte[] prefix, boolean wanted);
}

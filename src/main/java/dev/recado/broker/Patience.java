package dev.recado.broker;

/** What a session's publishes do where a topic is full, the disk low or the memory short. */
public enum Patience {
    /** A full topic keeps them for a bounded time and within a bound of bytes; a shortage refuses them at once. */
    REFUSE,
    /**
     * They wait in order, however long it takes, and nothing more is to be read of the session's peer meanwhile; what
     * was read of a peer that has gone waits on. While such bytes fill the loop's bound, others with this patience are
     * not read either, but for those that have subscribed to something. Only topics that reject what is over their
     * limit, the end of the topic and the stop of the broker refuse what waits.
     */
    WAIT
}

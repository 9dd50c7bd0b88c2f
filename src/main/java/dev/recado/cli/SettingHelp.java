package dev.recado.cli;

/** What the settings of topics and groups mean, below the help of the commands that take them. */
final class SettingHelp {

    /** Key, default, meaning. */
    static final String TOPIC = """

            Settings (default):
              kind (log)            log: kept for a time, any number of groups; queue: a
                                    message is kept until the one group has finished it
              durability (fsync)    where a message must be before it is confirmed:
                                    fsync, os or memory
              partitions (1)        1 to 1024, of a queue 1
              retention.time (7d)   how long a log keeps what is finished, or none
              retention.bytes (1GiB)  how much of that it keeps, or none
              retention.force (false)  true: these two remove what is unfinished too
              limit.messages (none) unfinished messages at which the topic is full
              limit.bytes (none)    the same in bytes
              limit.message-bytes (16MiB)  largest message with its key and headers
              overflow (block)      a publish to a full topic waits (block), is refused
                                    (reject), or the oldest go for it (drop-oldest)
              ttl (none)            age at which a message is delivered no more
            kind and partitions are fixed once the topic is there.
            Durations: 500ms, 30s, 7d. Sizes: 64KiB, 1GiB.""";

    /** The same of groups. */
    static final String GROUP = """

            Settings (default):
              strategy (round-robin)  who gets the next message: round-robin,
                                    least-in-flight, key-ordered (a key's messages in
                                    order to one member), single-active (one member
                                    until it goes)
              from (next)           where it begins, only when created: first, last,
                                    next, an offset, -1h, 2026-11-28T15:00Z
              lease-ms (30s)        how long a member may hold a message, 100ms to 12h;
                                    0: as long as it stays
              max-deliveries (16)   deliveries after which a message is a dead letter
              back-off-ms (100ms)   how long a returned message waits, doubled each time
              nack-counts (true)    whether NACK counts towards max-deliveries
              dead-letter (<topic>.dead)  topic for dead letters, not the group's own;
                                    empty: they are dropped
              max-members (0)       members that it takes; 0: any number
            Durations: 500ms, 30s, 12h.""";

    private SettingHelp() {}
}

package dev.recado.house;

import java.util.List;

/** The rooms of the house and their doors: what {@link ArchitectureTest} holds and the page on architecture shows. */
final class Rooms {

    /**
     * One package.
     *
     * @param name below {@code dev.recado}
     * @param purpose one sentence for the page
     * @param doors packages that it may import beside itself
     */
    record Room(String name, String purpose, List<String> doors) {}

    static final List<Room> ALL = List.of(
            room("base", "words that everybody needs; ports to turns, time and chance"),
            room("core.message", "what a message, a run and an entry of the log are", "base"),
            room(
                    "core.topic",
                    "topics, partitions, groups as the catalog knows them; limits, producers",
                    "base",
                    "core.message",
                    "core.group",
                    "security"),
            room("core.group", "what a group has handed out, finished and put off, for one partition", "base"),
            room("core.routing", "how a publish finds its topics", "core.message", "core.topic"),
            room(
                    "journal",
                    "journal, segments, state files, recovery, over a port to the disk",
                    "base",
                    "core.message"),
            room("replication", "the replicated log of one shard as a pure state machine", "base", "core.message"),
            room(
                    "shard",
                    "partitions, groups and progress of one shard: commands in, effects out, entries of the"
                            + " log applied",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "replication"),
            room(
                    "broker",
                    "the API that every transport uses",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.routing",
                    "security"),
            room(
                    "broker.session",
                    "what belongs to sessions, each on its event loop: what they may do, links, subscriptions,"
                            + " taps, inboxes, the turn",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "core.routing",
                    "shard",
                    "broker",
                    "security"),
            room(
                    "node",
                    "where shards, sessions and the journal meet: start and stop, group commit, checkpoints,"
                            + " recovery, retention",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "journal",
                    "replication",
                    "shard",
                    "broker",
                    "broker.session",
                    "security"),
            room("security", "who you are and what you may do", "base"),
            room(
                    "tls",
                    "TLS of listeners: certificates and keys from files, read again when they change, and handshakes",
                    "base"),
            room(
                    "transport",
                    "what all protocols share: listeners, sockets, the frame of a session, budgets",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "broker",
                    "security",
                    "tls"),
            room("transport.text.wire", "the grammar of the text protocol; the Java client uses it too", "base"),
            room(
                    "transport.text",
                    "the text protocol",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "broker",
                    "security",
                    "transport",
                    "transport.text.wire"),
            room("transport.zmtp.wire", "the grammar of ZMTP, ZeroMQ's protocol", "base"),
            room(
                    "transport.zmtp.curve",
                    "the CURVE mechanism of ZMTP, server side: keys, handshake, sealed messages; pure",
                    "base"),
            room(
                    "transport.zmtp",
                    "ZMTP: each socket type as a traffic of its own",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "core.routing",
                    "broker",
                    "security",
                    "transport",
                    "transport.zmtp.wire",
                    "transport.zmtp.curve"),
            room(
                    "transport.amqp.wire",
                    "the grammar of AMQP 0-9-1 with RabbitMQ's extensions: frames, methods, tables, properties",
                    "base"),
            room(
                    "transport.amqp",
                    "AMQP 0-9-1, as RabbitMQ's clients speak it: pure connection and channels, thin listener",
                    "base",
                    "core.message",
                    "core.topic",
                    "core.group",
                    "broker",
                    "security",
                    "transport",
                    "transport.amqp.wire"),
            room("client", "the Java client", "base", "transport.text.wire"),
            room("bench", "the load engine of `recado bench`: pacing, measuring, verifying; knows no protocol", "base"),
            room("bench.text", "load over the text protocol", "base", "transport.text.wire", "bench"),
            room(
                    "bench.zmtp",
                    "load over ZMTP: a pipeline of PUSH and PULL sockets, or PUB and SUB where consumers are" + " taps",
                    "base",
                    "transport.zmtp.wire",
                    "bench"),
            room("bench.amqp", "load over AMQP 0-9-1", "base", "transport.amqp.wire", "bench"),
            room("bench.report", "what a load run found, as text, JSON and HTML", "base", "bench"),
            room(
                    "config",
                    "one table of settings; file, environment and options into records",
                    "base",
                    "core.topic",
                    "core.group",
                    "transport"),
            room("file", "files that commands write, each there as a whole or not at all"),
            room("cli.option", "what options of commands have in common: how their values are read", "base"),
            room(
                    "cli",
                    "commands that talk to a broker; knows of topics and groups what can be set",
                    "base",
                    "core.topic",
                    "core.group",
                    "client",
                    "bench",
                    "bench.report",
                    "file",
                    "cli.option"),
            room(
                    "apps",
                    "example applications, which speak to the broker over ZeroMQ as anybody's program would,"
                            + " and what they share",
                    "base",
                    "cli.option"),
            room(
                    "apps.process",
                    "applications made of processes of this JAR: started, started again when they die, ended with who"
                            + " started them",
                    "base",
                    "file"),
            room(
                    "apps.monitor",
                    "monitors that elect a leader, look after the health of nodes and start the dead ones again",
                    "base",
                    "file",
                    "cli.option",
                    "apps",
                    "apps.process"),
            room("apps.weather", "weather of regions over publish and subscribe", "base", "cli.option", "apps"),
            room(
                    "apps.divide",
                    "a folder of images, filtered by many workers over a pipeline: divide and conquer",
                    "base",
                    "cli.option",
                    "apps"),
            room(
                    "apps.coffee.data",
                    "rows of the coffee shop, their tables, exact money and the rules that each row keeps"),
            room(
                    "apps.coffee.csv",
                    "files of the coffee shop: read with the line named where they are wrong, and generated",
                    "apps.coffee.data",
                    "file"),
            room(
                    "apps.coffee.wire",
                    "batches between nodes of the coffee shop, frames between its client and its gateway: pure codecs",
                    "base",
                    "apps.coffee.data"),
            room(
                    "apps.coffee.query",
                    "what the queries of the coffee shop compute: filters, partial sums and their aggregation",
                    "apps.coffee.data"),
            room(
                    "apps.coffee.session",
                    "which batches of a session of the coffee shop have come, and when its tables are whole",
                    "base",
                    "apps.coffee.data"),
            room(
                    "apps.coffee.state",
                    "what a node of the coffee shop remembers of its sessions over its own death",
                    "base",
                    "file",
                    "apps.coffee.data",
                    "apps.coffee.session",
                    "apps.coffee.wire"),
            room(
                    "apps.coffee.node",
                    "processes of the coffee shop that live on AMQP: workers, aggregators, how they are joined",
                    "base",
                    "apps",
                    "apps.coffee.data",
                    "apps.coffee.query",
                    "apps.coffee.session",
                    "apps.coffee.state",
                    "apps.coffee.wire"),
            room(
                    "apps.coffee.gateway",
                    "the gateway of the coffee shop: sessions over TCP, positions and answers over its own death",
                    "base",
                    "apps",
                    "apps.coffee.data",
                    "apps.coffee.node",
                    "apps.coffee.session",
                    "apps.coffee.state",
                    "apps.coffee.wire"),
            room(
                    "apps.coffee.client",
                    "the client of the coffee shop: reads files, sends them, writes what comes back",
                    "base",
                    "file",
                    "apps",
                    "apps.coffee.csv",
                    "apps.coffee.data",
                    "apps.coffee.gateway",
                    "apps.coffee.wire"),
            room(
                    "apps.coffee.up",
                    "the whole coffee shop as processes with their monitors: started, shown, stopped",
                    "apps",
                    "apps.coffee.query",
                    "apps.monitor",
                    "apps.process"),
            room(
                    "apps.coffee",
                    "the analytics of a chain of coffee shops over AMQP, as commands",
                    "base",
                    "cli.option",
                    "apps",
                    "apps.coffee.client",
                    "apps.coffee.csv",
                    "apps.coffee.data",
                    "apps.coffee.gateway",
                    "apps.coffee.node",
                    "apps.coffee.query",
                    "apps.coffee.up",
                    "apps.monitor",
                    "apps.process"),
            room("apps.messaging.wire", "the envelope of every message of the application, in MessagePack; pure"),
            room("apps.messaging.clock", "Lamport clocks, corrected wall clocks, rounds of Berkeley's algorithm; pure"),
            room(
                    "apps.messaging.history",
                    "what servers replicate: operations, each applied once, and the ordered histories; pure",
                    "apps.messaging.wire"),
            room(
                    "apps.messaging.file",
                    "files that are there as a whole or not at all, and files of lines that are appended to",
                    "file",
                    "apps.messaging.clock"),
            room("apps.messaging.link", "the sockets of one process of the application, owned by one thread"),
            room(
                    "apps.messaging.server",
                    "a server: a pure core, its durable files, the loop that owns its sockets",
                    "apps",
                    "apps.messaging.wire",
                    "apps.messaging.clock",
                    "apps.messaging.history",
                    "apps.messaging.file",
                    "apps.messaging.link"),
            room(
                    "apps.messaging.ref",
                    "the reference server: ranks, living servers, their expiry",
                    "apps",
                    "apps.messaging.wire",
                    "apps.messaging.clock",
                    "apps.messaging.file",
                    "apps.messaging.link"),
            room(
                    "apps.messaging.client",
                    "the terminal client and the bot: a pure core and the loop that owns the sockets",
                    "apps",
                    "apps.messaging.wire",
                    "apps.messaging.clock",
                    "apps.messaging.link"),
            room(
                    "apps.messaging.up",
                    "all parts as processes: started, started again when they die, stopped",
                    "apps",
                    "apps.process"),
            room(
                    "apps.messaging",
                    "messaging with clocks and replicas: the commands of the application",
                    "base",
                    "cli.option",
                    "apps",
                    "apps.messaging.wire",
                    "apps.messaging.link",
                    "apps.messaging.server",
                    "apps.messaging.ref",
                    "apps.messaging.client",
                    "apps.messaging.up",
                    "apps.process"));

    /** State machines: no threads, no files, no network, time and chance passed in. */
    static final List<String> PURE = List.of(
            "base",
            "core.message",
            "core.topic",
            "core.group",
            "core.routing",
            "journal",
            "replication",
            "shard",
            "transport.zmtp.curve",
            "transport.amqp.wire",
            "apps.coffee.data",
            "apps.coffee.wire",
            "apps.coffee.query",
            "apps.coffee.session",
            "apps.messaging.wire",
            "apps.messaging.clock",
            "apps.messaging.history");

    private Rooms() {}

    private static Room room(String name, String purpose, String... doors) {
        return new Room(name, purpose, List.of(doors));
    }
}

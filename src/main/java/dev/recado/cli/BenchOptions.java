package dev.recado.cli;

import dev.recado.base.ClientTls;
import dev.recado.base.Quantities;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadRun;
import dev.recado.bench.LoadTransport;
import dev.recado.bench.Stamp;
import dev.recado.cli.option.CountConverter;
import dev.recado.cli.option.DurationConverter;
import dev.recado.client.BrokerAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What {@code recado bench} shall do, and the bounds of it. */
final class BenchOptions {

    private static final int CONNECTIONS_MAX = 20_000;
    private static final int TOPICS_MAX = 10_000;
    private static final int WINDOW_MAX = 1 << 20;
    private static final int CREDIT_MAX = 65_535;
    private static final int SIZE_MAX = 16 << 20;
    private static final double RATE_MIN = 1e-3;
    private static final double RATE_MAX = 1e8;
    private static final long TIME_MS_MAX = 7 * 86_400_000L;
    private static final long WARM_UP_MS_DEFAULT = 2_000;
    private static final long RESUME_WAIT_MS_DEFAULT = 60_000;
    private static final long SUBSCRIPTIONS_MAX = 1_000_000;
    /** Payloads that are held ready for sending and for comparing. */
    private static final long PAYLOADS_BYTES_MAX = 1L << 30;
    /** Messages of all publishers whose time of sending is kept. */
    private static final long WINDOWS_MAX = 1L << 26;

    private static final long DURATION_MS_DEFAULT = 10_000;

    enum Kind {
        log,
        queue
    }

    enum Durability {
        fsync,
        os,
        memory
    }

    /** Sizes such as 1KiB. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return valid(Quantities.sizeBytes(value), value, "a size such as 128 or 4KiB");
        }
    }

    private static long valid(long number, String value, String expected) {
        if (number == Quantities.INVALID) {
            throw new TypeConversionException("'" + value + "' is not " + expected);
        }
        return number;
    }

    @Option(
            names = "--broker",
            paramLabel = "HOST[:PORT]",
            converter = BrokerOptions.BrokerList.class,
            description = "The broker; over zmtp its listener for publishers (default: 127.0.0.1 and the transport's"
                    + " port: 8080, over amqp 5672, over zmtp 5559, with --tap 5557; the variable RECADO_BROKER says"
                    + " another host, and the port over text).")
    @Nullable
    String broker;

    @Mixin
    TlsOptions tls = new TlsOptions();

    @Option(
            names = "--consume-from",
            paramLabel = "HOST[:PORT]",
            converter = BrokerOptions.BrokerList.class,
            description = "Over zmtp the listener for consumers (default: the host of --broker and port 5560,"
                    + " with --tap 5558).")
    @Nullable
    String consumeFrom;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Protocol: text, zmtp, or amqp, which any broker of AMQP 0-9-1 understands: as guest, a queue"
                    + " for each topic, or a fanout exchange with a queue for each group or tap (default:"
                    + " ${DEFAULT-VALUE}).")
    String transport = "text";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = "${env:RECADO_NAMESPACE:-/}",
            description = "Namespace of the topics, over amqp the virtual host (default: the environment variable"
                    + " RECADO_NAMESPACE, now ${DEFAULT-VALUE}).")
    String namespace = "/";

    @Option(
            names = "--publishers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Publishers, each with a connection (default: ${DEFAULT-VALUE}).")
    int publishers = 1;

    @Option(
            names = "--consumers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Consumers in each group, or taps (default: ${DEFAULT-VALUE}); 0 for none.")
    int consumers = 1;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "1",
            description = "Groups, each of which gets every message (default: ${DEFAULT-VALUE}).")
    int groups = 1;

    @Option(
            names = "--tap",
            description = "Consume as taps: every consumer gets every message, unacknowledged. Over zmtp: PUB and SUB"
                    + " sockets instead of PUSH and PULL.")
    boolean tap;

    @Option(
            names = "--topics",
            paramLabel = "N",
            defaultValue = "1",
            description = "Topics over which the messages are spread (default: ${DEFAULT-VALUE}).")
    int topics = 1;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "The topic, or what several begin with; kept (default: the run's own, deleted at its end)."
                    + " Consuming from a topic of --kind queue takes and acknowledges whatever lies in it, also the"
                    + " messages of others.")
    @Nullable
    String topic;

    @Option(names = "--kind", description = "${COMPLETION-CANDIDATES} (default: log; over amqp there are only queues).")
    @Nullable
    Kind kind;

    @Option(
            names = "--durability",
            defaultValue = "fsync",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Durability durability = Durability.fsync;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1",
            description = "Partitions of each topic (default: ${DEFAULT-VALUE}).")
    int partitions = 1;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "128",
            converter = Size.class,
            description = "Payload of each message, at least 32 B (default: ${DEFAULT-VALUE}).")
    long sizeBytes = 128;

    @Option(
            names = "--rate",
            paramLabel = "MSG/S",
            defaultValue = "0",
            description = "Messages a second of all publishers together: an open loop; 0 is a closed loop (default).")
    double ratePerSecond;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Unconfirmed messages of each publisher in a closed loop (default: ${DEFAULT-VALUE}).")
    int window = 4_096;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to send behind the warm-up (default: 10s, or until --count).")
    @Nullable
    Long durationMs;

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Messages to send in all, 1 or more (default: as many as fit the duration).")
    long count;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to send before measuring (default: 2s, or none with --count alone).")
    @Nullable
    Long warmUpMs;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to wait at the end while nothing more arrives (default: ${DEFAULT-VALUE}).")
    long drainMs = 10_000;

    @Option(
            names = "--confirm",
            description = "${COMPLETION-CANDIDATES} (default: range; over zmtp there is only none).")
    LoadPlan.@Nullable Confirm confirm;

    @Option(names = "--ack", description = "${COMPLETION-CANDIDATES} (default: batch).")
    LoadPlan.@Nullable Ack ack;

    @Option(
            names = "--credit",
            paramLabel = "N",
            defaultValue = "8192",
            description = "Unacknowledged messages of each consumer and topic (default: ${DEFAULT-VALUE}).")
    int credit = 8_192;

    @Option(
            names = "--verify",
            description = "Check for loss, duplicates, order and phantoms; exit with 1 if there are any.")
    boolean verify;

    @Option(
            names = "--resume",
            description = "Go on after a lost connection, and send again under the same numbers what had no answer.")
    boolean resume;

    @Option(
            names = "--resume-wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to try to connect again (default: 60s).")
    @Nullable
    Long resumeWaitMs;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Threads for sending, as many for confirmations and for deliveries (default: ${DEFAULT-VALUE}).")
    int threads = 1;

    /**
     * The plan that these options describe.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    LoadPlan plan() {
        LoadTransport spoken = spoken();
        bounds();
        contradictions();
        if (spoken.hasTopics()) {
            contradictionsWithTopics();
        } else {
            contradictionsWithoutTopics();
        }
        int run = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        String name = topic == null ? "bench-" + Integer.toHexString(run) : topic;
        long duration = orElse(durationMs, count > 0 ? 0 : DURATION_MS_DEFAULT);
        long warmUp = orElse(warmUpMs, duration > 0 ? WARM_UP_MS_DEFAULT : 0);
        long resumeWait = orElse(resumeWaitMs, RESUME_WAIT_MS_DEFAULT);
        within("--duration", duration, 0, TIME_MS_MAX, " ms");
        within("--warm-up", warmUp, 0, TIME_MS_MAX, " ms");
        within("--drain", drainMs, 0, TIME_MS_MAX, " ms");
        within("--resume-wait", resumeWait, 0, TIME_MS_MAX, " ms");
        require(duration > 0 || count > 0, "--duration 0 needs --count");
        LoadPlan.Topics named =
                new LoadPlan.Topics(name, topics, topic == null, kind(spoken), durability.name(), partitions);
        LoadPlan.Confirm otherwise = spoken.hasTopics() ? LoadPlan.Confirm.range : LoadPlan.Confirm.none;
        LoadPlan plan = new LoadPlan(
                new LoadPlan.Setup(run, transport, secured(endpoints(spoken.endpoints(tap))), threads, namespace),
                spoken.hasTopics() ? named : LoadPlan.Topics.OF_LISTENER,
                new LoadPlan.Publishing(
                        publishers, (int) sizeBytes, ratePerSecond, window, confirm == null ? otherwise : confirm),
                new LoadPlan.Consuming(consumers, groups, credit, ack == null ? LoadPlan.Ack.batch : ack, tap),
                new LoadPlan.Timing(warmUp, duration, count, drainMs),
                new LoadPlan.Safety(verify, resume, resumeWait, spoken.numbersPublishes()));
        products(plan);
        String cannot = spoken.cannot(plan);
        require(cannot == null, String.valueOf(cannot));
        return plan;
    }

    /**
     * The transport that {@code --transport} names.
     *
     * @throws IllegalArgumentException with a text for a person
     */
    LoadTransport spoken() {
        return LoadRun.transports().stream()
                .filter(known -> known.name().equals(transport))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown --transport " + transport));
    }

    private String kind(LoadTransport spoken) {
        List<String> kinds = spoken.kinds();
        if (kind == null) {
            return kinds.isEmpty() ? "" : kinds.get(0);
        }
        require(kinds.contains(kind.name()), "over " + transport + " there is no --kind " + kind + ": leave it out");
        return kind.name();
    }

    private void bounds() {
        within("--publishers", publishers, 1, CONNECTIONS_MAX, "");
        within("--consumers", consumers, 0, CONNECTIONS_MAX, "");
        within("--groups", groups, 1, CONNECTIONS_MAX, "");
        within("--topics", topics, 1, TOPICS_MAX, "");
        within("--partitions", partitions, 1, 1_024, "");
        within("--size", sizeBytes, Stamp.BYTES, SIZE_MAX, "");
        within("--window", window, 1, WINDOW_MAX, "");
        within("--credit", credit, 1, CREDIT_MAX, "");
        within("--threads", threads, 1, 64, "");
        boolean closed = ratePerSecond == 0;
        require(
                closed || ratePerSecond >= RATE_MIN && ratePerSecond <= RATE_MAX,
                "--rate must be 0 or from " + RATE_MIN + " to " + (long) RATE_MAX);
    }

    /** What was given, and the rest by default: consumers are looked for on the host of the publishers' address. */
    private LoadPlan.Endpoints endpoints(LoadPlan.Endpoints byDefault) {
        boolean shared = byDefault.publishers().equals(byDefault.consumers());
        LoadPlan.Address publishers = broker == null
                ? elsewhere(System.getenv("RECADO_BROKER"), byDefault.publishers())
                : one("--broker", broker, byDefault.publishers().port());
        LoadPlan.Address consumers = shared
                ? publishers
                : new LoadPlan.Address(publishers.host(), byDefault.consumers().port());
        return new LoadPlan.Endpoints(
                publishers,
                consumeFrom == null
                        ? consumers
                        : one(
                                "--consume-from",
                                consumeFrom,
                                byDefault.consumers().port()));
    }

    private LoadPlan.Endpoints secured(LoadPlan.Endpoints plain) {
        ClientTls spoken = tls.read();
        require(spoken == null || !transport.equals("zmtp"), "zmtp has CURVE and no TLS: leave out --tls and --trust");
        return new LoadPlan.Endpoints(
                plain.publishers().with(spoken), plain.consumers().with(spoken));
    }

    /** Where {@code variable} says; its port is the one that other commands talk to, so others keep their own. */
    static LoadPlan.Address elsewhere(@Nullable String variable, LoadPlan.Address byDefault) {
        if (variable == null || variable.isEmpty()) {
            return byDefault;
        }
        LoadPlan.Address said = one("RECADO_BROKER", variable, BrokerAddress.PORT_DEFAULT);
        return byDefault.port() == BrokerAddress.PORT_DEFAULT
                ? said
                : new LoadPlan.Address(said.host(), byDefault.port());
    }

    private static LoadPlan.Address one(String option, String list, int portDefault) {
        List<BrokerAddress> addresses = BrokerAddress.parseList(list, portDefault);
        require(addresses.size() == 1, option + " names one broker: a load is measured on one");
        return new LoadPlan.Address(addresses.get(0).host(), addresses.get(0).port());
    }

    private void contradictionsWithTopics() {
        boolean confirmed = confirm != LoadPlan.Confirm.none;
        require(confirmed || !resume, "--resume needs --confirm range or each");
        require(confirmed || !verify, "--verify needs --confirm range or each: what is not confirmed is not owed");
        require(consumeFrom == null, "--consume-from is for a transport that has a listener for each side");
    }

    /** What such a transport cannot say. Options that repeat a default are passed over. */
    private void contradictionsWithoutTopics() {
        String over = " over " + transport;
        require(
                confirm == null || confirm == LoadPlan.Confirm.none,
                "nothing is confirmed" + over + ": leave out --confirm");
        require(!resume, "nothing tells" + over + " what to send again: leave out --resume");
        require(ack == null, "nothing is acknowledged" + over + ": leave out --ack");
        require(groups == 1, "consumers are one group" + over + ", or taps: leave out --groups");
        require(namespace.equals("/"), "listeners are in the namespace /" + over + ": leave out --namespace");
        boolean named = topic != null || topics != 1 || kind != null || durability != Durability.fsync;
        require(
                !named && partitions == 1,
                "the listener stands for the topic" + over
                        + ": leave out --topic, --topics, --kind, --durability and --partitions");
    }

    private void contradictions() {
        require(resume || resumeWaitMs == null, "--resume-wait needs --resume");
        require(consumers > 0 || !verify, "--verify needs --consumers");
        require(consumers > 0 || !tap, "--tap needs --consumers");
        require(consumers > 0 || groups == 1, "--groups needs --consumers");
        require(consumers > 0 || ack == null, "--ack needs --consumers");
        require(!tap || groups == 1, "a tap has no group: leave out --groups");
        require(!tap || ack == null, "a tap acknowledges nothing: leave out --ack");
    }

    /** What is allowed each by itself may be too much together. */
    private static void products(LoadPlan plan) {
        LoadPlan.Publishing publishing = plan.publishing();
        long readers = (long) plan.consuming().consumers() * plan.consuming().groups();
        within("--consumers times --groups", readers, 0, CONNECTIONS_MAX, "");
        long subscriptions = readers * plan.topics().count();
        within("--consumers times --groups times --topics", subscriptions, 0, SUBSCRIPTIONS_MAX, "");
        long lanes = Math.max(publishing.publishers(), plan.topics().count());
        long payloads = (lanes + readers) * publishing.sizeBytes();
        require(
                payloads <= PAYLOADS_BYTES_MAX,
                "--size times --publishers or --topics, and consumers, must be at most " + PAYLOADS_BYTES_MAX
                        + " bytes");
        boolean kept = !publishing.isOpenLoop() && plan.isConfirmed();
        long windows = kept ? plan.unconfirmedMax() * publishing.publishers() : 0;
        within("--publishers times --window", windows, 0, WINDOWS_MAX, "");
    }

    private static long orElse(@Nullable Long given, long otherwise) {
        return given == null ? otherwise : given;
    }

    private static void within(String name, long value, long min, long max, String unit) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be from " + min + " to " + max + unit);
        }
    }

    private static void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(text);
        }
    }
}

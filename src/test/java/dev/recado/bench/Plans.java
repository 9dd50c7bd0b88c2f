package dev.recado.bench;

import java.util.List;
import java.util.Map;

/** Plans and results for tests. */
public final class Plans {

    private Plans() {}

    /** One publisher, one consumer, two topics {@code t-1} and {@code t-2}, payloads of 40 B, verified. */
    public static LoadPlan plan(LoadPlan.Ack ack) {
        return plan(ack, 1_000, LoadPlan.Confirm.range);
    }

    /** The same without a rate. */
    public static LoadPlan closedLoop() {
        return plan(LoadPlan.Ack.batch, 0, LoadPlan.Confirm.range);
    }

    /** The same plan in another namespace. */
    public static LoadPlan in(String namespace, LoadPlan plan) {
        LoadPlan.Setup setup = plan.setup();
        return new LoadPlan(
                new LoadPlan.Setup(setup.run(), setup.transport(), setup.endpoints(), setup.threads(), namespace),
                plan.topics(),
                plan.publishing(),
                plan.consuming(),
                plan.timing(),
                plan.safety());
    }

    static LoadPlan plan(LoadPlan.Ack ack, double rate, LoadPlan.Confirm confirm) {
        return new LoadPlan(
                new LoadPlan.Setup(7, "text", LoadPlan.Endpoints.both(new LoadPlan.Address("127.0.0.1", 1)), 1),
                new LoadPlan.Topics("t", 2, false, "log", "fsync", 1),
                new LoadPlan.Publishing(1, 40, rate, 100, confirm),
                new LoadPlan.Consuming(1, 1, 50, ack, false),
                new LoadPlan.Timing(0, 1_000, 0, 1_000),
                new LoadPlan.Safety(true, true, 1_000, true));
    }

    /** One publisher and one consumer, over a transport without topics; verified. */
    public static LoadPlan withoutTopics(boolean tap) {
        return withoutTopics(tap, 40);
    }

    /** The same with payloads of {@code sizeBytes}. */
    public static LoadPlan withoutTopics(boolean tap, int sizeBytes) {
        return new LoadPlan(
                new LoadPlan.Setup(
                        7,
                        "zmtp",
                        new LoadPlan.Endpoints(
                                new LoadPlan.Address("127.0.0.1", 1), new LoadPlan.Address("127.0.0.1", 2)),
                        1),
                LoadPlan.Topics.OF_LISTENER,
                new LoadPlan.Publishing(1, sizeBytes, 0, 100, LoadPlan.Confirm.none),
                new LoadPlan.Consuming(1, 1, 50, LoadPlan.Ack.batch, tap),
                new LoadPlan.Timing(0, 1_000, 0, 1_000),
                new LoadPlan.Safety(true, false, 1_000, false));
    }

    /** As {@link #plan(LoadPlan.Ack)} over AMQP, in a closed loop, verified. */
    public static LoadPlan overAmqp(LoadPlan.Ack ack) {
        return overAmqp(1, false, 40, ack);
    }

    /** The same with {@code groups}, or as a tap. */
    public static LoadPlan overAmqp(int groups, boolean tap) {
        return overAmqp(groups, tap, 40);
    }

    /** The same with payloads of {@code sizeBytes}. */
    public static LoadPlan overAmqp(int groups, boolean tap, int sizeBytes) {
        return overAmqp(groups, tap, sizeBytes, LoadPlan.Ack.batch);
    }

    private static LoadPlan overAmqp(int groups, boolean tap, int sizeBytes, LoadPlan.Ack ack) {
        return new LoadPlan(
                new LoadPlan.Setup(7, "amqp", LoadPlan.Endpoints.both(new LoadPlan.Address("127.0.0.1", 1)), 1),
                new LoadPlan.Topics("t", 2, false, "queue", "fsync", 1),
                new LoadPlan.Publishing(1, sizeBytes, 0, 100, LoadPlan.Confirm.range),
                new LoadPlan.Consuming(1, groups, 50, ack, tap),
                new LoadPlan.Timing(0, 1_000, 0, 1_000),
                new LoadPlan.Safety(true, false, 1_000, false));
    }

    /** A result whose texts try to break out of the page. */
    public static LoadResult result(Verdict verdict) {
        return result(plan(LoadPlan.Ack.batch), verdict);
    }

    /** The same of another plan. */
    public static LoadResult result(LoadPlan plan, Verdict verdict) {
        Latency latency = new Latency(
                3,
                1.5,
                new Latency.Percentiles(1, 2, 3, 3, 3),
                2_500,
                List.of(new Latency.Point(50, 1), new Latency.Point(100, 2_500)));
        Latency none = new Latency(0, 0, new Latency.Percentiles(0, 0, 0, 0, 0), 0, List.of());
        Interval.Span span = new Interval.Span(1, 2, 3);
        boolean confirmed = plan.isConfirmed();
        return new LoadResult(
                plan,
                1_700_000_000_000L,
                new LoadResult.Measured(
                        new LoadResult.Counts(
                                10, new LoadResult.Answers(confirmed ? 9 : 0, 1, 0, "</script><b>full"), 9, 9, 0),
                        new LoadResult.Rates(1, 10, 9, 9),
                        confirmed ? latency : none,
                        latency,
                        List.of(new Interval(
                                0,
                                200,
                                new Interval.Counts(10, 9, 9),
                                confirmed ? span : new Interval.Span(0, 0, 0),
                                span,
                                0))),
                List.of(verdict),
                new LoadResult.Generator(25, 1, 0.5, 0.3),
                Map.of("messages_published", "9"),
                new LoadResult.Ending(null, false));
    }
}

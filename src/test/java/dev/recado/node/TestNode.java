package dev.recado.node;

import dev.recado.base.TimeSource;
import dev.recado.broker.Broker;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A node on a directory, with real loops, journal and segments, without any transport. */
public final class TestNode implements AutoCloseable {

    private static final long MIB = 1024 * 1024;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final SwitchableDisk disk;
    private final NodeStart start;

    private TestNode(Path directory, BrokerSettings settings, JournalSettings journal) throws Exception {
        disk = new SwitchableDisk(directory);
        start = await(NodeStart.start(new NodeStart.Parts(
                vertx,
                disk,
                new NodeShape(8, "recado/test", settings, journal, SegmentSettings.defaults()),
                TimeSource.system(),
                failures::add)));
    }

    public static TestNode start(Path directory) throws Exception {
        return new TestNode(directory, settings(), new JournalSettings(4 * MIB, 8 * MIB, 16 * MIB));
    }

    public static BrokerSettings settings() {
        return new BrokerSettings(
                "n1",
                2,
                new BrokerSettings.Publishing(16 * 1024 * 1024, 4 * MIB, 64 * MIB, MIB, 16 * MIB, 30_000),
                new BrokerSettings.Groups(10, 7L * 24 * 3_600_000, 64 * MIB, 250, MIB),
                new BrokerSettings.Taps(8 * MIB, 1_000, 8 * MIB),
                new BrokerSettings.Storage(64 * MIB, 64 * MIB, 0, 85, 7L * 24 * 3_600_000, 5_000),
                new BrokerSettings.Defaults(
                        TopicSettings.DEFAULT,
                        TopicSettings.DEFAULT.with(TopicSettings.TTL, 3_600_000),
                        GroupSettings.DEFAULT));
    }

    public Broker broker() {
        return start.broker();
    }

    /** Opens a session on one of the loops. */
    public TestSession session() throws Exception {
        Context context = vertx.getOrCreateContext();
        TestSession session = new TestSession(context);
        onLoop(context, () -> {
            session.open(broker());
            return null;
        });
        return session;
    }

    public static <T> T onLoop(Context context, Supplier<T> task) throws Exception {
        io.vertx.core.Promise<T> done = io.vertx.core.Promise.promise();
        context.runOnContext(unused -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException | AssertionError failed) {
                done.fail(failed);
            }
        });
        return await(done.future());
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Ends the process's hold on the directory without stopping anything in order, as a crash would. */
    public void crash() throws Exception {
        await(vertx.close());
        disk.leave();
    }

    @Override
    public void close() {
        try {
            await(start.stop());
            await(vertx.close());
        } catch (Exception failed) {
            throw new AssertionError("the node did not stop", failed);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the node failed", failures.get(0));
        }
    }
}

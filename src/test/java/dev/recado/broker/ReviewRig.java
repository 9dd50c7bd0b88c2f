package dev.recado.broker;

import dev.recado.base.TimeSource;
import dev.recado.journal.Disk;
import dev.recado.journal.DiskFile;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.NioDisk;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.StorageException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A node whose loops, journal sizes and disk a test chooses. */
final class ReviewRig implements AutoCloseable {

    static final long MIB = 1024 * 1024;

    final Vertx vertx;
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final NodeStart start;
    final Node node;
    volatile boolean topicsFull;
    /** Writes to the journal that are let through before its thread stands still; negative for no limit. */
    final java.util.concurrent.atomic.AtomicInteger journalWrites = new java.util.concurrent.atomic.AtomicInteger(-1);

    ReviewRig(Path directory, int loops, JournalSettings journal) throws Exception {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops));
        BrokerSettings base = TestNode.settings();
        BrokerSettings settings = new BrokerSettings(
                base.nodeId(),
                loops,
                base.messageBytesMax(),
                base.unconfirmedBytesMax(),
                base.mailboxBytesMax(),
                base.parkedBytesMax(),
                base.blockTimeoutMs(),
                base.groupMembersMax(),
                base.groupExpireAfterMs(),
                base.progressEveryMs(),
                base.handedBytesMax(),
                base.tapBytesMax(),
                base.tapBlockMs(),
                base.patternBytesMax(),
                base.tailCacheBytes(),
                base.memoryTopicBytes(),
                base.diskFreeMin(),
                base.heapMarkPercent(),
                base.producerExpireAfterMs(),
                base.retentionEveryMs(),
                base.topicDefaults(),
                base.groupDefaults());
        start = TestNode.await(NodeStart.start(new NodeStart.Parts(
                vertx,
                filling(new NioDisk(directory)),
                8,
                "recado/test",
                settings,
                journal,
                SegmentSettings.defaults(),
                TimeSource.system(),
                failures::add)));
        node = (Node) start.broker();
    }

    static ReviewRig start(Path directory) throws Exception {
        return new ReviewRig(directory, 2, new JournalSettings(4 * MIB, 8 * MIB, 16 * MIB));
    }

    /** A disk that has no space below {@code topics/} while {@link #topicsFull} is set. */
    private Disk filling(Disk real) {
        return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (p, m, a) -> {
            Object answer = call(real, m, a);
            if (m.getName().equals("open") && a[0].toString().startsWith("topics/")) {
                DiskFile file = (DiskFile) answer;
                return Proxy.newProxyInstance(
                        Disk.class.getClassLoader(), new Class<?>[] {DiskFile.class}, (q, n, b) -> {
                            if (topicsFull && n.getName().equals("write")) {
                                throw new StorageException(StorageException.Kind.FULL, "no space left", null);
                            }
                            return call(file, n, b);
                        });
            }
            if (m.getName().equals("open") && a[0].toString().startsWith("journal/")) {
                DiskFile file = (DiskFile) answer;
                return Proxy.newProxyInstance(
                        Disk.class.getClassLoader(), new Class<?>[] {DiskFile.class}, (q, n, b) -> {
                            if (n.getName().equals("write") && journalWrites.get() >= 0) {
                                if (journalWrites.getAndDecrement() == 0) {
                                    journalWrites.set(0);
                                    while (journalWrites.get() == 0) {
                                        Thread.sleep(5);
                                    }
                                }
                            }
                            return call(file, n, b);
                        });
            }
            return answer;
        });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    Context contextOn(int loop) {
        while (true) {
            ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
            boolean[] right = {false};
            try {
                TestNode.onLoop(context, () -> right[0] = node.loops().get(loop).isCurrent());
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
            if (right[0]) {
                return context;
            }
        }
    }

    TestSession sessionOn(int loop) throws Exception {
        Context context = contextOn(loop);
        TestSession session = new TestSession(context);
        TestNode.onLoop(context, () -> {
            session.open(node);
            return null;
        });
        return session;
    }

    void crash() throws Exception {
        TestNode.await(vertx.close());
    }

    void stop() throws Exception {
        start.stop().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        TestNode.await(vertx.close());
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (Exception failed) {
            vertx.close();
        }
    }
}

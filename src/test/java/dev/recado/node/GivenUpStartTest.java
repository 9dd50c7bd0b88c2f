package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.TimeSource;
import dev.recado.journal.Disk;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SimDisk;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start that waits for space and is given up leaves nothing behind that goes on trying. */
@Timeout(60)
class GivenUpStartTest {

    private final SimDisk sim = new SimDisk(1);
    private final CountDownLatch full = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final Disk disk = (Disk) Proxy.newProxyInstance(
            Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                synchronized (sim) {
                    calls.incrementAndGet();
                    if (sim.fullCount() > 0) {
                        full.countDown();
                    }
                    try {
                        return method.invoke(sim, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }
            });

    @Test
    void shouldEndItsThreadsWithVertx() throws Exception {
        // Given a start without space for the journal's first file
        Set<Long> before = threads();
        sim.capacity(100);
        Vertx vertx = Vertx.vertx();
        Future<NodeStart> start = NodeStart.start(new NodeStart.Parts(
                vertx,
                disk,
                new NodeShape(
                        8,
                        "recado/test",
                        TestNode.settings(),
                        new JournalSettings(64 * 1024, 128 * 1024, 256 * 1024),
                        SegmentSettings.defaults()),
                TimeSource.system(),
                failure -> {}));
        assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(start.isComplete()).isFalse();

        // When
        TestNode.await(vertx.close());

        // Then
        await().until(() -> {
            Set<Long> left = threads();
            left.removeAll(before);
            return left.isEmpty();
        });
        int then = calls.get();
        sim.capacity(Long.MAX_VALUE);
        assertThat(calls.get()).isEqualTo(then);
    }

    private static Set<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("recado-"))
                .map(Thread::getId)
                .collect(Collectors.toCollection(HashSet::new));
    }
}

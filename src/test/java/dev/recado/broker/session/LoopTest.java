package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.LoopTurns;
import dev.recado.base.TimeSource;
import dev.recado.node.NodeRig;
import dev.recado.shard.LoopMemory;
import dev.recado.shard.PublishesUnderWay;
import dev.recado.shard.TurnTask;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopTest {

    @Test
    void shouldTakeNothingMoreOnceTheBrokerHasEndedIt() throws InterruptedException {
        DefaultEventLoop netty = new DefaultEventLoop();
        List<Throwable> bugs = new ArrayList<>();
        Loop loop = new Loop(
                0,
                NodeRig.turns(netty),
                new Pressure(1_000),
                new LoopMemory(1_000, 1_000, 0),
                new TapShare(1),
                new PublishesUnderWay(TimeSource.system()),
                bugs::add);
        List<String> ran = new ArrayList<>();
        loop.execute(() -> ran.add("before"));
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(netty.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        // A flusher that is still at work reports what it wrote, and that must not look like a bug that ends a process.
        loop.execute(() -> ran.add("after"));
        assertThat(ran).containsExactly("before");
        assertThat(bugs).isEmpty();
    }

    @Test
    void shouldNotMakeUpForTicksThatItMissed() throws Exception {
        // Given a loop that stands still for a hundred ticks
        DefaultEventLoop netty = new DefaultEventLoop();
        Loop loop = new Loop(
                0,
                NodeRig.turns(netty),
                new Pressure(1_000),
                new LoopMemory(1_000, 1_000, 0),
                new TapShare(1),
                new PublishesUnderWay(TimeSource.system()),
                bug -> {});
        AtomicInteger ticks = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        netty.submit(() -> loop.every(10, ticks::incrementAndGet)).get();
        netty.submit(() -> never.await(1, TimeUnit.SECONDS)).get();

        // When
        int after = netty.submit(ticks::get).get();
        netty.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get();

        // Then
        assertThat(ticks.get() - after).as("at once behind it").isLessThanOrEqualTo(5);
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(netty.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldServeItsTasksAndSocketsBeforeWhatIsToComeBehindThem() throws Exception {
        // Given a loop with sockets
        MultiThreadIoEventLoopGroup netty = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        LoopTurns turns = NodeRig.turns(netty.next());
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);

        // When
        turns.execute(() -> {
            turns.executeBehindSockets(() -> {
                ran.add("behind");
                done.countDown();
            });
            turns.execute(() -> {
                ran.add("task");
                turns.execute(() -> ran.add("task of a task"));
            });
        });

        // Then
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("task", "task of a task", "behind");
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(netty.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Turns of a loop that somebody else steps through. */
    private static final class HeldTurns implements LoopTurns {
        private final List<Runnable> tasks = new ArrayList<>();
        private final List<Runnable> behindSockets = new ArrayList<>();

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeBehindSockets(Runnable task) {
            behindSockets.add(task);
        }

        @Override
        public void after(long ms, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer every(long ms, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void shouldServeItsSocketsBeforeATurnGoesOn() {
        // Given an owner that always has more to do
        HeldTurns turns = new HeldTurns();
        Loop loop = new Loop(
                0,
                turns,
                new Pressure(1_000),
                new LoopMemory(1_000, 1_000, 0),
                new TapShare(1),
                new PublishesUnderWay(TimeSource.system()),
                bug -> {});
        loop.markOwner(new TurnTask() {
            @Override
            public void onTurn() {
                loop.markOwner(this);
            }
        });
        loop.start();

        // When
        turns.tasks.remove(0).run();

        // Then
        assertThat(turns.tasks).isEmpty();
        assertThat(turns.behindSockets).hasSize(1);
    }
}

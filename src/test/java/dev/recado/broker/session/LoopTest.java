package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.node.NodeRig;
import dev.recado.shard.LoopMemory;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
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
}

package dev.recado.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopTest {

    @Test
    void shouldTakeNothingMoreOnceTheBrokerHasEndedIt() throws InterruptedException {
        DefaultEventLoop netty = new DefaultEventLoop();
        List<Throwable> bugs = new ArrayList<>();
        Loop loop = new Loop(0, netty, new Pressure(1_000), new MemoryDesk(1_000, 1_000, 0), bugs::add);
        List<String> ran = new ArrayList<>();
        loop.execute(() -> ran.add("before"));
        netty.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(netty.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        // A flusher that is still at work reports what it wrote, and that must not look like a bug that ends a process.
        loop.execute(() -> ran.add("after"));
        assertThat(ran).containsExactly("before");
        assertThat(bugs).isEmpty();
    }
}

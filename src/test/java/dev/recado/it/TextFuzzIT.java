package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.fuzz.Grammar;
import dev.recado.fuzz.Player;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The conversations of {@code TextFuzzSimTest} over sockets, with the JAR in a small heap and its real disk, which it
 * neither ends nor fills. The same properties set how many there are and the seed; {@code -Drecado.fuzz.sockets=…}
 * sets how many for this class alone.
 */
class TextFuzzIT {

    private static final int CONVERSATIONS = 300;
    private static final int SIDE_BY_SIDE = 8;

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final int conversations = Integer.getInteger("recado.fuzz.sockets", CONVERSATIONS);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    @Timeout(value = 36_000, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldAnswerWhateverIsSaid() throws Exception {
        System.out.println("TextFuzzIT seed=" + seed + " conversations=" + conversations);
        BrokerProcess.Plan plan =
                FaultLoad.smallFiles(BrokerProcess.in(work)).heapMiB(256).set("publish.block-timeout", "1s");
        try (BrokerProcess broker = plan.start()) {
            AtomicInteger next = new AtomicInteger();
            ExecutorService players = Executors.newFixedThreadPool(SIDE_BY_SIDE);
            List<Future<?>> playing = new ArrayList<>();
            for (int i = 0; i < SIDE_BY_SIDE; i++) {
                playing.add(players.submit(() -> playOn(broker, next)));
            }
            players.shutdown();
            for (Future<?> one : playing) {
                joined(one, broker);
            }
            assertThat(broker.isAlive()).as(() -> broker.process().report()).isTrue();
            assertComesToRest(broker);
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
    }

    private Object playOn(BrokerProcess broker, AtomicInteger next) throws Exception {
        int port = broker.textPort();
        for (int number = next.getAndIncrement(); number < conversations; number = next.getAndIncrement()) {
            long its = seed + number;
            long bugs = Player.play(Grammar.conversation(its), (voice, ear) -> SocketPeer.open(port, ear));
            assertThat(bugs).as("session_bugs, at or before seed=%s", its).isZero();
        }
        return next;
    }

    private static void joined(Future<?> playing, BrokerProcess broker) throws Exception {
        try {
            playing.get();
        } catch (ExecutionException failed) {
            throw new AssertionError(
                    failed.getCause().getMessage() + "\n" + broker.process().report(), failed.getCause());
        }
    }

    /** Within the limit there is a half second in which the process computes for less than a tenth of it. */
    private static void assertComesToRest(BrokerProcess broker) {
        ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
        Waiting.until("the broker comes to rest", Duration.ofSeconds(60), () -> {
            long before = cpuMs(process);
            Waiting.within(Duration.ofMillis(500), () -> false);
            return cpuMs(process) - before < 50;
        });
    }

    private static long cpuMs(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }
}

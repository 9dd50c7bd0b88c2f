package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.fuzz.Grammar;
import dev.recado.fuzz.Player;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversations by seed with a whole broker: whatever is said in whatever state, each command that has an answer gets
 * one, in order and in time, no session ends by a bug, the broker does not fail, and afterwards its loops come to rest.
 * Every {@link #ROUND} conversations the broker ends as by a crash, and what it then finds is asked for and consumed.
 *
 * <p>{@code -Drecado.fuzz.conversations=…} sets how many there are, {@code -Drecado.seed=…} the first one's seed; a
 * failure names the seed of its conversation, and {@code -Drecado.fuzz.repeat=N} plays that one alone, N times.
 */
class TextFuzzSimTest {

    private static final int CONVERSATIONS = 3_000;
    private static final int ROUND = 1_000;
    private static final int SIDE_BY_SIDE = 8;
    private static final long REST_MS_MAX = 20_000;

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final int repeat = Integer.getInteger("recado.fuzz.repeat", 0);
    private final int conversations =
            repeat > 0 ? repeat : Integer.getInteger("recado.fuzz.conversations", CONVERSATIONS);

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 36_000, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldAnswerWhateverIsSaid() throws Exception {
        System.out.println("TextFuzzSimTest seed=" + seed + " conversations=" + conversations);
        long began = System.nanoTime();
        int done = 0;
        for (int round = 0; done < conversations; round++) {
            // A fresh directory now and then: topics that nobody deleted make every start and list longer.
            Path data = Files.createDirectories(directory.resolve("data" + round / 2));
            int count = Math.min(ROUND, conversations - done);
            play(data, done, count);
            done += count;
        }
        System.out.println("TextFuzzSimTest ms=" + (System.nanoTime() - began) / 1_000_000);
    }

    private void play(Path data, int first, int count) throws Exception {
        FuzzedNode node = new FuzzedNode(data);
        try {
            visit(node);
            AtomicInteger next = new AtomicInteger(first);
            ExecutorService players = Executors.newFixedThreadPool(repeat > 0 ? 1 : SIDE_BY_SIDE);
            List<Future<?>> playing = new ArrayList<>();
            for (int i = 0; i < SIDE_BY_SIDE; i++) {
                playing.add(players.submit(() -> playOn(node, next, first + count)));
            }
            players.shutdown();
            for (Future<?> one : playing) {
                joined(one);
            }
            assertThat(node.comesToRest(REST_MS_MAX))
                    .as("loops come to rest, seed=%s", seed)
                    .isTrue();
            node.assertSound("seed=" + seed);
        } catch (Throwable fault) {
            fault.addSuppressed(new AssertionError("seed=" + seed + " meanwhile: " + FuzzedNode.loopStacks()));
            node.abandon();
            throw fault;
        }
        node.crash();
    }

    /** Asks for everything that the round before has left behind, and joins the groups of it. */
    private static void visit(FuzzedNode node) throws Exception {
        PlainClient visitor = new PlainClient(node, 0);
        for (String line : visitor.list("TOPIC:LIST")) {
            String topic = line.split("\"", -1)[3];
            assertThat(visitor.list("TOPIC:DESCRIBE:" + topic)).hasSize(1);
            for (String group : line.contains("\"queue\"") ? List.of("queue") : List.of("g", "h")) {
                visitor.ask("SUB:" + topic + ":" + group + ":10");
            }
        }
        assertThat(visitor.ask("PING")).isEqualTo("PONG");
        visitor.leave();
    }

    private Object playOn(FuzzedNode node, AtomicInteger next, int end) throws Exception {
        for (int number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
            long its = repeat > 0 ? seed : seed + number;
            long bugs = Player.play(Grammar.conversation(its), node::open);
            assertThat(bugs).as("session_bugs, at or before seed=%s", its).isZero();
            node.assertSound("at or before seed=" + its);
        }
        return next;
    }

    private static void joined(Future<?> playing) throws Exception {
        try {
            playing.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AssertionError fault) {
                throw fault;
            }
            throw failed;
        }
    }
}

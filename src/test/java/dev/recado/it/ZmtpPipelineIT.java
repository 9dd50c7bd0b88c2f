package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline between those that push and those that pull. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpPipelineIT {

    private static final Duration SOON = Duration.ofMillis(300);
    private static final String LARGE = "x".repeat(64 << 10);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.LIBZMQ.require();
        Tool.PYZMQ.require();
    }

    private static void push(ZmqSocket pusher, int from, int to) {
        for (int i = from; i < to; i++) {
            pusher.post(Integer.toString(i));
        }
    }

    private static List<Integer> pull(ZmqSocket puller, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(Integer.parseInt(puller.receive().get(0)));
        }
        return numbers;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldShareEquallyAmongPullers() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            List<ZmqSocket> pullers = List.of(
                    scene.open(ZmqKit.LIBZMQ, "PULL"),
                    scene.open(ZmqKit.PYZMQ, "PULL"),
                    scene.open(ZmqKit.PYZMQ, "PULL"),
                    scene.open(ZmqKit.PYZMQ, "PULL"));
            scene.awaitPullers(4);

            // When
            push(scene.open(ZmqKit.PYZMQ, "PUSH"), 0, 400);

            // Then
            List<Integer> all = new ArrayList<>();
            for (ZmqSocket puller : pullers) {
                List<Integer> share = pull(puller, 100);
                assertThat(share).isSorted();
                all.addAll(share);
            }
            assertThat(all).containsExactlyInAnyOrderElementsOf(range(0, 400));
        }
    }

    @Test
    void shouldHoldUpThePusherWhileNobodyPullsAndLoseNothing() throws Exception {
        try (ZmqScene scene =
                ZmqScene.start(BrokerProcess.in(work).heapMiB(96).set("zmtp.pipeline.durability", "memory"))) {
            // Given
            ZmqSocket pusher = scene.open(ZmqKit.LIBZMQ, ZmqSpec.of("PUSH").with("sndhwm", 10));
            int sent = 0;
            int refusedInARow = 0;
            while (refusedInARow < 5) {
                if (pusher.send(sent + "", LARGE)) {
                    sent++;
                    refusedInARow = 0;
                } else {
                    refusedInARow++;
                }
                assertThat(sent)
                        .as("messages of 64 KiB that a broker with 96 MiB took")
                        .isLessThan(1_000);
            }
            assertThat(scene.stat("bytes_memory_topics")).isBetween(1L << 20, 48L << 20);

            // When
            ZmqSocket puller = scene.open(ZmqKit.PYZMQ, "PULL");

            // Then
            for (int i = 0; i < sent; i++) {
                assertThat(puller.receive()).containsExactly(i + "", LARGE);
            }
            pusher.post("more");
            assertThat(puller.receive()).containsExactly("more");
            assertThat(scene.stat("messages_refused")).isZero();
        }
    }

    @Test
    void shouldGoOnWithTheOthersWhileOnePullerStands() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            int messages = 600;
            ZmqSocket standing = scene.open(ZmqKit.LIBZMQ, ZmqSpec.of("PULL").with("rcvhwm", 1));
            ZmqSocket pulling = scene.open(ZmqKit.LIBZMQ, "PULL");
            scene.awaitPullers(2);
            ConcurrentLinkedQueue<Integer> pulled = new ConcurrentLinkedQueue<>();
            scene.onEach(pulling, message -> pulled.add(Integer.parseInt(message.get(0))));

            // When
            ZmqSocket pusher = scene.open(ZmqKit.LIBZMQ, "PUSH");
            for (int i = 0; i < messages; i++) {
                pusher.post(i + "", LARGE);
            }

            // Then
            scene.until(
                    "the broker has everything and the one that pulls has most of it",
                    () -> pulled.size() > messages / 2 && pulled.contains(messages - 1));
            while (pulled.size() < messages) {
                List<String> message = standing.receive(SOON);
                if (message != null) {
                    pulled.add(Integer.parseInt(message.get(0)));
                }
            }
            assertThat(pulled).containsExactlyInAnyOrderElementsOf(range(0, messages));
        }
    }

    @Test
    void shouldSendTheLastOnesOfADeadPullerAgainWhereToldTo() throws Exception {
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).set("zmtp.push.redeliver-window", "10"))) {
            // Given
            ZmqSocket dying = scene.open(ZmqKit.PYZMQ, "PULL");
            scene.awaitPullers(1);
            push(scene.open(ZmqKit.PYZMQ, "PUSH"), 0, 50);
            assertThat(pull(dying, 50)).isEqualTo(range(0, 50));

            // When
            dying.kill();
            scene.awaitPullers(0);
            ZmqSocket next = scene.open(ZmqKit.LIBZMQ, "PULL");

            // Then
            assertThat(pull(next, 10)).containsExactlyElementsOf(range(40, 50));
            assertThat(next.receive(SOON)).isNull();
        }
    }

    @Test
    void shouldSendNothingAgainByDefault() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket dying = scene.open(ZmqKit.PYZMQ, "PULL");
            ZmqSocket pusher = scene.open(ZmqKit.PYZMQ, "PUSH");
            push(pusher, 0, 50);
            assertThat(pull(dying, 50)).isEqualTo(range(0, 50));

            // When
            dying.kill();
            scene.awaitPullers(0);
            push(pusher, 50, 60);
            ZmqSocket next = scene.open(ZmqKit.LIBZMQ, "PULL");

            // Then
            assertThat(pull(next, 10)).isEqualTo(range(50, 60));
            assertThat(next.receive(SOON)).isNull();
        }
    }

    @Test
    void shouldKeepWhatNobodyPulledWhenKilled() throws Exception {
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).zmtpPorts())) {
            // Given
            ZmqSocket pusher = scene.open(ZmqKit.LIBZMQ, "PUSH");
            push(pusher, 0, 300);
            pusher.post("");
            scene.until("all of it is on disk", () -> scene.stat("messages_published") == 301);
            scene.until("and counted", () -> scene.queueFigure(ZmqScene.PIPELINE, "backlog") == 301);

            // When
            scene.killBrokerAndStartAgain();

            // Then
            ZmqSocket puller = scene.open(ZmqKit.PYZMQ, "PULL");
            assertThat(pull(puller, 300)).isEqualTo(range(0, 300));
            assertThat(puller.receive()).as("the end of the work").containsExactly("");
        }
    }
}

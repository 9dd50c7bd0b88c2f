package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shared queue: clients with requests, workers that come, go, answer often or never. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpRequestsIT {

    private static final Duration SOON = Duration.ofMillis(300);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.LIBZMQ.require();
        Tool.PYZMQ.require();
    }

    /** Starts a REP worker that adds a mark to each request; answers how many it has had. */
    private static AtomicInteger replier(ZmqScene scene, ZmqKit kit) throws Exception {
        ZmqSocket worker = scene.open(kit, "REP");
        AtomicInteger count = new AtomicInteger();
        scene.onEach(worker, request -> {
            count.incrementAndGet();
            worker.post(request.get(0) + "!");
        });
        return count;
    }

    private static void askMany(ZmqSocket client, String name, int count, AtomicInteger answered) {
        for (int i = 0; i < count; i++) {
            String question = name + "-" + i;
            client.post(question);
            assertThat(client.receive()).containsExactly(question + "!");
            answered.incrementAndGet();
        }
    }

    @Test
    void shouldGiveEachClientItsOwnAnswers() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            List<AtomicInteger> workers = new ArrayList<>();
            for (ZmqKit kit : List.of(ZmqKit.LIBZMQ, ZmqKit.PYZMQ, ZmqKit.PYZMQ)) {
                workers.add(replier(scene, kit));
            }
            AtomicInteger answered = new AtomicInteger();

            // When
            for (ZmqKit kit : List.of(ZmqKit.LIBZMQ, ZmqKit.PYZMQ, ZmqKit.PYZMQ, ZmqKit.PYZMQ)) {
                ZmqSocket client = scene.open(kit, "REQ");
                String name = kit + "-" + client.hashCode();
                scene.run(() -> askMany(client, name, 100, answered));
            }

            // Then
            scene.until("all are answered", () -> answered.get() == 400);
            assertThat(workers.stream().mapToInt(AtomicInteger::get).sum()).isEqualTo(400);
            assertThat(scene.stat("replies_dropped")).isZero();
        }
    }

    @Test
    void shouldServeDealersThatAskWithoutWaiting() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket client = scene.openClient(ZmqKit.LIBZMQ, ZmqSpec.of("DEALER"));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                client.post("", "q" + i);
                expected.add("q" + i + "!");
            }

            // When
            AtomicInteger one = replier(scene, ZmqKit.PYZMQ);
            AtomicInteger other = replier(scene, ZmqKit.PYZMQ);

            // Then
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                List<String> answer = client.receive();
                assertThat(answer).hasSize(2).startsWith("");
                answers.add(answer.get(1));
            }
            assertThat(answers).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(one.get() + other.get()).isEqualTo(500);
        }
    }

    @Test
    void shouldLetRepWorkersAnswerRequestsWithoutADelimiter() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given: more requests than a worker may have unanswered
            replier(scene, ZmqKit.LIBZMQ);
            ZmqSocket client = scene.openClient(ZmqKit.PYZMQ, ZmqSpec.of("DEALER"));

            // When
            for (int i = 0; i < 20; i++) {
                client.post("q" + i, "two", "three");
                client.post("single" + i);
            }

            // Then
            for (int i = 0; i < 20; i++) {
                assertThat(client.receive()).containsExactly("", "q" + i + "!");
                assertThat(client.receive()).containsExactly("", "single" + i + "!");
            }
        }
    }

    @Test
    void shouldLetADealerAndARouterWork() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given: a ROUTER gets the name that it has given the connection in front
            ZmqSocket dealer = scene.openWorker(ZmqKit.PYZMQ, ZmqSpec.of("DEALER"));
            ZmqSocket router = scene.openWorker(ZmqKit.LIBZMQ, ZmqSpec.of("ROUTER"));
            AtomicInteger byDealer = new AtomicInteger();
            AtomicInteger byRouter = new AtomicInteger();
            scene.onEach(dealer, message -> {
                assertThat(message).hasSize(3);
                dealer.post(message.get(0), message.get(1), message.get(2) + "!");
                byDealer.incrementAndGet();
            });
            scene.onEach(router, message -> {
                assertThat(message).hasSize(4);
                router.post(message.get(0), message.get(1), message.get(2), message.get(3) + "!");
                byRouter.incrementAndGet();
            });
            scene.awaitWorkers(2);

            // When
            ZmqSocket client = scene.open(ZmqKit.PYZMQ, "REQ");
            askMany(client, "client", 50, new AtomicInteger());

            // Then
            scene.until("both have counted", () -> byDealer.get() + byRouter.get() == 50);
            assertThat(byDealer.get()).isEqualTo(byRouter.get());
        }
    }

    @Test
    void shouldDropNoLargeAnswersThatComeAtOnce() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            String large = "x".repeat(300_000);
            for (int i = 0; i < 3; i++) {
                ZmqSocket worker = scene.open(ZmqKit.LIBZMQ, "REP");
                scene.onEach(worker, request -> worker.post(large));
            }
            scene.awaitWorkers(3);
            ZmqSocket client =
                    scene.openClient(ZmqKit.LIBZMQ, ZmqSpec.of("DEALER").with("rcvhwm", 1));

            // When: nobody reads before all are answered
            for (int i = 0; i < 60; i++) {
                client.post("", "q" + i);
            }
            scene.until("all are answered", () -> scene.queueFigure(ZmqScene.REQUESTS, "backlog") == 0);

            // Then
            for (int i = 0; i < 60; i++) {
                assertThat(client.receive()).containsExactly("", large);
            }
            assertThat(scene.stat("replies_dropped")).isZero();
        }
    }

    @Test
    void shouldPassOnSeveralAnswersToOneRequest() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket router = scene.openWorker(ZmqKit.PYZMQ, ZmqSpec.of("ROUTER"));
            ZmqSocket client =
                    scene.openClient(ZmqKit.PYZMQ, ZmqSpec.of("DEALER").identity("asker"));
            client.post("count");

            // When
            List<String> request = router.receive();
            assertThat(request).hasSize(3).endsWith("asker", "count");
            for (String answer : List.of("one", "two", "three")) {
                router.post(request.get(0), request.get(1), answer);
            }

            // Then
            assertThat(client.receive()).containsExactly("one");
            assertThat(client.receive()).containsExactly("two");
            assertThat(client.receive()).containsExactly("three");
        }
    }

    @Test
    void shouldAnswerAClientThatHasComeAgain() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSpec ana = ZmqSpec.of("DEALER").identity("ana");
            ZmqSocket worker = scene.openWorker(ZmqKit.LIBZMQ, ZmqSpec.of("DEALER"));
            ZmqSocket gone = scene.openClient(ZmqKit.PYZMQ, ana);
            gone.post("early");
            List<String> early = worker.receive();
            assertThat(early).containsExactly("ana", "early");
            gone.kill();

            // When
            ZmqSocket back = scene.openClient(ZmqKit.PYZMQ, ana);
            back.post("late");
            List<String> late = worker.receive();
            worker.post(late.get(0), "to late");
            worker.post(early.get(0), "to early");

            // Then
            assertThat(back.receive()).containsExactly("to late");
            assertThat(back.receive()).containsExactly("to early");
        }
    }

    @Test
    void shouldBalanceAmongWorkersThatJoin() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            List<AtomicInteger> workers = new ArrayList<>();
            workers.add(replier(scene, ZmqKit.LIBZMQ));
            AtomicInteger answered = new AtomicInteger();
            for (int i = 0; i < 4; i++) {
                ZmqSocket client = scene.open(ZmqKit.PYZMQ, "REQ");
                String name = "client" + i;
                client.post(name);
                scene.onEach(client, answer -> {
                    assertThat(answer).containsExactly(name + "!");
                    answered.incrementAndGet();
                    client.post(name);
                });
            }
            scene.until("one worker answers all", () -> workers.get(0).get() >= 100);

            // When
            for (int i = 0; i < 3; i++) {
                workers.add(replier(scene, ZmqKit.LIBZMQ));
            }
            scene.awaitWorkers(4);

            // Then
            int[] before = workers.stream().mapToInt(AtomicInteger::get).toArray();
            int from = answered.get();
            scene.until("400 more answers", () -> answered.get() - from >= 400);
            int[] after = workers.stream().mapToInt(AtomicInteger::get).toArray();
            int all = 0;
            for (int i = 0; i < after.length; i++) {
                all += after[i] - before[i];
            }
            for (int i = 0; i < after.length; i++) {
                assertThat(after[i] - before[i]).as("share of worker %s", i).isBetween(all / 6, all / 3);
            }
        }
    }

    @Test
    void shouldKeepNothingOfClientsThatHaveGone() throws Exception {
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).heapMiB(128))) {
            // Given
            ZmqSocket worker = scene.openWorker(ZmqKit.LIBZMQ, ZmqSpec.of("DEALER"));
            scene.awaitWorkers(1);
            long sessions = scene.stat("sessions");
            String question = "q".repeat(10_000);

            // When: every other client does not wait for its answer
            for (int i = 0; i < 300; i++) {
                ZmqSocket client =
                        ZmqKit.PYZMQ.connect(ZmqSpec.of("REQ"), scene.broker().port("zmtp-router"));
                client.post(question);
                List<String> request = worker.receive();
                if (i % 2 == 0) {
                    client.close();
                }
                worker.post(request.get(0), request.get(1), "a");
                if (i % 2 == 1) {
                    assertThat(client.receive()).containsExactly("a");
                    client.close();
                }
            }

            // Then
            scene.until("the clients' connections have ended", () -> scene.stat("sessions") == sessions);
            assertThat(scene.queueFigure(ZmqScene.REQUESTS, "backlog")).isZero();
            assertThat(scene.stat("bytes_memory_topics")).isLessThan(1 << 20);
            assertThat(scene.stat("bytes_unconfirmed") + scene.stat("bytes_waiting"))
                    .isZero();
            assertThat(scene.stat("session_bugs")).isZero();
            assertThat(scene.broker().process().residentMiB()).isLessThan(400);
        }
    }

    @Test
    void shouldLoseWhatAWorkerHeldWhenItDied() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket dying = scene.open(ZmqKit.PYZMQ, "REP");
            ZmqSocket client = scene.openClient(ZmqKit.PYZMQ, ZmqSpec.of("DEALER"));
            client.post("", "lost");
            assertThat(dying.receive()).containsExactly("lost");

            // When
            dying.kill();
            scene.awaitWorkers(0);
            ZmqSocket next = scene.open(ZmqKit.LIBZMQ, "REP");
            client.post("", "found");

            // Then
            assertThat(next.receive()).containsExactly("found");
            next.post("answer");
            assertThat(client.receive()).containsExactly("", "answer");
            assertThat(next.receive(SOON)).isNull();
            scene.until("nothing is left", () -> scene.queueFigure(ZmqScene.REQUESTS, "backlog") == 0);
        }
    }

    @Test
    void shouldGiveWhatAWorkerHeldToAnotherWhereToldTo() throws Exception {
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).set("zmtp.dealer.redeliver", "true"))) {
            // Given
            ZmqSocket dying = scene.open(ZmqKit.PYZMQ, "REP");
            ZmqSocket client = scene.openClient(ZmqKit.LIBZMQ, ZmqSpec.of("DEALER"));
            for (int i = 0; i < 4; i++) {
                client.post("", "q" + i);
            }
            assertThat(dying.receive()).containsExactly("q0");
            dying.post("q0 by the first");
            assertThat(client.receive()).containsExactly("", "q0 by the first");
            assertThat(dying.receive()).containsExactly("q1");

            // When
            dying.kill();
            ZmqSocket next = scene.open(ZmqKit.PYZMQ, "REP");

            // Then
            for (int i = 1; i < 4; i++) {
                assertThat(next.receive()).containsExactly("q" + i);
                next.post("q" + i + " by the next");
                assertThat(client.receive()).containsExactly("", "q" + i + " by the next");
            }
            assertThat(next.receive(SOON)).isNull();
        }
    }
}

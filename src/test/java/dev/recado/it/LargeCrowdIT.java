package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large message in each of many places, each a different one: see {@link LargeScene}. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeCrowdIT {

    private static final int BYTES = LargeScene.BYTES;
    private static final int CLIENTS = 20;
    private static final int DONE = 14;
    private static final int LETTERS = 10;

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private final List<TextConnection> lazy = new ArrayList<>();

    /** A client that says one thing and reads its first answer only, if any. */
    private TextConnection lazy(BrokerProcess broker, String line, String answer) throws IOException {
        TextConnection one = TextConnection.open(broker.textPort(), 4 << 10);
        lazy.add(one);
        one.send(line);
        if (!answer.isEmpty()) {
            assertThat(one.reply()).isEqualTo(answer);
        }
        return one;
    }

    private void play(String name, LargeScene scene, LargeScene.Mix mix) throws Exception {
        try {
            scene.play(name, mix);
        } finally {
            for (TextConnection one : lazy) {
                one.reset();
            }
        }
    }

    @Test
    void shouldServeOthersThoughGroupsAndTapsOfManyTopicsReadNothing() throws Exception {
        LargeScene scene = new LargeScene(work);
        play("topics", scene, (broker, crew) -> {
            try (TextConnection publisher = broker.connect()) {
                for (int i = 0; i < CLIENTS; i++) {
                    scene.publish(publisher, "news" + i);
                }
                for (int i = 0; i < CLIENTS; i++) {
                    lazy(broker, "SUB:news" + i + ":workers:1:first", "OK:SUB:1");
                    lazy(broker, "SUB:news" + i + ":*", "OK:SUB:1");
                }
                for (int i = 0; i < CLIENTS; i++) {
                    scene.publish(publisher, "news" + i);
                }
            }
        });
        assertThat(scene.refused()).isZero();
    }

    @Test
    void shouldServeOthersThoughNobodyReadsItsReply() throws Exception {
        LargeScene scene = new LargeScene(work);
        play("replies", scene, (broker, crew) -> {
            try (TextConnection worker = broker.connect()) {
                assertThat(worker.ask("SUB:sums:workers:1")).isEqualTo("OK:SUB:1");
                for (int i = 0; i < CLIENTS; i++) {
                    lazy(broker, "REQ:sums:60000:1\nx", "");
                    TextConnection.Delivery request = worker.delivery();
                    worker.write("REPLY:" + request.sid() + ":" + request.id() + ":" + BYTES + "\n");
                    worker.write(LargeScene.large(BYTES)).write("\n").flush();
                    scene.count(true);
                }
                assertThat(worker.ask("PING")).isEqualTo("PONG");
            }
        });
    }

    @Test
    void shouldServeOthersThoughManyLargeMessagesDieAtOnce() throws Exception {
        LargeScene scene = new LargeScene(work);
        play("dead letters", scene, (broker, crew) -> {
            try (TextConnection admin = broker.connect()) {
                assertThat(admin.ask("TOPIC:CREATE:jobs")).startsWith("OK");
                assertThat(admin.ask("GROUP:CREATE:jobs:workers:from=first&max-deliveries=1"))
                        .startsWith("OK");
                for (int i = 0; i < LETTERS; i++) {
                    scene.publish(admin, "jobs");
                }
                TextConnection member = broker.connect();
                assertThat(member.ask("SUB:jobs:workers:" + LETTERS)).isEqualTo("OK:SUB:1");
                for (int i = 0; i < LETTERS; i++) {
                    assertThat(member.delivery().bytes()).hasSize(BYTES);
                }
                member.reset();
                Waiting.until(
                        "all are dead letters",
                        LargeScene.STORED_LIMIT,
                        () -> Figures.broker(admin, "messages_dead_lettered") == LETTERS);
            }
        });
    }

    /** Each done with before the next comes; what is left of them in sessions, groups and loops must not add up. */
    @Test
    void shouldKeepNothingOfLargeMessagesThatAreDone() throws Exception {
        LargeScene scene = new LargeScene(work);
        try (BrokerProcess broker = scene.plan().set("node.event-loops", "8").start();
                TextConnection pattern = broker.connect()) {
            assertThat(pattern.ask("SUB:done.#::auto")).isEqualTo("OK:SUB:1");
            List<TextConnection> idle = new ArrayList<>();
            for (int i = 0; i < DONE; i++) {
                String topic = "done." + i;
                TextConnection publisher = broker.connect();
                idle.add(publisher);
                assertThat(publisher.ask("TOPIC:CREATE:" + topic + ":ttl=1h")).startsWith("OK");
                scene.publish(publisher, topic);
                assertThat(pattern.delivery().bytes()).hasSize(BYTES);
                try (TextConnection worker = broker.connect()) {
                    assertThat(worker.ask("SUB:" + topic + ":workers:1:first")).isEqualTo("OK:SUB:1");
                    worker.ack(worker.delivery());
                    worker.send("QUIT");
                }
            }
            assertThat(scene.refused()).isZero();
            assertThat(broker.isAlive()).as(() -> broker.process().report()).isTrue();
            for (TextConnection one : idle) {
                one.close();
            }
        }
    }
}

package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.LoopTurns;
import dev.recado.core.topic.TopicName;
import dev.recado.journal.GatedDisk;
import dev.recado.journal.JournalSettings;
import dev.recado.journal.SegmentSettings;
import dev.recado.journal.SimDisk;
import dev.recado.transport.EmbeddedSocket;
import dev.recado.transport.text.TextOpening;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many classes of ours a durable publish of the text protocol goes through, from the read of its bytes to the write
 * of its confirmation, in a simulated node. Holds the page on architecture equal to it; with {@code
 * -Drecado.write-pages=true} it writes the list.
 */
class StopsTest {

    /** How many there are today, one of them the price of the door to a shard. The goal is 14. */
    private static final int TODAY = 23;

    private static final Path PAGE = Path.of("src/site/markdown/architecture.md");
    private static final String HEAD = "**Stops.** ";

    private static final int MIB = 1 << 20;
    private static final int LOOPS = 2;
    private static final int TOPICS = 10;

    private final SimChance chance = new SimChance(new Random(1));
    private final SimSchedule schedule = new SimSchedule(chance.random());
    private final SimSchedule.Line home = schedule.line("loop 0");
    private final Stops stops = new Stops();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<LoopTurns> loops = List.of(stops.loop(home), stops.loop(schedule.line("loop 1")));
    private final NodeLife life = new NodeLife(shape(), ports(), null);
    private final List<EmbeddedSocket> socket = new ArrayList<>();

    private static NodeShape shape() {
        return new NodeShape(
                LOOPS,
                "recado/sim",
                TestNode.settings(),
                new JournalSettings(MIB, 2 * MIB, 8 * MIB),
                SegmentSettings.defaults());
    }

    private NodePorts ports() {
        return new NodePorts(
                loops,
                new NodePorts.Threads(
                        stops.journal(schedule.line("journal")),
                        schedule.line("flusher"),
                        schedule.threads("readers"),
                        schedule.line("life")),
                new GatedDisk(new SimDisk(1), stops::disk),
                schedule,
                chance,
                shard -> shard,
                failures::add);
    }

    @BeforeEach
    void start() {
        Future<Void> started = life.start();
        rest();
        assertThat(started.succeeded()).isTrue();
        home.execute(() -> socket.add(EmbeddedSocket.open(
                TextOpening.of(stops.broker(life.node().sessions()), schedule, chance::uuid),
                home::execute,
                failures::add,
                stops::note)));
        rest();
        assertThat(say("HELLO:stops")).startsWith("OK");
    }

    /** Runs until nobody has anything to do at this time. */
    private void rest() {
        while (schedule.runOne()) {
            assertThat(failures).isEmpty();
        }
    }

    private String say(String text) {
        home.execute(() -> socket.get(0).receive(text + "\n"));
        rest();
        return socket.get(0).sent();
    }

    @Test
    void shouldStopNoMoreOftenThanToday() throws IOException {
        // When
        Map<Integer, List<String>> ways = new TreeMap<>();
        for (int i = 0; i < TOPICS && ways.size() < LOOPS; i++) {
            assertThat(say("TOPIC:CREATE:t" + i)).startsWith("OK");
            ways.put(homeOf("t" + i), wayTo("t" + i));
        }
        List<String> way = ways.get(1);
        System.out.println("StopsTest " + way.size() + " " + way);

        // Then
        assertThat(ways.get(0)).as("on the shard's own loop").hasSameElementsAs(way);
        assertThat(way).hasSize(TODAY);
        assertThat(lineOfPage(told(way))).isEqualTo(told(way));
    }

    private int homeOf(String topic) {
        int shard =
                life.node().catalog().topic(TopicName.of(topic)).partition(0).shard();
        return life.node().homeOf(shard).index();
    }

    private List<String> wayTo(String topic) {
        String publish = "PUB:" + topic + ":5\nhello";
        assertThat(say(publish)).startsWith("OK"); // the first one opens what is open from then on
        stops.open();
        String answer = say(publish);
        List<String> way = stops.close();
        assertThat(answer).startsWith("OK");
        return way;
    }

    private static String told(List<String> way) {
        return HEAD + "A durable publish and its confirmation go through " + way.size() + " classes: "
                + way.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")) + ".";
    }

    private static String lineOfPage(String wanted) throws IOException {
        String page = Files.readString(PAGE);
        String line =
                page.lines().filter(one -> one.startsWith(HEAD)).findFirst().orElseThrow();
        if (!Boolean.getBoolean("recado.write-pages")) {
            return line;
        }
        Files.writeString(PAGE, page.replace(line, wanted));
        return wanted;
    }
}

package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.it.LoadPublisher.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Publishers and members on a log and a queue, over all lives of one broker, and what is judged of them at the end. */
final class FaultLoad {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Of each of the six publishers. */
    private static final int PER_SECOND = 2_000;

    /** What a publish may be answered while the disk is in trouble. */
    private static final String REFUSAL = ".* ERROR:(Disk low|Unknown outcome|Stopping|Storage failed).*";

    private final List<Scene> scenes = List.of(new Scene("log", "g"), new Scene("queue", "queue"));
    private int lives;

    private static final class Scene {
        private final HistoryChecker history = new HistoryChecker();
        private final List<LoadPublisher> publishers = new ArrayList<>();
        private final List<LoadMember> members = new ArrayList<>();

        private Scene(String topic, String group) {
            for (Style style : Style.values()) {
                publishers.add(new LoadPublisher(topic + "-" + style, topic, style, history, PER_SECOND));
            }
            members.add(new LoadMember(topic + "-m1", topic + ":" + group + ":200:first", history));
            members.add(new LoadMember(topic + "-m2", topic + ":" + group + ":200:first", history));
        }
    }

    /** Small files, so that every kind of call comes often. */
    static BrokerProcess.Plan smallFiles(BrokerProcess.Plan plan) {
        return plan.set("journal.file-bytes", "1MiB")
                .set("journal.checkpoint-bytes", "2MiB")
                .set("journal.hard-bound-bytes", "8MiB")
                .set("journal.segment-bytes", "64KiB")
                .set("disk.free-min", "0");
    }

    static void createTopics(BrokerProcess broker) throws IOException {
        try (TextConnection admin = broker.connect()) {
            assertThat(admin.ask("TOPIC:CREATE:log:partitions=4")).startsWith("OK");
            assertThat(admin.ask("TOPIC:CREATE:queue:kind=queue")).startsWith("OK");
        }
    }

    /** Everybody works until the broker is gone or {@link #stop}. */
    LoadCrew begin(BrokerProcess broker) {
        LoadCrew crew = new LoadCrew();
        int port = broker.textPort();
        int life = ++lives;
        for (Scene scene : scenes) {
            scene.members.forEach(member -> crew.run(() -> member.run(port, life)));
            scene.publishers.forEach(publisher -> crew.run(() -> publisher.run(port, Integer.MAX_VALUE)));
        }
        return crew;
    }

    void stop() {
        for (Scene scene : scenes) {
            scene.publishers.forEach(LoadPublisher::stop);
            scene.members.forEach(LoadMember::stop);
        }
    }

    long confirmed() {
        return scenes.stream()
                .mapToLong(scene -> scene.history.confirmedCount())
                .sum();
    }

    /** Waits until {@code count} more messages are confirmed than now; fails where the broker ends meanwhile. */
    void awaitConfirmed(BrokerProcess broker, LoadCrew crew, int count, String when) {
        long before = confirmed();
        Waiting.until(count + " more confirmed messages " + when, LIMIT, () -> {
            crew.check();
            return confirmed() - before >= count || !broker.isAlive();
        });
        assertThat(broker.isAlive())
                .as(() -> when + " " + broker.process().report())
                .isTrue();
    }

    /** Numbered publishers repeat what was not answered; then everything confirmed must arrive. */
    void settle(BrokerProcess broker, String report) {
        int port = broker.textPort();
        int life = ++lives;
        try (LoadCrew publishing = new LoadCrew();
                LoadCrew consuming = new LoadCrew()) {
            for (Scene scene : scenes) {
                scene.members.forEach(member -> consuming.run(() -> member.run(port, life)));
                scene.publishers.forEach(publisher -> publishing.run(() -> publisher.run(port, 100)));
            }
            publishing.join();
            // Where something is lost this ends at its limit, and the verdict names what.
            Waiting.within(LIMIT, () -> {
                consuming.check();
                return scenes.stream().allMatch(scene -> scene.history.missing() == 0);
            });
            scenes.forEach(scene -> scene.members.forEach(LoadMember::stop));
            consuming.join();
        }
        scenes.forEach(scene -> judge(scene.history.verdict(), report));
    }

    private static void judge(HistoryChecker.Verdict verdict, String report) {
        System.out.println("FaultLoad " + verdict);
        assertThat(verdict.lost()).as("lost, " + report).isEmpty();
        assertThat(verdict.phantoms()).as("phantoms, " + report).isEmpty();
        assertThat(verdict.duplicates()).as("duplicates, " + report).isEmpty();
        assertThat(verdict.disorder()).as("disorder, " + report).isEmpty();
        assertThat(verdict.refusals()).as("refusals, " + report).allMatch(one -> one.matches(REFUSAL));
    }
}

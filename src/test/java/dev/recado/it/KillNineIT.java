package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.it.LoadPublisher.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code kill -9} at a random moment under load, again and again on the same data: five times by default, fifty times
 * (or {@code -Drecado.kill.rounds=…}) with {@code mvn verify -DexcludedGroups= -Dgroups=long}. What is finished is
 * trimmed every 50 ms. The seed of a run is printed; {@code -Drecado.seed=…} repeats its choices (the moments
 * themselves remain the machine's).
 */
class KillNineIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final long seed = Long.getLong("recado.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    /** One topic with one group, and who works on it. */
    private static final class Scene {
        private final HistoryChecker history = new HistoryChecker();
        private final List<LoadPublisher> publishers = new ArrayList<>();
        private final List<LoadMember> members = new ArrayList<>();

        private Scene(String topic, String group) {
            for (Style style : Style.values()) {
                publishers.add(new LoadPublisher(topic + "-" + style, topic, style, history));
            }
            members.add(new LoadMember(topic + "-m1", topic + ":" + group + ":200:first", history));
            members.add(new LoadMember(topic + "-m2", topic + ":" + group + ":200:first", history));
        }
    }

    @Test
    @Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldKeepEveryConfirmedMessageWhenKilled() throws Exception {
        killAndJudge(5);
    }

    @Test
    @Tag("long")
    @Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldKeepEveryConfirmedMessageWhenKilledFiftyTimes() throws Exception {
        killAndJudge(Integer.getInteger("recado.kill.rounds", 50));
    }

    private void killAndJudge(int rounds) throws Exception {
        System.out.println("KillNineIT rounds=" + rounds + " seed=" + seed);
        // Small files, so that checkpoints, segments and recycling are struck as well.
        BrokerProcess.Plan plan = BrokerProcess.in(work)
                .set("journal.file-bytes", "1MiB")
                .set("journal.checkpoint-bytes", "2MiB")
                .set("journal.hard-bound-bytes", "8MiB")
                .set("journal.segment-bytes", "256KiB")
                .set("disk.retention-every", "50ms");
        List<Scene> scenes = List.of(new Scene("single", "g"), new Scene("many", "g"), new Scene("jobs", "queue"));
        try (BrokerProcess broker = plan.start();
                TextConnection admin = broker.connect()) {
            assertThat(admin.ask("TOPIC:CREATE:single:partitions=1")).startsWith("OK");
            assertThat(admin.ask("TOPIC:CREATE:many:partitions=4")).startsWith("OK");
            assertThat(admin.ask("TOPIC:CREATE:jobs:kind=queue")).startsWith("OK");
            broker.killNine();
        }
        for (int life = 1; life <= rounds; life++) {
            killUnderLoad(plan, scenes, life);
            if (random.nextInt(3) == 0) {
                killDuringRecovery(plan);
            }
        }
        settle(plan, scenes, rounds + 1);
        for (Scene scene : scenes) {
            HistoryChecker.Verdict verdict = scene.history.verdict();
            System.out.println("KillNineIT " + verdict);
            assertThat(verdict.isClean())
                    .as(() -> "seed=" + seed + " " + verdict)
                    .isTrue();
        }
    }

    private void killUnderLoad(BrokerProcess.Plan plan, List<Scene> scenes, int life) throws IOException {
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = new LoadCrew()) {
            int port = broker.textPort();
            long before = confirmed(scenes);
            for (Scene scene : scenes) {
                scene.members.forEach(member -> crew.run(() -> member.run(port, life)));
                scene.publishers.forEach(publisher -> crew.run(() -> publisher.run(port, Integer.MAX_VALUE)));
            }
            int target = 200 + random.nextInt(8_000);
            Waiting.until("confirmed messages " + target, LIMIT, () -> {
                crew.check();
                return confirmed(scenes) - before >= target;
            });
            broker.killNine();
            crew.join();
        }
    }

    private void killDuringRecovery(BrokerProcess.Plan plan) throws IOException {
        try (JarProcess process = plan.launch()) {
            boolean ended = process.endsWithin(Duration.ofMillis(50 + random.nextInt(1_000)));
            assertThat(ended).as(process::report).isFalse();
            process.killNine();
        }
    }

    /** Numbered publishers repeat what was not answered; then everything confirmed must arrive. */
    private static void settle(BrokerProcess.Plan plan, List<Scene> scenes, int life) throws IOException {
        try (BrokerProcess broker = plan.start();
                LoadCrew publishing = new LoadCrew();
                LoadCrew consuming = new LoadCrew()) {
            int port = broker.textPort();
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
    }

    private static long confirmed(List<Scene> scenes) {
        return scenes.stream()
                .mapToLong(scene -> scene.history.confirmedCount())
                .sum();
    }
}

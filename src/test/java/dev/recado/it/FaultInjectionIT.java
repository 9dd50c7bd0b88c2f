package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * File calls of a broker under load fail as the operating system lets them fail. What the world may mend (no space, no
 * descriptor, a slow or short call) the broker outlives; where the disk itself fails it ends with one clear line. What
 * was confirmed is there in either case, and nothing twice.
 *
 * <p>{@code mvn verify -DexcludedGroups= -Dgroups=long -Dit.test=FaultInjectionIT} strikes by a seed, {@code
 * -Drecado.faults.rounds=…} times.
 */
class FaultInjectionIT {

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldGoOnWhereTheWorldMayMendIt() throws Exception {
        new FaultTrial(BrokerProcess.in(work), work)
                .assertGoesOn(List.of(
                        "write ENOSPC 5 40 topics/",
                        "write ENOSPC 20 10 journal/",
                        "create,write ENOSPC 10 40",
                        "open EMFILE 1 5 topics/",
                        "create EMFILE 0 2 journal/",
                        "write short 0 400",
                        "write short 0 100 journal/",
                        "sync 200 0 5 journal/",
                        "sync 100 0 5 topics/",
                        "space EMFILE 0 2"));
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldEndWhereTheDiskFails() throws Exception {
        new FaultTrial(BrokerProcess.in(work), work)
                .assertEnds(List.of(
                        "write EIO 30 0 journal/",
                        "write EROFS 5 0 topics/",
                        "sync EIO 10 0 journal/",
                        "sync EIO 2 0 topics/",
                        "sync ENOSPC 10 0 journal/",
                        "rename EIO 0 0",
                        "open EROFS 3 0"));
    }

    @Test
    @Tag("long")
    @Timeout(value = 7_200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldLoseNothingWhateverIsStruck() throws Exception {
        long seed = Long.getLong("recado.seed", System.nanoTime());
        int rounds = Integer.getInteger("recado.faults.rounds", 100);
        System.out.println("FaultInjectionIT rounds=" + rounds + " seed=" + seed);
        Random random = new Random(seed);
        BrokerProcess.Plan plan = FaultLoad.smallFiles(BrokerProcess.in(work));
        FaultShim shim = FaultShim.into(plan, work);
        FaultLoad load = new FaultLoad();
        try (BrokerProcess broker = plan.start()) {
            FaultLoad.createTopics(broker);
            assertThat(broker.terminate()).isZero();
        }
        for (int round = 0; round < rounds; round++) {
            String line = anything(random);
            strikeOnce(plan, shim, load, line, "seed=" + seed + " round=" + round + " " + line);
        }
        FaultTrial.judge(plan, load, "seed=" + seed);
    }

    private static void strikeOnce(BrokerProcess.Plan plan, FaultShim shim, FaultLoad load, String line, String report)
            throws IOException {
        try (BrokerProcess broker = plan.start();
                LoadCrew crew = load.begin(broker)) {
            load.awaitConfirmed(broker, crew, FaultTrial.WARM_UP / 4, "before " + report);
            shim.strike(line);
            Waiting.within(FaultTrial.STRIKING, () -> shim.strikes().size() >= 10 || !broker.isAlive());
            shim.calm();
            long before = load.confirmed();
            Waiting.until(
                    "an end or more confirmed messages " + report,
                    FaultTrial.LIMIT,
                    () -> !broker.isAlive() || load.confirmed() - before >= FaultTrial.WARM_UP / 4);
            if (broker.isAlive()) {
                broker.killNine();
            } else {
                FaultTrial.assertEndsClearly(broker, report);
            }
            crew.join();
        }
    }

    private static String anything(Random random) {
        List<String> calls = List.of(
                "open",
                "create",
                "write",
                "sync",
                "truncate",
                "rename",
                "unlink",
                "mkdir",
                "space",
                "any",
                "write,sync");
        List<String> errors = List.of("EIO", "ENOSPC", "EMFILE", "EROFS", "EDQUOT", "short", "50", "300");
        List<String> parts = List.of("", "", " topics/", " journal/", " state", " trash");
        return calls.get(random.nextInt(calls.size())) + " "
                + errors.get(random.nextInt(errors.size())) + " "
                + random.nextInt(20) + " "
                + (random.nextBoolean() ? 0 : 1 + random.nextInt(10))
                + parts.get(random.nextInt(parts.size()));
    }
}

package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Kinds of trouble with the disk, and the two ways in which a broker may take it. */
final class FaultTrial {

    static final int WARM_UP = 1_000;
    static final Duration LIMIT = Duration.ofSeconds(45);
    /** How long the trouble lasts at most; calls of some kinds are rare. */
    static final Duration STRIKING = Duration.ofSeconds(2);
    /** Until the first: what is struck need not happen at every moment. */
    static final Duration STRUCK = Duration.ofSeconds(30);

    private final BrokerProcess.Plan plan;
    private final FaultShim shim;
    private final FaultLoad load = new FaultLoad();

    FaultTrial(BrokerProcess.Plan plan, Path work) throws IOException {
        this.plan = FaultLoad.smallFiles(plan);
        shim = FaultShim.into(plan, work);
    }

    /** The broker outlives what each of {@code lines} strikes, and works on behind it. */
    void assertGoesOn(List<String> lines) throws IOException {
        try (BrokerProcess broker = plan.start()) {
            FaultLoad.createTopics(broker);
            try (LoadCrew crew = load.begin(broker)) {
                for (String line : lines) {
                    load.awaitConfirmed(broker, crew, WARM_UP, "before " + line);
                    shim.strike(line);
                    int count = Integer.parseInt(line.split(" ")[3]);
                    // A new file of the journal, say, comes when the last one is full.
                    Waiting.until(
                            "struck by " + line, STRUCK, () -> !shim.strikes().isEmpty() || !broker.isAlive());
                    Waiting.within(STRIKING, () -> shim.strikes().size() >= count || !broker.isAlive());
                    shim.calm();
                    assertThat(shim.strikes()).as("struck by " + line).isNotEmpty();
                    load.awaitConfirmed(broker, crew, WARM_UP, "after " + line);
                }
                load.stop();
                crew.join();
            }
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
        judge(plan, load, lines.toString());
    }

    /** The broker ends by what each of {@code lines} strikes, and says so; it starts again on what it left. */
    void assertEnds(List<String> lines) throws IOException {
        try (BrokerProcess broker = plan.start()) {
            FaultLoad.createTopics(broker);
            assertThat(broker.terminate()).isZero();
        }
        for (String line : lines) {
            try (BrokerProcess broker = plan.start();
                    LoadCrew crew = load.begin(broker)) {
                load.awaitConfirmed(broker, crew, WARM_UP, "before " + line);
                shim.strike(line);
                assertEndsClearly(broker, line);
                crew.join();
                assertThat(shim.strikes()).as("struck by " + line).isNotEmpty();
                shim.calm();
            }
        }
        judge(plan, load, lines.toString());
    }

    static void assertEndsClearly(BrokerProcess broker, String line) {
        int code = broker.process().exitCode(LIMIT);
        assertThat(code).as(() -> line + " " + broker.process().report()).isEqualTo(1);
        List<String> said = broker.process()
                .err()
                .lines()
                .filter(one -> one.startsWith("recado "))
                .toList();
        assertThat(said).as(() -> line + " " + broker.process().report()).hasSize(1);
        assertThat(said.get(0)).startsWith("recado failed: ").contains("path=");
    }

    /** Without the shim everything confirmed must be there. */
    static void judge(BrokerProcess.Plan plan, FaultLoad load, String report) throws IOException {
        FaultShim.outOf(plan);
        try (BrokerProcess broker = plan.start()) {
            load.settle(broker, report);
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
    }
}

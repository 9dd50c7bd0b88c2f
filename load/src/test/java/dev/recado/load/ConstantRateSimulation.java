package dev.recado.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;

/** The same number of messages every second, whether or not the broker keeps up, and a group that shares them. */
public class ConstantRateSimulation extends LoadSimulation {

    /** Read by Gatling. */
    public ConstantRateSimulation() {
        this(Duration.ofSeconds(30), 500);
    }

    ConstantRateSimulation(Duration defaultDuration, int defaultRate) {
        Duration duration = settings.duration("duration", defaultDuration);
        int rate = settings.count("rate", defaultRate, 50_000);
        int connections = settings.count("connections", 4, 1_000);
        run(
                duration,
                protocol().shareConnections(connections),
                scenario("publishers")
                        .exec(publish())
                        .injectOpen(constantUsersPerSec(rate).during(duration)),
                consumers());
    }
}

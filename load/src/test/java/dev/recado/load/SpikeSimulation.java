package dev.recado.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stressPeakUsers;

import java.time.Duration;

/** A calm third, a sudden burst in the next sixth, then calm again: does the broker come back to where it was? */
public class SpikeSimulation extends LoadSimulation {

    /** Read by Gatling. */
    public SpikeSimulation() {
        Duration duration = settings.duration("duration", Duration.ofSeconds(30));
        int rate = settings.count("rate", 100, 50_000);
        int burst = settings.count("burst", 10_000, 1_000_000);
        int connections = settings.count("connections", 4, 1_000);
        Duration before = duration.dividedBy(3);
        Duration spike = duration.dividedBy(6);
        Duration after = duration.minus(before).minus(spike);
        run(
                duration,
                protocol().shareConnections(connections),
                scenario("publishers")
                        .exec(publish())
                        .injectOpen(
                                constantUsersPerSec(rate).during(before),
                                stressPeakUsers(burst).during(spike),
                                constantUsersPerSec(rate).during(after)),
                consumers());
    }
}

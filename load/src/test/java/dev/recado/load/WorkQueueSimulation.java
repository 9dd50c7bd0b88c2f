package dev.recado.load;

import static dev.recado.load.text.TextDsl.text;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.text.TextRequest;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Jobs in a queue topic and workers that take some milliseconds for each, acknowledge durably, and give back every
 * twentieth at its first attempt.
 */
public class WorkQueueSimulation extends LoadSimulation {

    private static final int REFUSE_ONE_IN = 20;
    private static final Duration REFUSE_DELAY = Duration.ofMillis(200);
    private static final Duration WORK_MIN = Duration.ofMillis(5);
    private static final Duration WORK_MAX = Duration.ofMillis(25);

    /** Read by Gatling. */
    public WorkQueueSimulation() {
        Duration duration = settings.duration("duration", Duration.ofSeconds(30));
        int rate = settings.count("rate", 200, 50_000);
        int connections = settings.count("connections", 4, 1_000);
        run(
                duration,
                protocol().shareConnections(connections),
                scenario("publishers")
                        .exec(publish())
                        .injectOpen(constantUsersPerSec(rate).during(duration)),
                workers(settings.count("workers", 10, 1_000)));
    }

    @Override
    String defaultTopicSettings() {
        return "kind=queue";
    }

    private PopulationBuilder workers(int count) {
        ChainBuilder finish =
                exec(pause(WORK_MIN, WORK_MAX), text("acknowledge").acknowledgeDurably());
        ChainBuilder work = doIfOrElse(session -> TextRequest.attempt(session) == 1
                        && ThreadLocalRandom.current().nextInt(REFUSE_ONE_IN) == 0)
                .then(exec(text("refuse").refuse(REFUSE_DELAY)))
                .orElse(finish);
        return scenario("workers").exec(consume("queue", work)).injectOpen(atOnceUsers(count));
    }
}

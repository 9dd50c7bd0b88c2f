package dev.recado.load;

import static dev.recado.load.text.TextDsl.text;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;

/** More and more publishers, each of which connects, publishes ten messages a second for two seconds, and leaves. */
public class RampSimulation extends LoadSimulation {

    private static final int MESSAGES_PER_USER = 20;
    private static final Duration PACE = Duration.ofMillis(100);

    /** Read by Gatling. */
    public RampSimulation() {
        Duration duration = settings.duration("duration", Duration.ofSeconds(30));
        int users = settings.count("users", 100, 10_000);
        run(
                duration,
                protocol(),
                scenario("publishers")
                        .exec(text("connect").connect())
                        .exitHereIfFailed()
                        .exec(repeat(MESSAGES_PER_USER).on(exec(pace(PACE), publish())))
                        .injectClosed(rampConcurrentUsers(1).to(users).during(duration)),
                consumers());
    }
}

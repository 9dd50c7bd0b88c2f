package dev.recado.load;

import static dev.recado.load.zmtp.ZmtpDsl.zmtp;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.zmtp.SocketType;
import java.time.Duration;

/**
 * Clients with a REQ socket each, who ask at an even pace and wait for each answer, and REP workers who echo. A client
 * that waits longer than its pace asks late: that is what REQ is like.
 */
public class ZmtpRequestsSimulation extends ZmtpSimulation {

    private static final long NANOS_A_SECOND = 1_000_000_000L;

    /** Read by Gatling. */
    public ZmtpRequestsSimulation() {
        Duration duration = settings.duration("duration", Duration.ofSeconds(30));
        int rate = settings.count("rate", 500, 50_000);
        int clients = settings.count("connections", 20, 1_000);
        int workers = settings.count("workers", 4, 1_000);
        Duration each = Duration.ofNanos(NANOS_A_SECOND * clients / rate);
        run(
                duration,
                "request",
                between("zmtp-router", 5555, "zmtp-dealer", 5556),
                scenario("clients")
                        .exec(zmtp("connect").connect(SocketType.REQ))
                        .exitHereIfFailed()
                        .during(duration)
                        .on(exec(pace(each), zmtp("request").request(payloadBytes))
                                .exitHereIfFailed())
                        .injectOpen(atOnceUsers(clients)),
                takers("workers", workers, SocketType.REP, exec(zmtp("reply").reply())));
    }
}

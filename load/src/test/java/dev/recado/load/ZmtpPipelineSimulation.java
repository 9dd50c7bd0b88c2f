package dev.recado.load;

import static dev.recado.load.zmtp.ZmtpDsl.zmtp;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.zmtp.SocketType;
import java.time.Duration;

/** The same number of messages every second from PUSH sockets, whether or not PULL sockets keep up. */
public class ZmtpPipelineSimulation extends ZmtpSimulation {

    /** Read by Gatling. */
    public ZmtpPipelineSimulation() {
        Duration duration = settings.duration("duration", Duration.ofSeconds(30));
        int rate = settings.count("rate", 500, 50_000);
        int connections = settings.count("connections", 4, 1_000);
        int consumers = settings.count("consumers", 2, 1_000);
        run(
                duration,
                "push",
                between("zmtp-pull", 5559, "zmtp-push", 5560).sharePushSockets(connections),
                scenario("pushers")
                        .exec(zmtp("push").push(payloadBytes))
                        .injectOpen(constantUsersPerSec(rate).during(duration)),
                takers(
                        "pullers",
                        consumers,
                        SocketType.PULL,
                        exec(zmtp("finish").finish())));
    }
}

package dev.recado.load;

import static dev.recado.load.zmtp.ZmtpDsl.zmtp;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.run.BrokerProcess;
import dev.recado.load.run.Ledger;
import dev.recado.load.run.Settings;
import dev.recado.load.zmtp.SocketType;
import dev.recado.load.zmtp.ZmtpProtocol;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the simulations over ZMTP have in common: a frontend and a backend of a broker, users at both, and the check
 * that everything that was sent has arrived.
 *
 * <pre>
 *   ┬── givers at the frontend ── settle: has everything arrived?
 *   └── takers at the backend, until settled
 * </pre>
 */
abstract class ZmtpSimulation extends Simulation {

    private static final String SETTLE = "all sent messages arrived";
    private static final Duration SETTLE_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(250);

    final Settings settings = Settings.ofSystem();
    final int payloadBytes = settings.count("payload", 100, Ledger.STAMP_BYTES, 1 << 20);

    private final Optional<Path> jar = settings.file("broker.jar");
    private final Ledger ledger = new Ledger();
    private volatile @Nullable BrokerProcess broker;

    @Override
    public void before() {
        jar.ifPresent(file -> broker = BrokerProcess.start(file));
    }

    @Override
    public void after() {
        System.out.println("Ledger: " + ledger.figures());
        BrokerProcess own = broker;
        if (own != null) {
            own.close();
        }
    }

    /** Between two listeners, which the ports file calls so and which have those ports by default. */
    final ZmtpProtocol between(String frontend, int frontendPort, String backend, int backendPort) {
        InetSocketAddress front = settings.address("frontend", "127.0.0.1:" + frontendPort);
        InetSocketAddress back = settings.address("backend", "127.0.0.1:" + backendPort);
        return zmtp().between(() -> address(frontend, front), () -> address(backend, back))
                .ledger(ledger);
    }

    private InetSocketAddress address(String listener, InetSocketAddress otherwise) {
        BrokerProcess own = broker;
        return own == null ? otherwise : own.address(listener);
    }

    /** Users with a socket at the backend, who do that with each message until everything has arrived. */
    final PopulationBuilder takers(String name, int count, SocketType type, ChainBuilder perMessage) {
        return scenario(name)
                .exec(zmtp("connect").connect(type))
                .exitHereIfFailed()
                .asLongAs(session -> ledger.isOpen())
                .on(exec(zmtp("delivery").receiveWithin(POLL))
                        .exitHereIfFailed()
                        .exec(perMessage))
                .injectOpen(atOnceUsers(count));
    }

    /** Puts a run together; it ends by itself, at the latest some time after {@code length}. */
    final void run(
            Duration length,
            String request,
            ZmtpProtocol protocol,
            PopulationBuilder givers,
            PopulationBuilder takers) {
        PopulationBuilder settle =
                scenario("settle").exec(zmtp(SETTLE).settle(SETTLE_MAX)).injectOpen(atOnceUsers(1));
        setUp(givers.andThen(settle), takers)
                .protocols(protocol)
                .maxDuration(length.plus(SETTLE_MAX).plusSeconds(30))
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(SETTLE).successfulRequests().count().is(1L),
                        details(request).successfulRequests().count().gt(0L));
    }
}

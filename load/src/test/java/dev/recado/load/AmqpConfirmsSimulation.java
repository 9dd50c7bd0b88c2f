package dev.recado.load;

import static dev.recado.load.amqp.AmqpDsl.amqp;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.run.BrokerProcess;
import dev.recado.load.run.Ledger;
import dev.recado.load.run.Settings;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Over AMQP 0-9-1: the same number of persistent messages every second to a durable queue, each confirmed, whether or
 * not the broker keeps up, and consumers that share them. It runs against any broker of AMQP 0-9-1.
 *
 * <pre>
 *   declare ──┬── publishers ── settle: has everything arrived?
 *             └── consumers, until settled ── delete
 * </pre>
 */
public class AmqpConfirmsSimulation extends Simulation {

    private static final String SETTLE = "all confirmed messages arrived";
    private static final Duration SETTLE_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(250);

    private final Settings settings = Settings.ofSystem();
    private final Duration duration = settings.duration("duration", Duration.ofSeconds(30));
    private final int rate = settings.count("rate", 500, 50_000);
    private final int connectionCount = settings.count("connections", 4, 1_000);
    private final int consumerCount = settings.count("consumers", 2, 1_000);
    private final int creditCount = settings.count("credit", 256, 65_535);
    private final int payloadBytes = settings.count("payload", 100, Ledger.STAMP_BYTES, 1 << 20);
    private final InetSocketAddress address = settings.address("broker", "127.0.0.1:5672");
    private final Optional<Path> jar = settings.file("broker.jar");
    private final String queue = "load.AmqpConfirms." + Long.toString(System.currentTimeMillis(), 36);
    private final Ledger ledger = new Ledger();
    private volatile @Nullable BrokerProcess broker;

    /** Read by Gatling. */
    public AmqpConfirmsSimulation() {
        PopulationBuilder settle =
                scenario("settle").exec(amqp(SETTLE).settle(SETTLE_MAX)).injectOpen(atOnceUsers(1));
        PopulationBuilder prepare = manage("prepare", amqp("declare queue").declare(queue));
        PopulationBuilder tidy = manage("tidy up", amqp("delete queue").delete(queue));
        setUp(prepare.andThen(publishers().andThen(settle), consumers().andThen(tidy)))
                .protocols(amqp().broker(this::address).ledger(ledger).shareConnections(connectionCount))
                .maxDuration(duration.plus(SETTLE_MAX).plusSeconds(30))
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(SETTLE).successfulRequests().count().is(1L),
                        details("publish").successfulRequests().count().gt(0L));
    }

    @Override
    public void before() {
        jar.ifPresent(file -> broker = BrokerProcess.start(file));
    }

    @Override
    public void after() {
        System.out.println("Ledger of " + queue + ": " + ledger.figures());
        BrokerProcess own = broker;
        if (own != null) {
            own.close();
        }
    }

    private InetSocketAddress address() {
        BrokerProcess own = broker;
        return own == null ? address : own.address("amqp");
    }

    private PopulationBuilder publishers() {
        return scenario("publishers")
                .exec(amqp("publish").publish(queue, payloadBytes))
                .injectOpen(constantUsersPerSec(rate).during(duration));
    }

    private PopulationBuilder consumers() {
        return scenario("consumers")
                .exec(amqp("connect").connect(), amqp("consume").consume(queue, creditCount))
                .exitHereIfFailed()
                .asLongAs(session -> ledger.isOpen())
                .on(exec(amqp("delivery").receiveWithin(POLL))
                        .exitHereIfFailed()
                        .exec(amqp("acknowledge").acknowledge()))
                .injectOpen(atOnceUsers(consumerCount));
    }

    private static PopulationBuilder manage(String name, ActionBuilder request) {
        return scenario(name)
                .exec(amqp("connect").connect())
                .exitHereIfFailed()
                .exec(request)
                .injectOpen(atOnceUsers(1));
    }
}

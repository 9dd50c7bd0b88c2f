package dev.recado.load;

import static dev.recado.load.text.TextDsl.text;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.recado.load.run.BrokerProcess;
import dev.recado.load.run.Ledger;
import dev.recado.load.run.Settings;
import dev.recado.load.text.TextProtocol;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all simulations have in common: a topic of its own for each run, consumers that acknowledge what publishers
 * publish, and the check that every confirmed message reached one.
 *
 * <pre>
 *   create topic ──┬── publishers ── settle: has everything arrived?
 *                  └── consumers, until settled ── delete topic
 * </pre>
 */
abstract class LoadSimulation extends Simulation {

    private static final String SETTLE = "all confirmed messages arrived";
    private static final Duration SETTLE_MAX = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(250);

    final Settings settings = Settings.ofSystem();
    final int payloadBytes = settings.count("payload", 100, Ledger.STAMP_BYTES, 1 << 20);
    final int consumerCount = settings.count("consumers", 2, 1_000);
    final int creditCount = settings.count("credit", 256, 65_535);
    final String topic = "load." + getClass().getSimpleName() + "." + Long.toString(System.currentTimeMillis(), 36);

    private final InetSocketAddress address = settings.address("broker", "127.0.0.1:8080");
    private final Optional<Path> jar = settings.file("broker.jar");
    private final String topicSettings = settings.text("topic.settings", defaultTopicSettings());
    private final Ledger ledger = new Ledger();
    private volatile @Nullable BrokerProcess broker;

    /** For those who need another kind of topic, as in {@code kind=queue}. */
    String defaultTopicSettings() {
        return "";
    }

    @Override
    public void before() {
        jar.ifPresent(file -> broker = BrokerProcess.start(file));
    }

    @Override
    public void after() {
        System.out.println("Ledger of " + topic + ": " + ledger.figures());
        BrokerProcess own = broker;
        if (own != null) {
            own.close();
        }
    }

    private InetSocketAddress address() {
        BrokerProcess own = broker;
        return own == null ? address : own.address();
    }

    final TextProtocol protocol() {
        return text().broker(this::address).ledger(ledger);
    }

    final ActionBuilder publish() {
        return text("publish").publish(topic, payloadBytes);
    }

    /** A member of a group, which does that with each message until everything has arrived. */
    final ChainBuilder consume(String group, ChainBuilder perMessage) {
        return exec(text("connect").connect(), text("subscribe").subscribe(topic, group, creditCount))
                .exitHereIfFailed()
                .asLongAs(session -> ledger.isOpen())
                .on(exec(text("delivery").receiveWithin(POLL))
                        .exitHereIfFailed()
                        .exec(perMessage));
    }

    /** Consumers that acknowledge at once. */
    final PopulationBuilder consumers() {
        return scenario("consumers")
                .exec(consume("consumers", exec(text("acknowledge").acknowledge())))
                .injectOpen(atOnceUsers(consumerCount));
    }

    /** Puts a run together; it ends by itself, at the latest some time after {@code length}. */
    final void run(Duration length, TextProtocol protocol, PopulationBuilder publishers, PopulationBuilder consumers) {
        String settingsField = topicSettings.isEmpty() ? "" : ":" + topicSettings;
        PopulationBuilder prepare =
                manage("prepare", text("create topic").command("TOPIC:CREATE:" + topic + settingsField));
        PopulationBuilder tidy = manage("tidy up", text("delete topic").command("TOPIC:DELETE:" + topic));
        PopulationBuilder settle =
                scenario("settle").exec(text(SETTLE).settle(SETTLE_MAX)).injectOpen(atOnceUsers(1));
        setUp(prepare.andThen(publishers.andThen(settle), consumers.andThen(tidy)))
                .protocols(protocol)
                .maxDuration(length.plus(SETTLE_MAX).plusSeconds(30))
                .assertions(
                        global().failedRequests().count().is(0L),
                        details(SETTLE).successfulRequests().count().is(1L),
                        details("publish").successfulRequests().count().gt(0L));
    }

    private static PopulationBuilder manage(String name, ActionBuilder command) {
        return scenario(name)
                .exec(text("connect").connect())
                .exitHereIfFailed()
                .exec(command)
                .injectOpen(atOnceUsers(1));
    }
}

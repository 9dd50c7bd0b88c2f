package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A disk that has no space left under AMQP, at the system's door: publishers are told and wait, consumers go on, also
 * after a {@code kill -9} on the full disk, and with space everything goes on by itself.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AmqpFullDiskIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Segments find no space. */
    private static final String FULL = "create,write ENOSPC 0 0 topics/";

    private static final int BEFORE = 200;
    /** More than the journal may hold behind a checkpoint, of which there is none without segments. */
    private static final int MEANWHILE = 600;

    private static final String PUBLISH = "1 basic.publish '' jobs delivery-mode=2 : " + "m".repeat(16 * 1024);

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    private static void publish(AmqpCaller caller, int count) {
        for (int i = 0; i < count; i++) {
            caller.send(PUBLISH);
        }
    }

    private static AmqpCaller publisher(BrokerProcess broker) throws IOException {
        AmqpCaller caller = AmqpCaller.ready(broker.port("amqp"));
        caller.say("1 queue.declare jobs durable");
        caller.say("1 confirm.select");
        return caller;
    }

    /** Takes and acknowledges {@code count} messages of another consumer's queue. */
    private static void drain(BrokerProcess broker, int count) throws IOException {
        try (AmqpCaller consumer = AmqpCaller.ready(broker.port("amqp"))) {
            consumer.say("1 basic.qos 0 50");
            consumer.say("1 basic.consume jobs c");
            for (int taken = 0; taken < count; taken++) {
                consumer.await("1 basic.deliver", 1);
                consumer.send("1 basic.ack " + (taken + 1));
            }
            assertThat(consumer.end("c")).contains("c [0] 0 connection.close-ok");
        }
    }

    /** It was told once that it has to wait, and once that it has not, and all that it published was stored. */
    private static void assertHeld(AmqpCaller publisher, int published) throws IOException {
        List<String> heard = publisher.end("p");
        assertThat(heard)
                .filteredOn(line -> line.startsWith("p [0] 0 connection.") && line.contains("blocked"))
                .containsExactly("p [0] 0 connection.blocked low on disk", "p [0] 0 connection.unblocked");
        assertThat(heard)
                .filteredOn(line -> line.startsWith("p [1 confirms] 1 basic.ack"))
                .hasSize(published);
        assertThat(heard).contains("p [0] 0 connection.close-ok");
    }

    private static boolean isLow(BrokerProcess broker) throws IOException {
        try (TextConnection admin = broker.connect()) {
            return admin.list("STATS").contains("disk_low=1");
        }
    }

    private static void awaitLow(BrokerProcess broker, boolean low) {
        Waiting.until("disk_low=" + low, LIMIT, () -> {
            try {
                return isLow(broker) == low;
            } catch (IOException gone) {
                throw new AssertionError(broker.process().report(), gone);
            }
        });
    }

    private static BrokerProcess.Plan tinyJournal(BrokerProcess.Plan plan) {
        return plan.set("journal.file-bytes", "1MiB")
                .set("journal.checkpoint-bytes", "1MiB")
                .set("journal.hard-bound-bytes", "2MiB")
                .set("journal.segment-bytes", "64KiB")
                .set("disk.free-min", "0");
    }

    @Test
    void shouldHoldPublishersUpAndServeConsumersUntilThereIsSpace() throws Exception {
        // Given
        BrokerProcess.Plan plan = tinyJournal(BrokerProcess.in(work).heapMiB(256));
        FaultShim shim = FaultShim.into(plan, work);
        try (BrokerProcess broker = plan.start();
                AmqpCaller publisher = publisher(broker);
                LoadCrew crew = new LoadCrew()) {
            publish(publisher, BEFORE);
            publisher.await("1 confirm", BEFORE);

            // When
            shim.strike(FULL);
            crew.run(() -> publish(publisher, MEANWHILE)); // which is not read to its end for now

            // Then
            publisher.await("0 connection.blocked", 1);
            drain(broker, BEFORE);

            // When
            shim.calm();

            // Then
            publisher.await("0 connection.unblocked", 1);
            publisher.await("1 confirm", MEANWHILE);
            assertHeld(publisher, BEFORE + MEANWHILE);
            drain(broker, MEANWHILE);
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
    }

    @Test
    void shouldStartOnAFullDiskServeConsumersAndGoOnWithSpace() throws Exception {
        // Given: nothing of what the journal holds finds room in segments
        BrokerProcess.Plan plan = tinyJournal(BrokerProcess.in(work).heapMiB(256));
        FaultShim shim = FaultShim.into(plan, work);
        try (BrokerProcess broker = plan.start();
                AmqpCaller publisher = publisher(broker);
                LoadCrew crew = new LoadCrew()) {
            publish(publisher, BEFORE);
            publisher.await("1 confirm", BEFORE);
            shim.strike(FULL);
            crew.run(() -> publish(publisher, MEANWHILE));
            publisher.await("0 connection.blocked", 1);
            broker.killNine();
            crew.join();
        }

        // When
        try (BrokerProcess broker = plan.start();
                AmqpCaller publisher = publisher(broker)) {
            // Then
            awaitLow(broker, true);
            publish(publisher, 1);
            publisher.await("0 connection.blocked", 1);
            drain(broker, BEFORE);
            shim.calm();
            awaitLow(broker, false);
            publisher.await("0 connection.unblocked", 1);
            publisher.await("1 confirm", 1);
            assertHeld(publisher, 1);
            assertThat(broker.terminate()).as(() -> broker.process().report()).isZero();
        }
    }
}

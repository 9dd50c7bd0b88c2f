package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardProbe;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node does not delete, whatever the wall clock shows. */
@Timeout(60)
@ParameterizedClass
@ValueSource(longs = {1, 2})
class ClockQuietTest {

    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private final long seed;
    private SimRig rig;
    private TestSession session;
    private Topic topic;

    ClockQuietTest(long seed) {
        this.seed = seed;
    }

    @BeforeEach
    void start() throws Exception {
        rig = SimRig.start(seed);
        session = rig.sessionOn(0);
        topic = session.create("t", NodeRig.log(1, 0, Overflow.BLOCK));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private PartitionOwner owner() {
        return Objects.requireNonNull(
                rig.shardOf(topic).existing(topic.partition(0).id()));
    }

    /** Everything is in segments, and retention has looked at everything. */
    private void retain() {
        rig.flush();
        rig.settle();
    }

    /** The topic has one message, and the node begins again while the wall clock is ahead. */
    private void restartAMonthLater() throws Exception {
        session.publish(topic, 1, "m");
        rig.until(() -> session.confirmed.get() == 1);
        rig.stop();
        rig.restartAhead(30 * DAY);
    }

    @Test
    void shouldDeleteNothingByAJumpAndBack() throws Exception {
        // Given
        Topic dropped = session.create("dropped", NodeRig.log(1, 0, Overflow.BLOCK));
        session.publish(dropped, 1, "x");
        session.call(() -> session.link().producer("p", 7));
        session.run(() -> session.link().publishNumbered(topic, new Draft().payload(new byte[] {1}, 0, 1), 1, "p", 7));
        rig.until(() -> session.confirmed.get() == 2);
        rig.flush();
        session.call(() -> session.link().change(new CatalogChange.DeleteTopic(dropped.uuid())));
        rig.settle();

        // When
        rig.putWallAhead(30 * DAY);
        retain();
        rig.checkpoint();
        rig.checkpoint();
        rig.putWallAhead(0);
        retain();

        // Then
        assertThat(owner().logStart()).isZero();
        assertThat(rig.disk().list("trash")).hasSize(1);
        assertThat(ShardProbe.nextCommitted(owner(), "p")).isEqualTo(8);
    }

    @Test
    void shouldDeleteNothingByAClockThatIsAheadAtTheStartAndPutRight() throws Exception {
        // Given
        restartAMonthLater();

        // When
        retain();
        rig.passTime(9 * MINUTE);
        retain();
        rig.putWallAhead(0);
        rig.passTime(HOUR);
        retain();

        // Then
        assertThat(owner().logStart()).isZero();
    }

    @Test
    void shouldDeleteWhatGrewOldWhileTheBrokerWasOffAfterTenMinutesAndNotBefore() throws Exception {
        // Given
        restartAMonthLater();
        rig.sessionOn(0).publish(topic, 1, "fresh");
        rig.until(() -> owner().end() == 2);

        // When
        rig.passTime(9 * MINUTE);
        retain();
        long early = owner().logStart();
        rig.passTime(MINUTE);
        retain();

        // Then
        assertThat(early).isZero();
        assertThat(owner().logStart()).isEqualTo(1);
    }
}

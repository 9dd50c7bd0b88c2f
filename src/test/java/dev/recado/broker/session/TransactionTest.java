package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session publishes and settles in a transaction. */
@Timeout(60)
class TransactionTest {

    private static final int MIB = 1024 * 1024;

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;
    private TestSession other;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        session.acknowledge(false);
        other = rig.sessionOn(1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void begin() throws Exception {
        session.run(() -> assertThat(session.link().begin()).isNull());
    }

    private void commit() throws Exception {
        session.call(() -> session.link().commit());
    }

    private void rollback() throws Exception {
        session.run(() -> session.link().rollback());
    }

    /** Of one shard: what it has of several topics is one entry. */
    private Topic inShardOf(Topic first, String name, TopicSettings settings) throws Exception {
        for (int i = 0; ; i++) {
            Topic topic = other.create(name + i, settings);
            if (topic.partition(0).shard() == first.partition(0).shard()) {
                return topic;
            }
        }
    }

    private long held() {
        return rig.node().ledger().shares().stream()
                .filter(share -> share.name().equals("transactions"))
                .mapToLong(Ledger.Share::bytes)
                .findFirst()
                .orElseThrow();
    }

    private @Nullable Refusal publish(Topic topic, int bytes) throws Exception {
        Refusal[] refusal = {null};
        session.run(
                () -> refusal[0] = session.link().publish(topic, new Draft().payload(new byte[bytes], 0, bytes), 0));
        return refusal[0];
    }

    private String nextOfOther() throws Exception {
        return other.next().text();
    }

    @Test
    void shouldBeSeenByNobodyBeforeItsCommit() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        other.subscribe("orders", "g", 10, StartPosition.first());
        begin();
        session.publish(topic, 2, "inside");
        other.publish(topic, 1, "outside");
        assertThat(nextOfOther()).isEqualTo("outside0");

        // When
        commit();

        // Then
        assertThat(nextOfOther()).isEqualTo("inside0");
        assertThat(nextOfOther()).isEqualTo("inside1");
        assertThat(session.confirmed.get()).isZero();
        assertThat(held()).isZero();
    }

    @Test
    void shouldDropWhatIsRolledBack() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        other.subscribe("orders", "g", 10, StartPosition.first());
        begin();
        session.publish(topic, 2, "dropped");

        // When
        rollback();
        session.publish(topic, 1, "kept");

        // Then
        assertThat(nextOfOther()).isEqualTo("kept0");
        assertThat(held()).isZero();
    }

    @Test
    void shouldFinishWhatIsSettledWithItsCommitOnly() throws Exception {
        // Given
        Topic queue = other.create("jobs", NodeRig.queue());
        other.publish(queue, 3, "job");
        SubscriptionLink jobs = session.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        session.next();
        session.next();
        session.next();

        // When
        begin();
        session.run(() -> jobs.ack(0, 0, 1));
        rollback();
        begin();
        session.run(() -> {
            jobs.ack(0, 0, 0);
            jobs.nack(0, 1, 0);
        });
        commit();

        // Then
        assertThat(session.next()).isEqualTo(new TestSession.Received(1, 2, "job1"));
        session.call(jobs::close);
        other.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        assertThat(nextOfOther()).isEqualTo("job1");
        assertThat(nextOfOther()).isEqualTo("job2");
    }

    @Test
    void shouldFindAfterARestartWhatItHasDoneInOneEntry() throws Exception {
        // Given
        Topic queue = other.create("jobs", NodeRig.queue());
        Topic done = inShardOf(queue, "done", NodeRig.log(1, 0, Overflow.BLOCK));
        other.publish(queue, 2, "job");
        SubscriptionLink jobs = session.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        session.next();
        session.next();
        begin();
        session.publish(done, 1, "done");
        session.run(() -> jobs.ack(0, 0, 0));

        // When
        commit();
        rig.crash();
        start();

        // Then
        other.subscribe(done.name().name(), "g", 10, StartPosition.first());
        assertThat(nextOfOther()).isEqualTo("done0");
        other.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        assertThat(nextOfOther()).isEqualTo("job1");
    }

    @Test
    void shouldReachSeveralShardsAndTopicsInMemory() throws Exception {
        // Given
        Topic wide = other.create("wide", NodeRig.log(3, 0, Overflow.BLOCK));
        Topic memory = other.create("ram", NodeRig.memory(0, Overflow.BLOCK));
        other.subscribe("wide", "g", 100, StartPosition.first());
        other.subscribe("ram", "g", 100, StartPosition.first());
        begin();
        session.publish(wide, 9, "w");
        session.publish(memory, 1, "m");

        // When
        commit();

        // Then
        await().until(() -> other.received.size() == 10);
    }

    @Test
    void shouldBeRefusedWholeWhereOneTopicIsFull() throws Exception {
        // Given
        Topic full = other.create("full", NodeRig.log(1, 1, Overflow.REJECT));
        Topic free = inShardOf(full, "free", NodeRig.log(1, 0, Overflow.BLOCK));
        other.subscribe(free.name().name(), "g", 10, StartPosition.first());
        begin();
        session.publish(free, 1, "free");
        session.publish(full, 2, "full");

        // When
        assertThatThrownBy(() -> session.call(() -> session.link().commit())).hasMessageContaining("topic full");

        // Then
        session.publish(free, 1, "later");
        assertThat(nextOfOther()).isEqualTo("later0");
        assertThat(held()).isZero();
    }

    @Test
    void shouldWaitForRoomInATopicThatBlocks() throws Exception {
        // Given
        Topic topic = other.create("small", NodeRig.log(1, 2, Overflow.BLOCK));
        other.publish(topic, 2, "old");
        await().until(() -> other.confirmed.get() == 2);
        begin();
        session.publish(topic, 2, "new");

        // When
        Future<Void> committed = committing();
        other.subscribe("small", "g", 10, StartPosition.first());

        // Then
        await().until(committed::isComplete);
        assertThat(committed.succeeded()).isTrue();
        await().until(() -> other.received.size() == 4);
    }

    private Future<Void> committing() throws Exception {
        AtomicReference<Future<Void>> committed = new AtomicReference<>();
        session.run(() -> committed.set(session.link().commit()));
        return committed.get();
    }

    @Test
    void shouldBeRefusedWhereAMessageIsNotHeldAnyMore() throws Exception {
        // Given
        Topic queue = other.create("jobs", NodeRig.queue());
        Topic done = inShardOf(queue, "done", NodeRig.log(1, 0, Overflow.BLOCK));
        other.publish(queue, 1, "job");
        SubscriptionLink jobs = session.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        session.next();
        begin();
        session.publish(done, 1, "done");
        session.run(() -> jobs.ack(0, 0, 0));
        session.call(jobs::close);

        // When
        assertThatThrownBy(this::commit).hasMessageContaining("not held any more");

        // Then
        other.subscribe("jobs", GroupDef.QUEUE, 10, StartPosition.first());
        assertThat(nextOfOther()).isEqualTo("job0");
        assertThat(session.call(() -> session.link().browse(done, StartPosition.first(), 10)))
                .isEmpty();
    }

    @Test
    void shouldBeSpoiledByWhatIsBeyondItsBytes() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        begin();
        for (int i = 0; i < 15; i++) {
            assertThat(publish(topic, MIB)).isNull();
        }

        // When
        publish(topic, MIB);
        Refusal refusal = publish(topic, MIB);

        // Then
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThat(held()).isLessThanOrEqualTo(Transaction.BYTES_MAX);
        assertThatThrownBy(this::commit).hasMessageContaining("bytes of a transaction");
        assertThat(held()).isZero();
        assertThat(session.call(() -> session.link().browse(topic, StartPosition.first(), 10)))
                .isEmpty();
    }

    @Test
    void shouldBeSpoiledByMoreMessagesThanItMayHold() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        begin();

        // When
        session.publish(topic, Transaction.ACTIONS_MAX + 1, "");

        // Then
        assertThat(session.refusals).hasSize(1);
        assertThatThrownBy(this::commit).hasMessageContaining("messages of a transaction");
    }

    @Test
    void shouldShareItsMemoryWithOthers() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        long bytesMax = rig.node().ledger().shares().stream()
                .filter(share -> share.name().equals("transactions"))
                .mapToLong(Ledger.Share::bytesMax)
                .findFirst()
                .orElseThrow();
        byte[] payload = new byte[MIB];

        // When
        int sessions = (int) (bytesMax / Transaction.BYTES_MAX) + 2;
        long[] refused = {0};
        for (int i = 0; i < sessions; i++) {
            TestSession one = rig.sessionOn(0);
            one.run(() -> {
                one.link().begin();
                for (int message = 0; message < 15; message++) {
                    Refusal why = one.link().publish(topic, new Draft().payload(payload, 0, MIB), 0);
                    refused[0] += why != null && why.code() == ErrorCode.MEMORY_LOW ? 1 : 0;
                }
            });
        }

        // Then
        assertThat(refused[0]).isPositive();
        assertThat(held()).isLessThanOrEqualTo(bytesMax);
    }

    @Test
    void shouldDropWhatASessionLeavesOpen() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        begin();
        session.publish(topic, 2, "m");

        // When
        session.run(() -> session.link().close());

        // Then
        assertThat(held()).isZero();
        assertThat(other.call(() -> other.link().browse(topic, StartPosition.first(), 10)))
                .isEmpty();
    }

    @Test
    void shouldHoldNoRequestAndNoOther() throws Exception {
        // Given
        Topic topic = other.create("orders", NodeRig.log(1, 0, Overflow.BLOCK));
        byte[] text = "m".getBytes(StandardCharsets.UTF_8);
        begin();

        // When
        Refusal[] refused = new Refusal[2];
        session.run(() -> {
            refused[0] = session.link().request(topic, new Draft().payload(text, 0, 1), 0, 1);
            refused[1] = session.link().begin();
        });

        // Then
        assertThat(refused).extracting(Refusal::code).containsOnly(ErrorCode.NOT_ALLOWED);
        assertThatThrownBy(this::commit).hasMessageContaining("a transaction is open");
        assertThatThrownBy(this::commit).hasMessageContaining("no transaction is open");
    }

    @Test
    void shouldCountAMessageThatNoBindingMatches() throws Exception {
        // Given
        begin();
        byte[] text = "m".getBytes(StandardCharsets.UTF_8);

        // When
        session.run(() -> session.link().publishThrough("", "nowhere", new Draft().payload(text, 0, 1), 0, null, 0));

        // Then
        assertThat(session.nextAnswer()).isEqualTo("routed 0");
        assertThat(held()).isPositive();
        commit();
    }
}

package dev.recado.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestNode;
import dev.recado.node.TestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Where dead letters go that have no obvious place. */
@Timeout(60)
class DeadLetterHomeTest {

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        session.acknowledge(false);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private SubscriptionLink pattern(String pattern) throws Exception {
        return session.call(() -> session.link()
                .subscribe(
                        new SubscribeSpec(SubscribeSpec.Kind.PATTERN, pattern, null, null, 10, StartPosition.next())));
    }

    private void publish(Topic topic, String text) throws Exception {
        long before = session.confirmed.get();
        session.publish(topic, 1, text);
        await().until(() -> session.confirmed.get() == before + 1);
    }

    private Map<String, String> headersOfFirst(String topicName) throws Exception {
        Topic topic = session.topic(topicName);
        await().until(() -> !browse(topic).isEmpty());
        Browsed first = browse(topic).get(0);
        MessageView view = new MessageView();
        view.read(first.run().bytes(), first.position());
        return Headers.toMap(view.bytes, view.headersStart, view.headersLength);
    }

    private List<Browsed> browse(Topic topic) throws Exception {
        return session.call(() -> session.link().browse(topic, StartPosition.first(), 10));
    }

    private boolean exists(String topic) {
        return session.link().catalog().topic(TopicName.of(topic)) != null;
    }

    @Test
    void shouldSendWhatAPatternRejectsToTheDeadLettersOfItsTopic() throws Exception {
        // Given
        Topic topic = session.create("orders.new", TopicSettings.DEFAULT);
        SubscriptionLink all = pattern("orders.*");
        publish(topic, "m");
        TestSession.Received received = session.next();

        // When
        session.run(() -> all.reject(0, received.offset(), "broken"));

        // Then
        await().until(() -> exists("orders.new.dead"));
        assertThat(headersOfFirst("orders.new.dead"))
                .containsEntry("dead-reason", "broken")
                .containsEntry("dead-topic", "orders.new")
                .containsEntry("dead-pattern", "orders.*")
                .doesNotContainKeys("dead-group", "dead-offset", "dead-partition");
        assertThat(session.topic("orders.new.dead").settings())
                .as("made with the settings for dead letters")
                .isEqualTo(TestNode.settings().defaults().deadLetterTopic());
    }

    /** Their tickets follow each other, and what is stored of one run is told at once. */
    @Test
    void shouldFinishTheLettersOfTwoGroupsThatAreStoredTogether() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        Topic dead = session.create("jobs.dead", TopicSettings.DEFAULT);
        session.createGroup(topic, "g1", GroupSettings.DEFAULT);
        session.createGroup(topic, "g2", GroupSettings.DEFAULT);
        session.publish(topic, 4, "m");
        SubscriptionLink one = session.subscribe("jobs", "g1", 10, StartPosition.first());
        SubscriptionLink other = session.subscribe("jobs", "g2", 10, StartPosition.first());
        await().until(() -> session.received.size() == 8);

        // When
        session.run(() -> {
            for (int i = 0; i < 4; i++) {
                one.reject(0, i, "of one");
                other.reject(0, i, "of the other");
            }
        });

        // Then
        await().until(() -> browse(dead).size() == 8);
        await().until(() -> session.call(() -> session.link().describe(topic)).groups().stream()
                .allMatch(group -> group.totals().deadLettered() == 4
                        && group.unfinished().waiting() == 0
                        && group.unfinished().backlog() == 0));
    }

    @Test
    void shouldKeepWhatAPatternRejectsBeforeItEnds() throws Exception {
        // Given more letters than one turn stores, and no topic for them yet
        Topic topic = session.create("orders.new", TopicSettings.DEFAULT);
        SubscriptionLink all = pattern("orders.*");
        session.publish(topic, 5, "m");
        await().until(() -> session.received.size() == 5);

        // When
        session.run(() -> {
            for (int i = 0; i < 5; i++) {
                all.reject(0, i, "broken");
            }
            all.close();
        });

        // Then
        await().until(() -> exists("orders.new.dead"));
        Topic dead = session.topic("orders.new.dead");
        await().until(() -> browse(dead).size() == 5);
        assertThat(headersOfFirst("orders.new.dead"))
                .as("as it was published, without the header of the pattern's copy")
                .doesNotContainKey(Headers.TOPIC);
        assertThat(memoryTopicsBytes()).isZero();
    }

    @Test
    void shouldCountWhatIsRefusedOnceItsPatternHasEnded() throws Exception {
        // Given a topic for dead letters that takes two
        Topic topic = session.create("jobs.a", TopicSettings.DEFAULT);
        session.create("jobs.a.dead", NodeRig.log(1, 2, Overflow.REJECT));
        SubscriptionLink all = pattern("jobs.*");
        session.publish(topic, 5, "m");
        await().until(() -> session.received.size() == 5);

        // When
        session.run(() -> {
            for (int i = 0; i < 5; i++) {
                all.reject(0, i, "broken");
            }
            all.close();
        });

        // Then
        await().until(() -> figure("messages_dropped") == 3);
        assertThat(figure("messages_dead_lettered")).isEqualTo(2);
        assertThat(memoryTopicsBytes()).isZero();
    }

    private long memoryTopicsBytes() throws Exception {
        return figure("bytes_memory_topics");
    }

    private long figure(String name) throws Exception {
        return session.call(() -> session.link().figures()).values().get(name);
    }

    @Test
    void shouldShowAndTellOfDeadLettersThatWaitForRoom() throws Exception {
        // Given a topic for dead letters that takes two
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        session.create("jobs.dead", NodeRig.log(1, 2, Overflow.REJECT));
        session.createGroup(topic, "g", GroupSettings.DEFAULT);
        session.publish(topic, 6, "m");
        SubscriptionLink jobs = session.subscribe("jobs", "g", 10, StartPosition.first());
        await().until(() -> session.received.size() == 6);
        Logger log = (Logger) LoggerFactory.getLogger(DeadLetterPublisher.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);

        // When
        session.run(() -> {
            for (int i = 0; i < 6; i++) {
                jobs.reject(0, i, "broken");
            }
        });

        // Then they are on show, and one line tells of them
        await().until(() -> figures(topic).unfinished().backlog() == 4);
        assertThat(figures(topic).unfinished().waiting()).isEqualTo(4);
        assertThat(figures(topic).unfinished().ready()
                        + figures(topic).unfinished().leased())
                .isZero();
        await().until(() -> !lines.list.isEmpty());
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("topic=jobs group=g partition=0 error=TOPIC_FULL");
        log.detachAppender(lines);

        // When there is room
        session.received.clear();
        session.acknowledge(true);
        session.subscribe("jobs.dead", "undertaker", 10, StartPosition.first());

        // Then
        await().until(() ->
                session.received.size() == 6 && figures(topic).unfinished().backlog() == 0);
    }

    private TopicFigures.GroupFigures figures(Topic topic) throws Exception {
        return session.call(() -> session.link().describe(topic)).groups().get(0);
    }

    @Test
    void shouldRefuseATopicWhoseDeadLettersWouldHaveNoName() throws Exception {
        // When, Then
        assertThatThrownBy(() -> session.create("n".repeat(251), TopicSettings.DEFAULT))
                .hasMessageContaining("longer than 250 bytes");
        session.create("n".repeat(250), TopicSettings.DEFAULT);
    }

    @Test
    void shouldReachTheDeadLettersOfTheLongestName() throws Exception {
        // Given
        String name = "n".repeat(250);
        Topic topic = session.create(name, TopicSettings.DEFAULT);
        SubscriptionLink workers = session.subscribe(name, "g", 10, StartPosition.first());
        publish(topic, "m");
        TestSession.Received received = session.next();

        // When
        session.run(() -> workers.reject(0, received.offset(), "broken"));

        // Then
        await().until(() -> exists(name + ".dead"));
        assertThat(headersOfFirst(name + ".dead")).containsEntry("dead-group", "g");
    }

    private static GroupSettings deadLettersTo(String topic) {
        GroupSettings base = GroupSettings.DEFAULT;
        return base.with(GroupSettings.DEAD_LETTER, topic);
    }

    @Test
    void shouldRefuseAGroupThatWouldGetItsDeadLettersBack() throws Exception {
        // Given
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        session.createGroup(topic, "other", deadLettersTo("graves"));
        int other = Objects.requireNonNull(session.topic("jobs").group("other")).id();

        // When / Then
        assertThatThrownBy(() -> session.createGroup(topic, "g", deadLettersTo("jobs")))
                .hasMessageContaining("dead-letter names the topic of its group")
                .hasMessageContaining("dead-letter=jobs");
        assertThatThrownBy(() -> session.call(
                        () -> session.link().change(new CatalogChange.AlterGroup(other, deadLettersTo("jobs")))))
                .hasMessageContaining("dead-letter names the topic of its group");
    }

    @Test
    void shouldSendTheDeadLettersOfAnEarlierGroupToWhereTheyDoNotComeBackFrom() throws Exception {
        // Given a group as earlier versions let it in
        Topic topic = session.create("jobs", TopicSettings.DEFAULT);
        CatalogChange change = new CatalogChange.CreateGroup(
                topic.uuid(), "g", GroupKind.NAMED, deadLettersTo("jobs"), StartPosition.first(), 0, false);
        ByteWriter body = new ByteWriter(128);
        change.encode(body);
        ShardOwner meta = rig.metaShard();
        meta.loop().execute(() -> meta.propose(EntryType.CATALOG, body.toByteArray(), () -> {}));
        await().until(() -> session.topic("jobs").group("g") != null);
        rig.flush();
        rig.crash();

        // When
        rig = NodeRig.start(directory);
        session = rig.sessionOn(0);
        session.acknowledge(false);
        SubscriptionLink workers = session.subscribe("jobs", "g", 10, StartPosition.first());
        publish(session.topic("jobs"), "m");
        TestSession.Received received = session.next();
        session.run(() -> workers.reject(0, received.offset(), "broken"));

        // Then
        await().until(() -> exists("jobs.dead"));
        assertThat(headersOfFirst("jobs.dead")).containsEntry("dead-group", "g");
        assertThat(browse(session.topic("jobs"))).hasSize(1);
        GroupDef group = Objects.requireNonNull(session.topic("jobs").group("g"));
        GroupSettings same = group.settings();
        GroupSettings patient = same.with(GroupSettings.LEASE_MS, 60_000)
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 0)
                .with(GroupSettings.NACK_COUNTS, true)
                .with(GroupSettings.MAX_MEMBERS, 0);
        session.call(() -> session.link().change(new CatalogChange.AlterGroup(group.id(), patient)));
        assertThat(Objects.requireNonNull(session.topic("jobs").group("g")).settings())
                .isEqualTo(patient);
    }
}

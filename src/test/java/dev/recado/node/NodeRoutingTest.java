package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.SubscribeSpec;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a message finds those who want it beside the groups of its topic: taps, patterns and exchanges. */
@Timeout(60)
class NodeRoutingTest {

    @TempDir
    Path directory;

    private TestNode node;
    private TestSession session;
    private TestSession other;

    @BeforeEach
    void start() throws Exception {
        node = TestNode.start(directory);
        session = node.session();
        other = node.session();
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    private static Draft draft() {
        return new Draft().payload(new byte[] {1}, 0, 1);
    }

    @Test
    void shouldFeedTapsAndPatternsFromNowOn() throws Exception {
        // Given
        Topic topic = session.create("weather.es.madrid", TopicSettings.DEFAULT);
        session.publish(topic, 1, "before");
        await().until(() -> session.confirmed.get() == 1);
        other.call(() -> other.link()
                .subscribe(new SubscribeSpec(
                        SubscribeSpec.Kind.TAP, "weather.es.madrid", null, null, 1, StartPosition.next())));
        TestSession third = node.session();
        third.call(() -> third.link()
                .subscribe(new SubscribeSpec(
                        SubscribeSpec.Kind.PATTERN, "weather.*.madrid", null, null, 10, StartPosition.next())));

        // When
        session.publish(topic, 2, "now");

        // Then
        assertThat(other.next().text()).isEqualTo("now0");
        assertThat(other.next().text()).isEqualTo("now1");
        assertThat(third.next()).isEqualTo(new TestSession.Received(0, 1, "now0"));
        assertThat(third.next()).isEqualTo(new TestSession.Received(1, 1, "now1"));
    }

    @Test
    void shouldRouteThroughAnExchange() throws Exception {
        // Given
        Topic left = session.create("left", TopicSettings.DEFAULT);
        Topic right = session.create("right", TopicSettings.DEFAULT);
        TopicName exchange = TopicName.of("news");
        session.call(() -> session.link().change(new CatalogChange.CreateExchange(exchange, ExchangeType.TOPIC)));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, left.uuid(), "sport.#", Map.of())));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, right.uuid(), "#", Map.of())));
        byte[] payload = "goal".getBytes(StandardCharsets.UTF_8);

        // When
        session.run(() -> session.link()
                .publishThrough("news", "sport.football", new Draft().payload(payload, 0, 4), 0, null, 0));
        session.run(() ->
                session.link().publishThrough("news", "politics", new Draft().payload(payload, 0, 4), 1, null, 0));

        // Then
        assertThat(List.of(session.nextAnswer(), session.nextAnswer()))
                .containsExactlyInAnyOrder("routed 2", "routed 1");
    }

    @Test
    void shouldSayInHowManyTopicsARefusedMessageIsStoredUnlessItIsNumbered() throws Exception {
        // Given
        Topic small = session.create("small", NodeRig.log(1, 1, Overflow.REJECT));
        Topic large = session.create("large", TopicSettings.DEFAULT);
        TopicName exchange = TopicName.of("both");
        session.call(() -> session.link().change(new CatalogChange.CreateExchange(exchange, ExchangeType.FANOUT)));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, small.uuid(), "", Map.of())));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, large.uuid(), "", Map.of())));
        session.call(() -> session.link().producer("p", 0));
        session.createGroup(small, "g", GroupSettings.DEFAULT);
        session.run(() -> session.link().publishThrough("both", "", draft(), 0, null, 0));
        assertThat(session.nextAnswer()).isEqualTo("routed 2");

        // When
        session.run(() -> session.link().publishThrough("both", "", draft(), 1, null, 0));
        session.run(() -> session.link().publishThrough("both", "", draft(), 2, "p", 0));

        // Then
        await().until(() -> session.refusals.size() == 2);
        assertThat(session.refusals)
                .extracting(Refusal::code, Refusal::partly)
                .containsExactly(
                        tuple(ErrorCode.TOPIC_FULL, "stored in 1 of 2 topics"), tuple(ErrorCode.TOPIC_FULL, ""));
    }

    @Test
    void shouldNotCountATopicThatIsDeletedWhileAMessageIsOnItsWayToIt() throws Exception {
        // Given
        Topic full = session.create("full", NodeRig.log(1, 1, Overflow.BLOCK));
        Topic free = session.create("free", TopicSettings.DEFAULT);
        TopicName exchange = TopicName.of("both");
        session.call(() -> session.link().change(new CatalogChange.CreateExchange(exchange, ExchangeType.FANOUT)));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, full.uuid(), "", Map.of())));
        session.call(() -> session.link().change(new CatalogChange.Bind(exchange, free.uuid(), "", Map.of())));
        session.createGroup(full, "g", GroupSettings.DEFAULT);
        session.run(() -> session.link().publishThrough("both", "", draft(), 0, null, 0));
        assertThat(session.nextAnswer()).isEqualTo("routed 2");
        session.run(() -> session.link().publishThrough("both", "", draft(), 1, null, 0));

        // When
        other.call(() -> other.link().change(new CatalogChange.DeleteTopic(full.uuid())));

        // Then
        assertThat(session.nextAnswer()).isEqualTo("routed 1");
        assertThat(session.refusals).isEmpty();
    }

    @Test
    void shouldEndExchangesThatAreNotDurableAtAStart() throws Exception {
        // Given
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        TopicName stays = TopicName.of("stays");
        TopicName goes = TopicName.of("goes");
        ExchangeSettings passing = ExchangeSettings.DEFAULT.with(ExchangeSettings.DURABLE, false);
        session.call(() -> session.link().change(new CatalogChange.CreateExchange(stays, ExchangeType.FANOUT)));
        session.call(() ->
                session.link().change(new CatalogChange.CreateExchange(goes, ExchangeType.FANOUT, passing, false)));
        session.call(() -> session.link().change(new CatalogChange.Bind(goes, topic.uuid(), "", Map.of())));
        session.call(() -> session.link()
                .change(new CatalogChange.Bind(stays, new CatalogChange.Target.ToExchange(goes), "", Map.of())));
        session.run(() -> session.link().publishThrough("stays", "", draft(), 0, null, 0));
        assertThat(session.nextAnswer()).isEqualTo("routed 1");

        // When
        node.close();
        node = TestNode.start(directory);
        session = node.session();

        // Then
        assertThat(session.link().catalog().exchange(goes)).isNull();
        ExchangeDef left = Objects.requireNonNull(session.link().catalog().exchange(stays));
        assertThat(left.bindingCount()).isZero();
    }
}

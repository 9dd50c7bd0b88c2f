package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.broker.SubscriptionLink;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces on a real node: what is on disk, and what the broker makes by itself. */
@Timeout(60)
class NamespaceNodeTest {

    /** No name of a file or of a directory. */
    private static final String ODD = "../a:b \u00f1/";

    @TempDir
    Path directory;

    private static TestSession sessionIn(TestNode node, String namespace) throws Exception {
        TestSession session = node.session();
        session.run(() -> assertThat(session.link().enter(namespace)).isNull());
        return session;
    }

    private static void create(TestNode node, String namespace) throws Exception {
        TestSession session = node.session();
        session.call(() -> session.link().change(new CatalogChange.CreateNamespace(namespace)));
        session.run(() -> session.link().close());
    }

    private static void fill(TestSession session, int count, String prefix) throws Exception {
        Topic topic = session.create("orders", TopicSettings.DEFAULT);
        session.publish(topic, count, prefix);
        await().until(() -> session.confirmed.get() == count);
    }

    @Test
    void shouldKeepNamespacesOverAnOrderlyStop() throws Exception {
        // Given
        try (TestNode node = TestNode.start(directory)) {
            create(node, ODD);
            create(node, "empty");
            fill(node.session(), 1, "here");
            fill(sessionIn(node, ODD), 2, "there");
        }

        // When
        try (TestNode node = TestNode.start(directory)) {
            TestSession there = sessionIn(node, ODD);
            there.subscribe("orders", "g", 10, StartPosition.first());

            // Then
            assertThat(there.next().text()).isEqualTo("there0");
            assertThat(there.next().text()).isEqualTo("there1");
            assertThat(there.link().catalog().namespaces()).containsExactly("/", ODD, "empty");
        }
    }

    @Test
    void shouldKeepNamespacesAndForgetDeletedOnesThroughACrash() throws Exception {
        // Given
        TestNode first = TestNode.start(directory);
        create(first, ODD);
        create(first, "gone");
        fill(sessionIn(first, ODD), 1, "there");
        fill(sessionIn(first, "gone"), 1, "gone");
        TestSession admin = first.session();
        admin.call(() -> admin.link().change(new CatalogChange.DeleteNamespace("gone", true)));

        // When
        first.crash();

        // Then
        try (TestNode node = TestNode.start(directory)) {
            TestSession there = sessionIn(node, ODD);
            there.subscribe("orders", "g", 10, StartPosition.first());
            assertThat(there.next().text()).isEqualTo("there0");
            assertThat(there.link().catalog().namespaces()).containsExactly("/", ODD);
            assertThat(there.link().catalog().topics())
                    .extracting(Topic::name)
                    .containsExactly(new TopicName(ODD, "orders"));
        }
    }

    @Test
    void shouldPutDeadLettersIntoTheNamespaceOfTheirTopic() throws Exception {
        try (TestNode node = TestNode.start(directory)) {
            // Given
            create(node, "shop");
            TestSession there = sessionIn(node, "shop");
            there.acknowledge(false);
            fill(there, 1, "m");
            SubscriptionLink place = there.subscribe("orders", "g", 10, StartPosition.first());
            there.next();

            // When
            there.run(() -> place.reject(0, 0, "no"));

            // Then
            await().until(() -> there.link().catalog().topic(new TopicName("shop", "orders.dead")) != null);
            assertThat(there.link().catalog().topic(TopicName.of("orders.dead")))
                    .isNull();
            TestSession letters = sessionIn(node, "shop");
            letters.subscribe("orders.dead", "g", 10, StartPosition.first());
            assertThat(letters.next().text()).isEqualTo("m0");
        }
    }
}

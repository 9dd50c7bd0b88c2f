package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are confirmed before the disk is synced for them, in a topic whose others are not. */
@Timeout(60)
class UnsyncedPublishTest {

    @TempDir
    Path directory;

    private static void publish(TestSession session, Topic topic, long ticket, String text, boolean unsynced)
            throws Exception {
        session.run(() -> {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            Draft draft = new Draft().payload(payload, 0, payload.length);
            draft.isUnsynced = unsynced;
            Refusal refusal = session.link().publish(topic, draft, ticket);
            assertThat(refusal).isNull();
        });
    }

    private static void awaitConfirmed(TestSession session, long count) {
        await().until(() -> session.confirmed.get() == count);
    }

    private static List<String> read(TestSession session, int count) throws InterruptedException {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = session.next().text();
        }
        return Stream.of(texts).toList();
    }

    @Test
    void shouldConfirmWhileASyncWouldHang() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            CompletableFuture<Void> end = rig.disk().hangSyncs();
            try {
                // When / Then: nobody reads, whose progress would be synced
                publish(session, topic, 0, "a", true);
                awaitConfirmed(session, 1);
                publish(session, topic, 1, "b", true);
                awaitConfirmed(session, 2);
            } finally {
                end.complete(null);
            }
            TestSession reader = rig.sessionOn(1);
            reader.subscribe("news", "g", 10, StartPosition.first());
            assertThat(read(reader, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void shouldNotOvertakeOneThatWaitsForTheSync() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            TestSession reader = rig.sessionOn(1);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            reader.subscribe("news", "g", 10, StartPosition.first());
            CompletableFuture<Void> end = rig.disk().hangSyncs();
            try {
                publish(session, topic, 0, "a", true);
                awaitConfirmed(session, 1);

                // When
                publish(session, topic, 1, "b", false);
                publish(session, topic, 2, "c", true);

                // Then
                assertThat(read(reader, 1)).containsExactly("a");
                assertThat(reader.received).isEmpty();
                assertThat(session.confirmed.get()).isEqualTo(1);
            } finally {
                end.complete(null);
            }
            awaitConfirmed(session, 3);
            assertThat(read(reader, 2)).containsExactly("b", "c");
        }
    }

    @Test
    void shouldSyncWhatCameInOneTurnWithOneThatWantsIt() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            CompletableFuture<Void> end = rig.disk().hangSyncs();
            byte[] payload = {1};
            try {
                // When
                session.run(() -> {
                    for (int i = 0; i < 4; i++) {
                        Draft draft = new Draft().payload(payload, 0, 1);
                        draft.isUnsynced = i != 2;
                        assertThat(session.link().publish(topic, draft, i)).isNull();
                    }
                });

                // Then
                assertThat(session.confirmed.get()).isZero();
            } finally {
                end.complete(null);
            }
            awaitConfirmed(session, 4);
        }
    }
}

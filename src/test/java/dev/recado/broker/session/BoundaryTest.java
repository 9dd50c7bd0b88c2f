package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.HeapExhausted;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends one session, and what ends the process. */
@Timeout(60)
class BoundaryTest {

    @TempDir
    Path directory;

    private final List<Throwable> torn = new ArrayList<>();
    private final Boundary boundary = new Boundary(torn::add);

    private static Draft draftThatCannotBeRead() {
        return new Draft().payload(new byte[3], 0, 100);
    }

    @Test
    void shouldEndOnlyTheSessionForAFailureBeforeSharedStateIsTouched() {
        // Given: an owner calls a session
        int task = boundary.enter();
        int before = boundary.toSession();

        // When
        boundary.fromSession(before, new StackOverflowError());
        boundary.leave(task);

        // Then
        assertThat(torn).isEmpty();
    }

    @Test
    void shouldEndTheProcessForAFailureInsideAChange() {
        // Given: a session that an owner called changes something
        int before = boundary.toSession();
        boundary.enter();

        // When
        StackOverflowError failure = new StackOverflowError();
        boundary.fromSession(before, failure);

        // Then
        assertThat(torn).containsExactly(failure);
    }

    @Test
    void shouldEndTheProcessWhereAFailureInsideAChangeWasSwallowed() {
        // Given
        int task = boundary.enter();
        boundary.enter();

        // When
        boundary.leave(task);

        // Then
        assertThat(torn).hasSize(1);
    }

    @Test
    void shouldEndTheProcessForAnExhaustedHeapWhereverThatIs() {
        // Given
        int before = boundary.toSession();
        RuntimeException wrapped = new IllegalStateException(new OutOfMemoryError("Java heap space"));

        // When
        boundary.fromSession(before, wrapped);

        // Then
        assertThat(torn).containsExactly(wrapped);
    }

    @Test
    void shouldTellRefusedDirectMemoryFromAnExhaustedHeap() throws Exception {
        // Given
        Constructor<OutOfDirectMemoryError> netty = OutOfDirectMemoryError.class.getDeclaredConstructor(String.class);
        netty.setAccessible(true);

        // Then
        assertThat(HeapExhausted.is(netty.newInstance("failed to allocate 4 byte(s) of direct memory")))
                .isFalse();
        assertThat(HeapExhausted.is(new OutOfMemoryError(
                        "Cannot reserve 4096 bytes of direct buffer memory (allocated: 1, limit: 2)")))
                .isFalse();
        assertThat(HeapExhausted.is(new OutOfMemoryError("Java heap space"))).isTrue();
        assertThat(HeapExhausted.is(new OutOfMemoryError())).isTrue();
        assertThat(HeapExhausted.is(new StackOverflowError())).isFalse();
    }

    @Test
    void shouldGoOnForOthersWhenASessionFailsOnItsSide() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession good = rig.sessionOn(0);
            Topic topic = good.create("news", TopicSettings.DEFAULT);
            TestSession bad = rig.sessionOn(0);
            bad.failWith(new StackOverflowError("of the test"));
            bad.subscribe("news", "bad", 10, StartPosition.first());
            good.subscribe("news", "good", 10, StartPosition.first());

            // When
            good.publish(topic, 1, "m");

            // Then
            assertThat(good.next().text()).isEqualTo("m0");
            assertThat(bad.nextAnswer()).startsWith("closed");
            assertThat(sessionBugs(good)).isEqualTo(1);
        }
    }

    /** As a codec does that fails while it reads: the broker has not called the session then. */
    @Test
    void shouldCountAFailureThatTheTransportCaught() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession session = rig.sessionOn(0);

            // When
            session.run(() -> rig.sessions().onSessionFailure(new IndexOutOfBoundsException("of the test")));

            // Then
            assertThat(sessionBugs(session)).isEqualTo(1);
            assertThat(rig.failures()).isEmpty();
        }
    }

    private static long sessionBugs(TestSession session) throws Exception {
        return session.call(() -> session.link().figures()).values().getOrDefault("session_bugs", -1L);
    }

    @Test
    void shouldEndTheNodeWhenASessionsCallFailsOnTheSharedSide() throws Exception {
        NodeRig rig = NodeRig.start(directory);
        try {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);
            List<Throwable> caught = new ArrayList<>();

            // When: as a transport does it
            session.run(() -> {
                try {
                    session.link().publish(topic, draftThatCannotBeRead(), 0);
                } catch (RuntimeException failure) {
                    caught.add(failure);
                    rig.sessions().onSessionFailure(failure);
                }
            });

            // Then
            assertThat(caught).hasSize(1);
            assertThat(rig.failures()).containsExactlyElementsOf(caught);
        } finally {
            rig.crash();
        }
    }

    @Test
    void shouldEndTheNodeWhenASessionSwallowsAFailureOnTheSharedSide() throws Exception {
        NodeRig rig = NodeRig.start(directory);
        try {
            // Given
            TestSession session = rig.sessionOn(0);
            Topic topic = session.create("news", TopicSettings.DEFAULT);

            // When
            session.run(() -> {
                try {
                    session.link().publish(topic, draftThatCannotBeRead(), 0);
                } catch (RuntimeException swallowed) {
                    // as a careless mapping of a future would
                }
            });

            // Then
            await().until(() -> rig.failures().size() == 1);
            assertThat(rig.failures().get(0)).hasMessageContaining("swallowed");
        } finally {
            rig.crash();
        }
    }

    @Test
    void shouldStoreTheRestOfARunWholeWhenOneOfItsMessagesFails() throws Exception {
        // Given
        NodeRig rig = NodeRig.start(directory);
        TestSession session = rig.sessionOn(0);
        Topic topic = session.create("news", TopicSettings.DEFAULT);
        session.run(() -> {
            session.link().publish(topic, text("one"), 0);
            try {
                session.link().publish(topic, draftThatCannotBeRead(), 1);
            } catch (RuntimeException failure) {
                // what was whole before it stays so
            }
            session.link().publish(topic, text("two"), 1);
        });
        await().until(() -> session.confirmed.get() == 2);
        rig.crash();

        // When
        try (NodeRig again = NodeRig.start(directory)) {
            TestSession after = again.sessionOn(0);
            after.subscribe("news", "g", 10, StartPosition.first());

            // Then
            assertThat(after.next().text()).isEqualTo("one");
            assertThat(after.next().text()).isEqualTo("two");
        }
    }

    private static Draft text(String text) {
        byte[] payload = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return new Draft().payload(payload, 0, payload.length);
    }
}

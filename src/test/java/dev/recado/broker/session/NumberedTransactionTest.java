package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.ProducerWindow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Numbered publishes in transactions: what is stored already is not stored again. */
@Timeout(60)
class NumberedTransactionTest {

    private static final TopicSettings LOG = NodeRig.log(1, 0, Overflow.BLOCK);

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession session;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        open();
    }

    private void open() throws Exception {
        session = rig.sessionOn(0);
        session.call(() -> session.link().producer("p", 1));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** A number and, as text, the message that it goes with. */
    private @Nullable Refusal publish(Topic topic, long number, String text) throws Exception {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        Refusal[] refusal = {null};
        session.run(() -> refusal[0] =
                session.link().publishNumbered(topic, new Draft().payload(payload, 0, payload.length), 0, "p", number));
        return refusal[0];
    }

    private void transact(Topic topic, long... numbers) throws Exception {
        session.run(() -> assertThat(session.link().begin()).isNull());
        for (long number : numbers) {
            assertThat(publish(topic, number, "m" + number)).isNull();
        }
        session.call(() -> session.link().commit());
    }

    /** All that is stored, read from the first on. */
    private List<String> stored(String topic, int count) throws Exception {
        TestSession reader = rig.sessionOn(1);
        reader.subscribe(topic, "g", 100, StartPosition.first());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(reader.next().text());
        }
        reader.publish(reader.topic(topic), 1, "end");
        assertThat(reader.next().text()).isEqualTo("end0");
        return texts;
    }

    @Test
    void shouldStoreOnceWhatIsSentAgain() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);
        transact(topic, 1, 2, 3);

        // When
        transact(topic, 1, 2, 3);
        transact(topic, 2, 4);

        // Then
        assertThat(stored("orders", 4)).containsExactly("m1", "m2", "m3", "m4");
    }

    @Test
    void shouldStoreOnceWhatIsSentAgainAfterACrash() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);
        transact(topic, 1, 2, 3);
        rig.crash();
        rig = NodeRig.start(directory);
        open();

        // When
        transact(session.topic("orders"), 1, 2, 3, 4);

        // Then
        assertThat(stored("orders", 4)).containsExactly("m1", "m2", "m3", "m4");
    }

    @Test
    void shouldStoreOnceWhatItHoldsTwice() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);

        // When
        transact(topic, 5, 6, 5, 7);

        // Then
        assertThat(stored("orders", 3)).containsExactly("m5", "m6", "m7");
    }

    @Test
    void shouldStoreInEachTopicWhatThatDoesNotHave() throws Exception {
        // Given
        Topic orders = session.create("orders", LOG);
        Topic memory = session.create("memory", NodeRig.memory(0, Overflow.BLOCK));
        TestSession reader = rig.sessionOn(1);
        reader.subscribe("memory", "g", 10, StartPosition.first());
        transact(memory, 1);

        // When
        session.run(() -> assertThat(session.link().begin()).isNull());
        publish(memory, 1, "m1");
        publish(orders, 2, "m2");
        publish(memory, 3, "m3");
        session.call(() -> session.link().commit());

        // Then
        assertThat(reader.next().text()).isEqualTo("m1");
        assertThat(reader.next().text()).isEqualTo("m3");
        assertThat(stored("orders", 1)).containsExactly("m2");
    }

    @Test
    void shouldNeedNoRoomForWhatIsStored() throws Exception {
        // Given
        Topic topic = session.create("orders", NodeRig.log(1, 2, Overflow.REJECT));
        transact(topic, 1, 2);

        // When
        transact(topic, 1, 2);

        // Then
        assertThatThrownBy(() -> transact(topic, 2, 3)).hasMessageContaining("full");
        transact(topic, 2, 1);
    }

    @Test
    void shouldRefuseWhatIsTooOldToTell() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);
        transact(topic, 1);
        transact(topic, 2L + ProducerWindow.NUMBERS_MAX);

        // When / Then
        assertThatThrownBy(() -> transact(topic, 1, 3L + ProducerWindow.NUMBERS_MAX))
                .hasMessageContaining("too old");
        assertThat(stored("orders", 2)).containsExactly("m1", "m4098");
    }

    @Test
    void shouldHoldAsManyNumbersAsAreRemembered() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);
        session.run(() -> assertThat(session.link().begin()).isNull());
        for (int i = 0; i < ProducerWindow.NUMBERS_MAX; i++) {
            publish(topic, i, "m");
        }

        // When
        Refusal refusal = publish(topic, ProducerWindow.NUMBERS_MAX, "m");

        // Then
        assertThat(refusal).extracting(Refusal::code).isEqualTo(ErrorCode.LIMIT_REACHED);
        assertThatThrownBy(() -> session.call(() -> session.link().commit())).hasMessageContaining("numbered");
    }

    @Test
    void shouldWaitForWhatIsOnItsWayToTheDisk() throws Exception {
        // Given
        Topic topic = session.create("orders", LOG);
        byte[] text = "m1".getBytes(StandardCharsets.UTF_8);

        // When
        session.run(() -> {
            session.link().publishNumbered(topic, new Draft().payload(text, 0, text.length), 0, "p", 1);
            session.link().begin();
            session.link().publishNumbered(topic, new Draft().payload(text, 0, text.length), 1, "p", 1);
        });
        session.call(() -> session.link().commit());

        // Then
        assertThat(stored("orders", 1)).containsExactly("m1");
    }
}

package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where answers go: to the session that asked, or to whoever holds the name of its inbox. */
@Timeout(60)
class InboxTest {

    @TempDir
    Path directory;

    private NodeRig rig;
    private TestSession asker;
    private TestSession worker;

    @BeforeEach
    void start() throws Exception {
        rig = NodeRig.start(directory);
        asker = rig.sessionOn(0);
        worker = rig.sessionOn(1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Draft draft(String payload) {
        return new Draft().payload(bytes(payload), 0, payload.length());
    }

    private void answer(String address, String text) throws Exception {
        worker.run(() -> worker.link().reply(address, draft(text)));
    }

    private String addressOf(TestSession session, long correlation) throws Exception {
        String[] address = new String[1];
        session.run(() -> address[0] = session.link().inboxAddress(correlation));
        return address[0];
    }

    private static void name(TestSession session, String name, boolean takeOver) throws Exception {
        session.call(() -> session.link().nameInbox(name, takeOver));
    }

    private long dropped() throws Exception {
        return worker.call(() -> worker.link().figures()).values().get("replies_dropped");
    }

    private MessageView stored(Topic topic) throws Exception {
        List<Browsed> browsed = asker.call(() -> asker.link().browse(topic, StartPosition.first(), 1));
        MessageView view = new MessageView();
        assertThat(view.read(browsed.get(0).run().bytes(), browsed.get(0).position()))
                .isTrue();
        return view;
    }

    @Test
    void shouldKeepEverythingOfTheDraftInARequest() throws Exception {
        // Given
        Topic topic = asker.create("calc", TopicSettings.DEFAULT);
        byte[] given = Headers.of(Map.of("colour", "red"));
        Draft request = draft("abcde").key(bytes("k"), 0, 1).headers(given, 0, given.length);
        request.nativeCodec = 7;
        request.nativeBytes = bytes("native");
        request.nativeLength = 6;
        request.partCount = 2;
        request.partLengths = new int[] {2, 3};
        request.priority = 9;
        request.ttlMs = 60_000;

        // When
        asker.run(() -> asker.link().request(topic, request, 0, -3));

        // Then
        MessageView view = stored(topic);
        Map<String, String> headers = Headers.toMap(view.bytes, view.headersStart, view.headersLength);
        assertThat(headers).containsEntry("colour", "red").containsEntry("reply-to", addressOf(asker, -3));
        assertThat(view.payloadText()).isEqualTo("abcde");
        assertThat(view.keyText()).isEqualTo("k");
        assertThat(view.nativeCodec).isEqualTo(7);
        assertThat(new String(view.bytes, view.nativeStart, view.nativeLength, StandardCharsets.UTF_8))
                .isEqualTo("native");
        assertThat(view.partCount).isEqualTo(2);
        assertThat(view.priority).isEqualTo(9);
        assertThat(view.ttlMs).isEqualTo(60_000);
        assertThat(request.headersBytes).isSameAs(given);
        assertThat(request.headersLength).isEqualTo(given.length);
    }

    @Test
    void shouldBringAnswersToWhoeverHoldsTheNameNext() throws Exception {
        // Given
        name(asker, "me", false);
        String address = addressOf(asker, 5);
        asker.run(() -> asker.link().close());
        TestSession again = rig.sessionOn(1);
        name(again, "me", false);

        // When
        answer(address, "late");

        // Then
        assertThat(again.nextAnswer()).isEqualTo("reply 5 late");
        assertThat(address).isEqualTo(rig.sessions().inboxAddress("me", 5)).startsWith("n1/-1/");
    }

    @Test
    void shouldStillBringAnswersToTheAddressBeforeTheName() throws Exception {
        // Given
        String anonymous = addressOf(asker, 1);
        name(asker, "me", true);

        // When
        answer(anonymous, "first");
        answer(addressOf(asker, 2), "second");

        // Then
        assertThat(asker.nextAnswer()).isEqualTo("reply 1 first");
        assertThat(asker.nextAnswer()).isEqualTo("reply 2 second");
    }

    @Test
    void shouldDropAndCountAnswersToANameThatNobodyHolds() throws Exception {
        // Given
        name(asker, "me", false);
        asker.run(() -> asker.link().close());

        // When
        answer(rig.sessions().inboxAddress("me", 1), "lost");
        answer(rig.sessions().inboxAddress("nobody", 1), "lost");

        // Then
        await().until(() -> dropped() == 2);
    }

    @Test
    void shouldEndTheHolderThatIsTakenOver() throws Exception {
        // Given
        name(asker, "me", false);
        TestSession newer = rig.sessionOn(1);

        // When
        name(newer, "me", true);

        // Then
        assertThat(asker.nextAnswer()).isEqualTo("closed SESSION_REPLACED");
        answer(rig.sessions().inboxAddress("me", 3), "here");
        assertThat(newer.nextAnswer()).isEqualTo("reply 3 here");
    }

    @Test
    void shouldRefuseANameThatAnotherHolds() throws Exception {
        // Given
        name(asker, "me", false);
        TestSession newer = rig.sessionOn(1);

        // When
        assertThatThrownBy(() -> name(newer, "me", false)).hasMessageContaining("another session holds the inbox");

        // Then
        name(asker, "me", false);
        name(newer, "you", false);
        answer(rig.sessions().inboxAddress("me", 3), "here");
        assertThat(asker.nextAnswer()).isEqualTo("reply 3 here");
    }

    @Test
    void shouldForgetANameThatWasTakenOverWhileAskingForItFailed() throws Exception {
        // Given
        name(asker, "me", false);
        TestSession newer = rig.sessionOn(1);
        newer.call(() -> {
            Future<Void> refused = newer.link().nameInbox("me", false);
            return newer.link().nameInbox("me", true).eventually(() -> refused.otherwiseEmpty());
        });
        assertThatThrownBy(() -> name(newer, "other", false)).hasMessageContaining("has a name already");

        // When
        newer.run(() -> newer.link().close());

        // Then
        answer(rig.sessions().inboxAddress("me", 3), "lost");
        await().until(() -> dropped() == 1);
    }

    @Test
    void shouldRefuseASecondNameAndNamesOutOfBounds() throws Exception {
        // Given
        name(asker, "x".repeat(1024), false);

        // Then
        assertThatThrownBy(() -> name(asker, "other", false)).hasMessageContaining("has a name already");
        assertThatThrownBy(() -> name(worker, "", false)).hasMessageContaining("allowed are 1 to 1024");
        assertThatThrownBy(() -> name(worker, "x".repeat(1025), false)).hasMessageContaining("allowed are 1 to 1024");
        assertThatThrownBy(() -> name(worker, "\ud800", false)).hasMessageContaining("allowed are 1 to 1024");
    }

    @Test
    void shouldNameNoInboxOfASessionThatHasEnded() throws Exception {
        // Given
        asker.run(() -> asker.link().close());

        // Then
        assertThatThrownBy(() -> name(asker, "me", true)).hasMessageContaining("the session has ended");
        name(worker, "me", false);
    }

    @Test
    void shouldNotGiveAStrangerTheAddressOfASessionBeforeTheRestart() throws Exception {
        // Given
        String before = addressOf(asker, 1);
        rig.close();

        // When
        rig = NodeRig.start(directory);
        asker = rig.sessionOn(0);
        worker = rig.sessionOn(1);

        // Then
        assertThat(addressOf(asker, 1)).isNotEqualTo(before);
        answer(before, "stale");
        await().until(() -> dropped() == 1);
        assertThat(asker.answers).isEmpty();
        assertThat(addressOf(asker, Long.MIN_VALUE)).hasSizeLessThan(64);
    }
}

package dev.recado.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicSettings;
import dev.recado.node.NodeRig;
import dev.recado.node.TestSession;
import dev.recado.security.Identity;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session whose every answer to the broker is a bug: each ends that session alone, and is counted. */
@Timeout(60)
class GuardedPortTest {

    private static final Refusal REFUSAL = Refusal.of(ErrorCode.TOPIC_FULL, "of the test");

    @TempDir
    Path directory;

    private static Map<String, Consumer<GuardedPort>> calls() {
        SubscriptionLink subscription = fake(SubscriptionLink.class, "", new ArrayList<>());
        Map<String, Consumer<GuardedPort>> calls = new LinkedHashMap<>();
        calls.put("onConfirmed", port -> port.onConfirmed(0, 1, 0, 0));
        calls.put("onRouted", port -> port.onRouted(0, 1));
        calls.put("onRefused", port -> port.onRefused(0, 1, REFUSAL));
        calls.put("onPulled", port -> port.onPulled(0, null));
        calls.put("onAvailable", port -> port.onAvailable(subscription, 1));
        calls.put("onAcked", port -> port.onAcked(subscription, 0, 0));
        calls.put("onEnded", port -> port.onEnded(subscription, "of the test"));
        calls.put("onReply", port -> port.onReply(1, new MessageView()));
        calls.put("onInterest", port -> port.onInterest("t", new byte[0], true));
        calls.put("onTurnEnd", GuardedPort::onTurnEnd);
        calls.put("onBackPressure", port -> port.onBackPressure(true));
        calls.put("an answer", port -> {
            Promise<Integer> answer = Promise.promise();
            port.toSession(answer.future()).onSuccess(value -> {
                throw new IndexOutOfBoundsException("of the test");
            });
            answer.complete(1);
        });
        return calls;
    }

    /** Fails in every method but {@code sound}, whose first argument it notes. */
    private static <T> T fake(Class<T> type, String sound, List<Object> noted) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(sound)) {
                        noted.add(arguments[0]);
                        return null;
                    }
                    throw new IndexOutOfBoundsException("of the test");
                }));
    }

    private static LoopLink open(NodeRig rig, TestSession onItsLoop, SessionPort port) throws Exception {
        Loop loop = rig.loops().get(0);
        List<OpenLink> made = new ArrayList<>();
        onItsLoop.run(() -> {
            List<OpenLink> before = List.copyOf(loop.links().values());
            rig.sessions().open(port, Patience.REFUSE, SessionInfo.INTERNAL, Identity.BROKER);
            made.addAll(loop.links().values());
            made.removeAll(before);
        });
        return (LoopLink) made.get(0);
    }

    private static long sessionBugs(TestSession session) throws Exception {
        return session.call(() -> session.link().figures()).values().getOrDefault("session_bugs", -1L);
    }

    @Test
    void shouldEndTheSessionThatFailsInACallOfTheBroker() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            TestSession good = rig.sessionOn(0);
            Topic topic = good.create("news", TopicSettings.DEFAULT);
            long bugs = 0;
            for (Map.Entry<String, Consumer<GuardedPort>> call : calls().entrySet()) {
                // Given
                List<Object> closedWith = new ArrayList<>();
                LoopLink link = open(rig, good, fake(SessionPort.class, "onClosedByBroker", closedWith));

                // When
                good.run(() -> call.getValue().accept(link.port()));

                // Then
                assertThat(sessionBugs(good)).as(call.getKey()).isEqualTo(++bugs);
                assertThat(link.closed()).as(call.getKey()).isTrue();
                assertThat(closedWith).as(call.getKey()).singleElement().satisfies(why -> assertThat(why.toString())
                        .contains("a bug of the broker ended this session"));
            }
            good.publish(topic, 1, "m");
            rig.settle();
            assertThat(good.confirmed).hasValue(1);
            assertThat(rig.failures()).isEmpty();
        }
    }

    @Test
    void shouldEndASessionThatFailsEvenInBeingClosed() throws Exception {
        try (NodeRig rig = NodeRig.start(directory)) {
            // Given
            TestSession good = rig.sessionOn(0);
            LoopLink link = open(rig, good, fake(SessionPort.class, "", new ArrayList<>()));

            // When
            good.run(() -> link.port().onTurnEnd());

            // Then
            assertThat(link.closed()).isTrue();
            assertThat(sessionBugs(good)).isEqualTo(1);
            assertThat(rig.failures()).isEmpty();
        }
    }
}

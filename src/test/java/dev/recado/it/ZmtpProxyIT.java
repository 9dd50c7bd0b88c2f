package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The proxy between publishers and subscribers. XPUB sockets publish here, as they show what the broker wants of a
 * publisher; XSUB sockets subscribe, as they show what the broker sends: a SUB socket filters again and hides it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmtpProxyIT {

    private static final Duration SOON = Duration.ofMillis(300);
    private static final String JOIN = "\1";
    private static final String LEAVE = "\0";

    @WorkDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it before a test begins.
    Path work;

    @BeforeAll
    static void requireTools() {
        Tool.LIBZMQ.require();
        Tool.PYZMQ.require();
    }

    @Test
    void shouldSendASubscriberOnlyWhatItWants() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket publisher = scene.open(ZmqKit.LIBZMQ, "XPUB");
            ZmqSocket raw = scene.open(ZmqKit.LIBZMQ, "XSUB");
            ZmqSocket everything = scene.open(ZmqKit.PYZMQ, "SUB");
            raw.post(JOIN + "28");
            raw.post(JOIN + "exact");
            everything.subscribe("");
            for (int i = 0; i < 3; i++) {
                assertThat(publisher.receive().get(0)).isIn(JOIN + "28", JOIN + "exact", JOIN);
            }

            // When
            List<List<String>> sent = List.of(
                    List.of("28001", "madrid"),
                    List.of("08001", "barcelona"),
                    List.of("2", "short"),
                    List.of("28", "province"),
                    List.of("28 and all in one frame"),
                    List.of("", "28 in the second frame"),
                    List.of("exactly", "one", "", "more"),
                    List.of("last", "28"),
                    List.of("28 end"));
            sent.forEach(message -> publisher.post(message.toArray(String[]::new)));

            // Then
            for (List<String> message : sent) {
                assertThat(everything.receive()).isEqualTo(message);
            }
            for (int wanted : List.of(0, 3, 4, 6, 8)) {
                assertThat(raw.receive()).isEqualTo(sent.get(wanted));
            }
            assertThat(raw.receive(SOON)).isNull();
        }
    }

    @Test
    void shouldSendALateSubscriberNothingOld() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket publisher = scene.open(ZmqKit.PYZMQ, "XPUB");
            ZmqSocket early = scene.open(ZmqKit.PYZMQ, "SUB");
            early.subscribe("a");
            assertThat(publisher.receive()).containsExactly(JOIN + "a");
            publisher.post("a", "old");
            assertThat(early.receive()).containsExactly("a", "old");

            // When
            ZmqSocket late = scene.open(ZmqKit.LIBZMQ, "SUB");
            late.subscribe("a");
            late.subscribe("a2");
            assertThat(publisher.receive()).containsExactly(JOIN + "a2");
            publisher.post("a", "new");

            // Then
            assertThat(late.receive()).containsExactly("a", "new");
            assertThat(early.receive()).containsExactly("a", "new");
        }
    }

    @Test
    void shouldEndASubscriptionAndKeepTheOthers() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            for (ZmqKit kit : List.of(ZmqKit.LIBZMQ, ZmqKit.PYZMQ)) {
                // Given
                ZmqSocket publisher = scene.open(ZmqKit.LIBZMQ, "XPUB");
                ZmqSocket subscriber = scene.open(kit, "SUB");
                subscriber.subscribe("a");
                subscriber.subscribe("b");
                assertThat(publisher.receive()).containsExactly(JOIN + "a");
                assertThat(publisher.receive()).containsExactly(JOIN + "b");

                // When
                subscriber.unsubscribe("a");
                assertThat(publisher.receive()).containsExactly(LEAVE + "a");
                publisher.post("a", "no longer");
                publisher.post("b", "still");

                // Then
                assertThat(subscriber.receive()).containsExactly("b", "still");
                publisher.kill();
                subscriber.kill();
                scene.until("both have gone", () -> scene.stat("sessions") == 1);
            }
        }
    }

    @Test
    void shouldShowPublishersTheUnionOfAllSubscriptions() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            ZmqSocket publisher = scene.open(ZmqKit.LIBZMQ, "XPUB");
            ZmqSocket one = scene.open(ZmqKit.LIBZMQ, "SUB");
            ZmqSocket two = scene.open(ZmqKit.PYZMQ, "SUB");
            ZmqSocket three = scene.open(ZmqKit.PYZMQ, "XSUB");
            one.subscribe("a");
            assertThat(publisher.receive()).containsExactly(JOIN + "a");

            // When: another wants the same, then something of its own
            two.subscribe("a");
            two.subscribe("two");
            assertThat(publisher.receive()).containsExactly(JOIN + "two");
            three.post(JOIN + "a");
            three.post(JOIN + "a");
            three.post(JOIN + "three");
            assertThat(publisher.receive()).containsExactly(JOIN + "three");

            // Then: a publisher that comes later hears all of it, and only the last one to leave is heard
            ZmqSocket later = scene.open(ZmqKit.PYZMQ, "XPUB");
            List<String> heard = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                heard.addAll(later.receive());
            }
            assertThat(heard).containsExactlyInAnyOrder(JOIN + "a", JOIN + "two", JOIN + "three");
            one.unsubscribe("a");
            three.post(LEAVE + "a");
            three.post(LEAVE + "a");
            three.post(LEAVE + "three");
            assertThat(publisher.receive()).containsExactly(LEAVE + "three");
            two.unsubscribe("a");
            assertThat(publisher.receive()).containsExactly(LEAVE + "a");
            two.kill();
            assertThat(publisher.receive()).containsExactly(LEAVE + "two");
            assertThat(publisher.receive(SOON)).isNull();
            for (int i = 0; i < 3; i++) {
                assertThat(later.receive()).containsAnyOf(LEAVE + "a", LEAVE + "two", LEAVE + "three");
            }
            assertThat(later.receive(SOON)).isNull();
        }
    }

    @Test
    void shouldCarryManyTopicsOfManyPublishers() throws Exception {
        try (ZmqScene scene = ZmqScene.start(work)) {
            // Given
            int topics = 300;
            ZmqSocket even = scene.open(ZmqKit.LIBZMQ, "SUB");
            ZmqSocket odd = scene.open(ZmqKit.PYZMQ, "SUB");
            List<ZmqSocket> publishers = List.of(
                    scene.open(ZmqKit.LIBZMQ, "XPUB"),
                    scene.open(ZmqKit.PYZMQ, "XPUB"),
                    scene.open(ZmqKit.PYZMQ, "XPUB"));
            for (int i = 0; i < topics; i++) {
                (i % 2 == 0 ? even : odd).subscribe("topic" + i + "/");
            }
            for (ZmqSocket publisher : publishers) {
                for (int i = 0; i < topics; i++) {
                    assertThat(publisher.receive().get(0)).startsWith(JOIN + "topic");
                }
            }

            // When
            for (int i = 0; i < topics; i++) {
                publishers.get(i % 3).post("topic" + i + "/x", "part", "", "m" + i);
                publishers.get(i % 3).post("nobody" + i + "/x", "part");
            }

            // Then
            assertThat(numbers(even, topics / 2))
                    .allMatch(number -> number % 2 == 0)
                    .doesNotHaveDuplicates();
            assertThat(numbers(odd, topics / 2))
                    .allMatch(number -> number % 2 == 1)
                    .doesNotHaveDuplicates();
            assertThat(even.receive(SOON)).isNull();
            assertThat(odd.receive(SOON)).isNull();
        }
    }

    @Test
    void shouldDropForASubscriberThatStandsAndNoOther() throws Exception {
        try (ZmqScene scene = ZmqScene.start(BrokerProcess.in(work).heapMiB(128))) {
            // Given
            int messages = 600;
            String large = "x".repeat(64 << 10);
            ZmqSocket publisher = scene.open(ZmqKit.LIBZMQ, "XPUB");
            ZmqSocket standing = scene.open(ZmqKit.PYZMQ, ZmqSpec.of("SUB").with("rcvhwm", 1));
            standing.subscribe("a");
            ZmqSocket reading = scene.open(ZmqKit.LIBZMQ, "SUB");
            reading.subscribe("a");
            reading.subscribe("a ");
            assertThat(publisher.receive()).containsExactly(JOIN + "a");
            assertThat(publisher.receive()).containsExactly(JOIN + "a ");

            // When
            for (int i = 0; i < messages; i++) {
                publisher.post("a", i + "", large);
                assertThat(reading.receive()).containsExactly("a", i + "", large);
            }

            // Then
            assertThat(scene.stat("messages_tap_dropped")).isBetween(1L, messages - 1L);
            int last = -1;
            for (List<String> message = standing.receive(); last < messages - 1; message = standing.receive(SOON)) {
                if (message == null) {
                    publisher.post("a", messages - 1 + "", "to end with");
                } else {
                    assertThat(message).hasSize(3);
                    int number = Integer.parseInt(message.get(1));
                    assertThat(number).isGreaterThan(last);
                    last = number;
                }
            }
        }
    }

    private static List<Integer> numbers(ZmqSocket subscriber, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> message = subscriber.receive();
            int number = Integer.parseInt(message.get(3).substring(1));
            assertThat(message).containsExactly("topic" + number + "/x", "part", "", "m" + number);
            numbers.add(number);
        }
        return numbers;
    }
}

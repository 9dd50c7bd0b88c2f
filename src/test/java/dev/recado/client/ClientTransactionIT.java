package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.app.RecadoBroker;
import dev.recado.base.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The Java client's transactions, unsynced publishes and readers alone, with a broker in this process. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class ClientTransactionIT {

    private static RecadoBroker broker;
    private RecadoClient client;
    private String topic;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = RecadoBroker.start();
    }

    @AfterAll
    static void stopBroker() throws IOException {
        broker.close();
    }

    @BeforeEach
    void connect(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        client = RecadoClient.connect(ClientOptions.of(broker.address()));
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private List<Delivery> holdAll(String of, int count) {
        List<Delivery> held = new CopyOnWriteArrayList<>();
        client.subscribe(SubscribeOptions.of(of, "g").withFrom("first"), held::add);
        await().until(() -> held.size() == count);
        return held;
    }

    private List<String> stored(String in) {
        return client.admin().browse(in, "first", 1_000).join().stream()
                .map(line -> line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void shouldTakeAMessageAndPublishItsResultTogether() {
        // Given
        client.publish(topic, bytes("work")).join();
        client.admin().createTopic(topic + ".done", Map.of()).join();
        Delivery work = holdAll(topic, 1).get(0);

        // When
        ClientTransaction transaction = client.begin()
                .publish(topic + ".done", "k", Map.of("h", "v"), bytes("result"))
                .publishThrough("", List.of("no.such.topic"), Map.of(), MessageOptions.NONE, bytes("x"))
                .ack(work);
        assertThat(stored(topic + ".done")).isEmpty();
        transaction.commit().join();

        // Then
        assertThat(stored(topic + ".done")).containsExactly("result");
        assertThat(client.admin().listGroups(topic).join())
                .singleElement()
                .asString()
                .contains("\"backlog\":0");
        client.begin().publish(topic + ".done", bytes("second")).commit().join();
        assertThat(stored(topic + ".done")).containsExactly("result", "second");
    }

    @Test
    void shouldDoNothingOfWhatIsRefused() {
        // Given
        client.publish(topic, bytes("work")).join();
        client.admin()
                .createTopic(topic + ".full", Map.of("limit.messages", "1", "overflow", "reject"))
                .join();
        client.publish(topic + ".full", bytes("first")).join();
        Delivery work = holdAll(topic, 1).get(0);
        client.subscribe(SubscribeOptions.of(topic + ".full", "g").withCredit(1), delivery -> {});

        // When
        CompletableFuture<Void> committed = client.begin()
                .publish(topic + ".full", bytes("a"))
                .publish(topic + ".full", bytes("b"))
                .ack(work)
                .commit();

        // Then
        assertThatThrownBy(committed::join)
                .extracting(e -> RecadoClient.unwrap(e).code())
                .isEqualTo(ErrorCode.TOPIC_FULL);
        assertThat(stored(topic + ".full")).containsExactly("first");
        assertThat(work.ackDurably()).succeedsWithin(java.time.Duration.ofSeconds(10));
    }

    @Test
    void shouldKeepItsNumbersApartFromThoseOfOtherPublishes() {
        // Given
        List<CompletableFuture<?>> all = new ArrayList<>();

        // When
        for (int i = 0; i < 200; i++) {
            all.add(client.publish(topic, bytes("p" + i)));
            all.add(client.begin()
                    .publish(topic, bytes("t" + i))
                    .publish(topic, bytes("u" + i))
                    .commit());
        }
        all.forEach(CompletableFuture::join);

        // Then
        List<String> expected = IntStream.range(0, 200)
                .boxed()
                .flatMap(i -> List.of("p" + i, "t" + i, "u" + i).stream())
                .toList();
        assertThat(stored(topic)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void shouldGiveCreditBackForWhatATransactionSettles() {
        // Given
        for (int i = 0; i < 6; i++) {
            client.publish(topic, bytes("m" + i)).join();
        }
        List<Delivery> held = new CopyOnWriteArrayList<>();
        SubscribeOptions wanted =
                SubscribeOptions.of(topic, "g").withFrom("first").withCredit(2).withDeliveriesMax(5);
        client.subscribe(wanted, held::add);
        await().until(() -> held.size() == 2);

        // When
        client.begin().ack(held.get(0)).ack(held.get(1)).commit().join();
        await().until(() -> held.size() == 4);
        client.begin().reject(held.get(2), "bad").nack(held.get(3)).commit().join();

        // Then
        await().until(() -> held.size() == 5);
        await().until(() -> stored(topic + ".dead").contains("m2"));
    }

    @Test
    void shouldConfirmWithoutTheDisk() {
        // Given
        MessageOptions wanted = MessageOptions.NONE.withNosync(true);

        // When
        MessageId id = client.publish(topic, "", Map.of(), wanted, bytes("a")).join();
        int topics = client.publishThrough("", List.of(topic), Map.of(), wanted.withPriority(3), bytes("b"))
                .join();

        // Then
        assertThat(id.offset()).isZero();
        assertThat(topics).isEqualTo(1);
        assertThat(stored(topic)).containsExactly("a", "b");
    }

    @Test
    void shouldReadALogAloneFromAnywhere() {
        // Given
        for (int i = 0; i < 3; i++) {
            client.publish(topic, bytes("m" + i)).join();
        }
        List<Delivery> fromFirst = new CopyOnWriteArrayList<>();
        List<Delivery> fromOffset = new CopyOnWriteArrayList<>();
        List<Delivery> fromTime = new CopyOnWriteArrayList<>();

        // When
        client.subscribe(SubscribeOptions.alone(topic, "first").withCredit(1), delivery -> {
            fromFirst.add(delivery);
            delivery.ack();
        });
        client.subscribe(SubscribeOptions.alone(topic, "2"), fromOffset::add);
        client.subscribe(SubscribeOptions.alone(topic, "@0").withCredit(0), fromTime::add);

        // Then
        await().until(() -> fromFirst.size() == 3 && fromOffset.size() == 1 && fromTime.size() == 3);
        assertThat(fromOffset.get(0).text()).isEqualTo("m2");
        assertThat(client.admin().listGroups(topic).join()).isEmpty();
    }
}

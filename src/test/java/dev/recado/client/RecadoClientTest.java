package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ErrorCode;
import dev.recado.client.RecadoException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecadoClientTest {

    private FakeTextServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = FakeTextServer.start();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    private ClientOptions options() {
        return ClientOptions.of(server.address()).backOffMs(5, 50);
    }

    /** The example of the class's documentation. */
    @Test
    void shouldDoWhatTheDocumentationShows() {
        // Given
        List<String> printed = new CopyOnWriteArrayList<>();

        // When
        MessageId id;
        try (RecadoClient client = RecadoClient.connect(options())) {
            client.subscribe("orders", "billing", delivery -> {
                printed.add(delivery.text());
                delivery.ack();
            });
            id = client.publish("orders", "42 coffees".getBytes(UTF_8)).join();
            await().until(() -> printed.size() == 1);
        }

        // Then
        assertThat(id).hasToString("0");
        assertThat(printed).containsExactly("42 coffees");
        assertThat(server.ackedCount("orders", "billing")).isEqualTo(1);
    }

    @Test
    void shouldTakeNoPublishBehindTheOnesThatItsCloseWaitsFor() throws Exception {
        // Given a publish that is not answered
        server.answerNoPublish();
        RecadoClient client = RecadoClient.connect(options());
        CompletableFuture<MessageId> before = client.publish("orders", "before".getBytes(UTF_8));

        // When
        Thread closing = new Thread(client::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);

        // Then
        assertThatThrownBy(() -> client.publish("orders", "behind".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        RecadoException.class, e -> assertThat(e.kind()).isEqualTo(RecadoException.Kind.CLOSED));
        server.answerPublishes();
        assertThat(before.join()).hasToString("0");
        closing.join();
    }

    @Test
    void shouldConfirmEveryPublishInOrder() {
        // Given
        List<CompletableFuture<MessageId>> stored = new ArrayList<>();

        // When
        try (RecadoClient client = RecadoClient.connect(options())) {
            for (int i = 0; i < 20_000; i++) {
                stored.add(client.publish("orders", ("m" + i).getBytes(UTF_8)));
            }
        }

        // Then
        for (int i = 0; i < stored.size(); i++) {
            assertThat(stored.get(i).join()).isEqualTo(new MessageId(-1, i));
        }
        assertThat(server.payloads("orders"))
                .hasSize(20_000)
                .startsWith("m0", "m1")
                .endsWith("m19999");
    }

    @Test
    void shouldResendWhatIsUnconfirmedUnderTheSameNumbers() {
        // Given
        server.cutAfter = 500;
        List<CompletableFuture<MessageId>> stored = new ArrayList<>();

        // When
        try (RecadoClient client = RecadoClient.connect(options())) {
            for (int i = 0; i < 5_000; i++) {
                if (i == 3_000) {
                    server.cutAll();
                }
                stored.add(client.publish("orders", ("m" + i).getBytes(UTF_8)));
            }
        }

        // Then
        assertThat(server.payloads("orders"))
                .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "m" + i).toList());
        assertThat(stored).allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(server.duplicates).isPositive();
    }

    @Test
    void shouldContinueTheNumbersOfAGivenProducer() {
        // Given
        try (RecadoClient first = RecadoClient.connect(options().producerId("p1"))) {
            first.publish("orders", "a".getBytes(UTF_8)).join();
            first.publish("orders", "b".getBytes(UTF_8)).join();
        }

        // When
        try (RecadoClient second = RecadoClient.connect(options().producerId("p1"))) {
            second.publish("orders", "c".getBytes(UTF_8)).join();
        }

        // Then
        assertThat(server.payloads("orders")).containsExactly("a", "b", "c");
        assertThat(server.producers.get("p1")).containsOnlyKeys(0L, 1L, 2L);
    }

    @Test
    void shouldFailARefusedPublishAndGoOn() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            server.refusal = "Topic full: orders";
            server.refusals = 1;

            // When
            CompletableFuture<MessageId> refused = client.publish("orders", "a".getBytes(UTF_8));
            CompletableFuture<MessageId> stored = client.publish("orders", "b".getBytes(UTF_8));

            // Then
            assertThat(stored.join().offset()).isZero();
            assertThatThrownBy(refused::join)
                    .cause()
                    .isInstanceOfSatisfying(RecadoException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.REFUSED);
                        assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_FULL);
                        assertThat(RecadoClient.unwrap(e).code()).isEqualTo(ErrorCode.TOPIC_FULL);
                    })
                    .hasMessage("Topic full: orders");
        }
    }

    @Test
    void shouldPublishAgainWhatWasRefusedForAWhile() {
        try (RecadoClient client = RecadoClient.connect(options().retryRefused(true))) {
            // Given
            server.refusal = "Topic full: orders";
            server.refusals = 3;

            // When
            CompletableFuture<MessageId> stored = client.publish("orders", "a".getBytes(UTF_8));

            // Then
            assertThat(stored.join().offset()).isZero();
            assertThat(server.payloads("orders")).containsExactly("a");
        }
    }

    @Test
    void shouldNotTellOfARefusalOnceTheBrokerIsGone() throws IOException {
        try (RecadoClient client = RecadoClient.connect(options().retryRefused(true))) {
            // Given
            server.refuse("Disk low", Integer.MAX_VALUE);
            CompletableFuture<MessageId> stored = client.publish("orders", "a".getBytes(UTF_8));
            await().until(() -> client.unconfirmed().refusal().equals("Disk low"));

            // When
            server.down();

            // Then
            await().until(() -> client.unconfirmed().refusal().isEmpty());
            assertThat(client.unconfirmed().count()).isEqualTo(1);
            server.refuse("", 0);
            server.up();
            assertThat(stored.join().offset()).isZero();
        }
    }

    @Test
    void shouldRefuseItselfWhatWouldEndEveryConnection() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            Map<String, String> headers = Map.of("h", "x".repeat(70_000));

            // When
            CompletableFuture<MessageId> tooLong = client.publish("orders", "", headers, new byte[] {1});

            // Then
            assertThatThrownBy(tooLong::join).hasMessageContaining("too long, limit=65536");
            assertThat(client.publish("orders", new byte[] {1}).join().offset()).isZero();
        }
    }

    @Test
    void shouldSendAgainWhatHasAnUnknownOutcome() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            server.refusal = "Unknown outcome";
            server.refusals = 2;

            // When
            CompletableFuture<MessageId> stored = client.publish("orders", "a".getBytes(UTF_8));

            // Then
            assertThat(stored.join().offset()).isZero();
            assertThat(server.payloads("orders")).containsExactly("a");
        }
    }

    @Test
    void shouldDeliverEverythingToSomebodyAcrossCuts() {
        // Given
        List<String> handled = new CopyOnWriteArrayList<>();
        try (RecadoClient client = RecadoClient.connect(options())) {
            client.subscribe(SubscribeOptions.of("orders", "billing").withCredit(50), delivery -> {
                handled.add(delivery.text());
                delivery.ack();
            });

            // When
            for (int i = 0; i < 3_000; i++) {
                client.publish("orders", ("m" + i).getBytes(UTF_8));
                if (i % 1_000 == 999) {
                    client.awaitConfirmed(5_000);
                    server.cutAll();
                }
            }

            // Then
            await().until(() -> server.ackedCount("orders", "billing") == 3_000);
            assertThat(handled).contains("m0", "m999", "m2999");
        }
    }

    @Test
    void shouldGiveBackWhatTheHandlerFailedOn() {
        // Given
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        try (RecadoClient client = RecadoClient.connect(options())) {
            client.publish("orders", "k:1", Map.of("a", "b:c"), "x".getBytes(UTF_8))
                    .join();

            // When
            List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
            client.subscribe("orders", "billing", delivery -> {
                attempts.add(delivery.attempt());
                if (delivery.attempt() < 3) {
                    throw new IllegalStateException("not yet");
                }
                headers.add(delivery.headers());
                assertThat(delivery.key()).isEqualTo("k:1");
                delivery.ackDurably().join();
            });

            // Then
            await().until(() -> server.ackedCount("orders", "billing") == 1);
            assertThat(attempts).containsExactly(1, 2, 3);
            assertThat(headers).containsExactly(Map.of("a", "b:c"));
        }
    }

    @Test
    void shouldHoldNoMoreThanItsCredit() {
        // Given
        AtomicInteger taken = new AtomicInteger();
        CompletableFuture<Void> open = new CompletableFuture<>();
        try (RecadoClient client = RecadoClient.connect(options())) {
            for (int i = 0; i < 100; i++) {
                client.publish("orders", new byte[] {1});
            }
            client.awaitConfirmed(5_000);

            // When
            client.subscribe(SubscribeOptions.of("orders", "billing").withCredit(10), delivery -> {
                open.join();
                taken.incrementAndGet();
                delivery.ack();
            });
            client.admin().ping().join();

            // Then
            assertThat(server.heldCount("orders", "billing")).isEqualTo(10);
            open.complete(null);
            await().until(() -> server.ackedCount("orders", "billing") == 100);
        }
    }

    @Test
    void shouldAskAndAnswer() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            client.subscribe("echo", "servers", delivery -> {
                assertThat(delivery.headers()).containsKey("reply-to");
                delivery.reply(("you said " + delivery.text()).getBytes(UTF_8));
            });

            // When
            byte[] answer = client.request("echo", "hi".getBytes(UTF_8), 5_000).join();
            CompletableFuture<byte[]> unanswered = client.request("nobody", "hi".getBytes(UTF_8), 10);

            // Then
            assertThat(new String(answer, UTF_8)).isEqualTo("you said hi");
            assertThatThrownBy(unanswered::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("Timeout");
        }
    }

    @Test
    void shouldTellWhatTheBrokerRefuses() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            Admin admin = client.admin();

            // When
            admin.createTopic("jobs", Map.of("kind", "queue")).join();

            // Then
            assertThat(server.commands).contains("TOPIC:CREATE:jobs:kind=queue");
            assertThat(admin.listTopics().join())
                    .containsExactly("{\"name\":\"jobs\",\"kind\":\"log\",\"messages\":0}");
            assertThat(admin.stats().join()).containsExactly("sessions 1");
            assertThatThrownBy(() -> admin.deleteTopic("none").join()).hasMessageContaining("Topic not found: none");
            assertThatThrownBy(() -> client.subscribe("forbidden", "g", delivery -> {}))
                    .isInstanceOf(RecadoException.class)
                    .hasMessage("Not authorized");
        }
    }

    @Test
    void shouldEndASubscriptionWhenTheBrokerEndsIt() {
        try (RecadoClient client = RecadoClient.connect(options())) {
            // Given
            client.admin().createTopic("jobs", Map.of()).join();
            Subscription subscription = client.subscribe("jobs", "g", delivery -> {});

            // When
            client.admin().deleteTopic("jobs").join();

            // Then
            assertThat(subscription.ended().join()).isEqualTo("topic deleted");
        }
    }
}

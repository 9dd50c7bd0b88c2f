package dev.recado.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
class SubscriptionTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Subscription.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private FakeTextServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeTextServer.start();
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
    }

    @AfterEach
    void stop() throws IOException {
        logger.detachAppender(logged);
        logger.setAdditive(true);
        server.close();
    }

    private ClientOptions options() {
        return ClientOptions.of(server.address()).backOffMs(5, 50);
    }

    @Test
    void shouldLogTheFirstFailureOfAHandlerCountAllAndTellEach() {
        // Given
        List<Throwable> told = new CopyOnWriteArrayList<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void onFailure(Subscription subscription, Delivery delivery, Throwable failure) {
                told.add(failure);
            }
        };
        server.put("orders", "x".getBytes(UTF_8));
        try (RecadoClient client = RecadoClient.connect(options().listener(listener))) {

            // When
            Subscription subscription = client.subscribe("orders", "billing", delivery -> {
                switch (delivery.attempt()) {
                    case 1 -> throw new IllegalStateException("not yet");
                    case 2 -> throw new AssertionError("nor now");
                    default -> delivery.ack();
                }
            });
            await().until(() -> server.ackedCount("orders", "billing") == 1);

            // Then
            assertThat(subscription.failureCount()).isEqualTo(2);
            assertThat(told).extracting(Throwable::getMessage).containsExactly("not yet", "nor now");
            assertThat(logged.list).hasSize(1);
            assertThat(logged.list.get(0).getThrowableProxy().getMessage()).isEqualTo("not yet");
            assertThat(logged.list.get(0).getThrowableProxy().getStackTraceElementProxyArray())
                    .isNotEmpty();
        }
    }

    @Test
    void shouldOutliveAHandlerThatFailsOnItsFailure() {
        // Given
        server.put("orders", "x".getBytes(UTF_8));
        MessageHandler handler = new MessageHandler() {
            @Override
            public void onMessage(Delivery delivery) {
                if (delivery.attempt() == 1) {
                    throw new IllegalStateException("first");
                }
                delivery.ack();
            }

            @Override
            public void onFailure(Delivery delivery, Throwable failure) {
                throw new IllegalStateException("second");
            }
        };
        try (RecadoClient client = RecadoClient.connect(options())) {

            // When
            Subscription subscription = client.subscribe("orders", "billing", handler);

            // Then
            await().until(() -> server.ackedCount("orders", "billing") == 1);
            assertThat(subscription.failureCount()).isEqualTo(2);
        }
    }

    @Test
    void shouldOutliveAListenerThatFails() {
        // Given a listener that fails whatever it hears
        Logger listeners = (Logger) LoggerFactory.getLogger(ClientListener.class);
        listeners.addAppender(logged);
        listeners.setAdditive(false);
        ClientListener listener = new ClientListener() {
            @Override
            public void onConnected(BrokerAddress broker) {
                throw new IllegalStateException("on connected");
            }

            @Override
            public void onLost(String why) {
                throw new AssertionError("on lost");
            }

            @Override
            public void onFailure(Subscription subscription, Delivery delivery, Throwable failure) {
                throw new IllegalStateException("on failure");
            }
        };
        server.put("orders", "x".getBytes(UTF_8));
        try (RecadoClient client = RecadoClient.connect(options().listener(listener))) {

            // When a handler fails and the connection breaks
            client.subscribe("orders", "billing", delivery -> {
                if (delivery.attempt() == 1) {
                    throw new IllegalStateException("not yet");
                }
                delivery.ack();
            });
            await().until(() -> server.ackedCount("orders", "billing") == 1);
            server.cutAll();
            client.publish("orders", "y".getBytes(UTF_8)).join();

            // Then the client goes on, and one line says what is wrong with the listener
            await().until(() -> server.ackedCount("orders", "billing") == 2);
            assertThat(logged.list)
                    .extracting(each -> each.getThrowableProxy().getMessage())
                    .containsExactly("on connected", "not yet");
        } finally {
            listeners.detachAppender(logged);
            listeners.setAdditive(true);
        }
    }

    @Test
    void shouldEndWhereItsThreadIsInterrupted() throws Exception {
        // Given
        server.put("orders", "x".getBytes(UTF_8));
        try (RecadoClient client = RecadoClient.connect(options())) {

            // When
            Subscription subscription = client.subscribe("orders", "billing", delivery -> {
                throw new InterruptedException();
            });

            // Then
            assertThat(subscription.ended().get(10, TimeUnit.SECONDS)).isEqualTo("handler interrupted");
            assertThat(subscription.failureCount()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellWhenAMessageWasPublished() {
        // Given
        CompletableFuture<Delivery> arrived = new CompletableFuture<>();
        server.put("orders", "x".getBytes(UTF_8));
        try (RecadoClient client = RecadoClient.connect(options())) {

            // When
            client.subscribe("orders", "billing", arrived::complete);

            // Then
            assertThat(arrived.join().publishedAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
        }
    }

    @Test
    void shouldSubscribeAtABrokerThatKnowsNoOptions() {
        // Given
        CompletableFuture<Delivery> arrived = new CompletableFuture<>();
        server.optionless = true;
        server.put("orders", "x".getBytes(UTF_8));
        try (RecadoClient client = RecadoClient.connect(options())) {

            // When
            client.subscribe("orders", "billing", arrived::complete);

            // Then
            assertThat(arrived.join().publishedAt()).isNull();
        }
    }

    @Test
    void shouldTakeNoMoreThanItsBoundAcrossReconnects() throws Exception {
        // Given
        for (int i = 0; i < 60; i++) {
            server.put("orders", ("m" + i).getBytes(UTF_8));
        }
        CountDownLatch taken = new CountDownLatch(20);
        CountDownLatch half = new CountDownLatch(10);
        CountDownLatch cut = new CountDownLatch(1);
        List<Delivery> done = new ArrayList<>();
        SubscribeOptions wanted =
                SubscribeOptions.of("orders", "billing").withCredit(4).withDeliveriesMax(20);
        try (RecadoClient client = RecadoClient.connect(options())) {

            // When
            Subscription subscription = client.subscribe(wanted, delivery -> {
                taken.countDown();
                half.countDown();
                if (half.getCount() == 0) {
                    cut.await();
                }
                if (taken.getCount() > 0) {
                    delivery.ack();
                } else {
                    done.add(delivery);
                }
            });
            half.await();
            server.cutAll();
            cut.countDown();
            taken.await();
            subscription.closeDurably(() -> done).get(10, TimeUnit.SECONDS);

            // Then: what was in the client's hands at the cut was returned and taken again
            assertThat(server.group("orders", "billing").attempts.keySet()).hasSizeLessThanOrEqualTo(20);
            assertThat(server.heldCount("orders", "billing")).isZero();
        }
    }

    @Test
    void shouldSayThatTheLastAcknowledgementsMayBeLostWithTheirConnection() throws Exception {
        // Given
        server.put("orders", "x".getBytes(UTF_8));
        CompletableFuture<Delivery> arrived = new CompletableFuture<>();
        try (RecadoClient client = RecadoClient.connect(options().closeTimeoutMs(100))) {
            Subscription subscription = client.subscribe("orders", "billing", arrived::complete);
            Delivery delivery = arrived.join();
            server.down();
            await().until(() -> !delivery.ack());

            // When
            CompletableFuture<Void> left = subscription.closeDurably(() -> List.of(delivery));

            // Then
            assertThatThrownBy(() -> left.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(RecadoException.class)
                    .hasMessageContaining("connection that brought the message is gone");
        }
    }

    @Test
    void shouldAcknowledgeNothingWhereTheHandlerDoesNotEnd() throws Exception {
        // Given
        server.put("orders", "x".getBytes(UTF_8));
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Delivery> arrived = new CompletableFuture<>();
        try (RecadoClient client = RecadoClient.connect(options().closeTimeoutMs(100))) {
            Subscription subscription = client.subscribe("orders", "billing", delivery -> {
                arrived.complete(delivery);
                never.await();
            });
            Delivery delivery = arrived.join();
            AtomicBoolean asked = new AtomicBoolean();

            // When
            CompletableFuture<Void> left = subscription.closeDurably(
                    () -> {
                        asked.set(true);
                        return List.of(delivery);
                    },
                    50);

            // Then
            assertThatThrownBy(() -> left.get(10, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(RecadoException.class)
                    .hasMessageContaining("still being handled after 50 ms");
            assertThat(server.group("orders", "billing").acked).isEmpty();
            assertThat(asked).isFalse();
            never.countDown();
        }
    }

    /** The broker's answer to a goodbye is the end of the connection, which came now and then before our own flag. */
    @Test
    void shouldNotTakeTheEndOfItsOwnGoodbyeForALoss() {
        // Given
        List<String> lost = new CopyOnWriteArrayList<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void onLost(String why) {
                lost.add(why);
            }
        };

        // When
        for (int i = 0; i < 200; i++) {
            RecadoClient.connect(options().listener(listener)).close();
        }

        // Then
        assertThat(lost).isEmpty();
    }

    @Test
    void shouldNotSayThatItTriesAgainWhereItGivesUp() throws IOException {
        // Given
        List<String> lost = new CopyOnWriteArrayList<>();
        ClientListener listener = new ClientListener() {
            @Override
            public void onLost(String why) {
                lost.add(why);
            }
        };
        server.down();

        // When
        ClientOptions options = options().listener(listener);

        // Then
        assertThatThrownBy(() -> RecadoClient.connect(options)).isInstanceOf(RecadoException.class);
        assertThat(lost).isEmpty();
    }

    @Test
    void shouldHandMessagesOverWhileTheSessionIsBusy() throws InterruptedException {
        // Given
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            server.put("orders", "x".getBytes(UTF_8));
        }
        try (RecadoClient client = RecadoClient.connect(options())) {
            Subscription subscription = client.subscribe("orders", "billing", delivery -> {
                first.countDown();
                go.await();
                all.countDown();
            });
            first.await();
            await().until(() -> server.heldCount("orders", "billing") == 3);
            // The second answer comes behind a reading that had all messages, which are handed over by then.
            client.admin().listTopics().join();
            client.admin().listTopics().join();

            // When
            subscription.session().lock().lock();
            try {
                go.countDown();

                // Then
                assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
            } finally {
                subscription.session().lock().unlock();
            }
        }
    }
}

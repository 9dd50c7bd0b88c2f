package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Changes;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.amqp.wire.Address;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatestAddressTest {

    private static final String HOST = "/";

    private final LatestAddress latest = new LatestAddress();

    @Test
    void shouldMakeNoTextForTheSameAddressAgain() {
        // Given
        latest.at(Address.of("orders", "eu.de"), HOST);
        String exchange = latest.exchange();
        String key = latest.routingKey();

        // When
        latest.at(Address.of("orders", "eu.de"), HOST);

        // Then
        assertThat(latest.exchange()).isEqualTo("orders").isSameAs(exchange);
        assertThat(latest.routingKey()).isEqualTo("eu.de").isSameAs(key);
    }

    @Test
    void shouldKeepNothingOfTheFrame() {
        // Given
        byte[] frame = {2, 'a', 'b', 1, 'k'};
        latest.at(new Address().wrap(frame, 0, frame.length), HOST);

        // When
        frame[1] = 'x';
        frame[4] = 'y';

        // Then
        assertThat(latest.exchange()).isEqualTo("ab");
        assertThat(latest.at(new Address().wrap(frame, 0, frame.length), HOST).exchange())
                .isEqualTo("xb");
        assertThat(latest.routingKey()).isEqualTo("y");
    }

    @Test
    void shouldTellApartWhereTheExchangeEnds() {
        // Given
        latest.at(Address.of("ab", "c"), HOST);

        // When
        latest.at(Address.of("a", "bc"), HOST);

        // Then
        assertThat(latest.exchange()).isEqualTo("a");
        assertThat(latest.routingKey()).isEqualTo("bc");
    }

    @Test
    void shouldBeTheAddressThatWasLastOfManyOfAnyLength() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            // Given
            String exchange = "x".repeat(random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3));
            String key = "k".repeat(random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3));

            // When
            latest.at(Address.of(exchange, key), HOST);

            // Then
            assertThat(latest.exchange()).isEqualTo(exchange);
            assertThat(latest.routingKey()).isEqualTo(key);
        }
    }

    @Test
    void shouldFindWhatTheCatalogHasNow() {
        // Given
        Catalog before = Changes.apply(Catalog.empty(1), Changes.exchange("orders", ExchangeType.DIRECT));
        Catalog after = Changes.apply(before, new CatalogChange.DeleteExchange(TopicName.of("orders")));
        latest.at(Address.of("orders", "k"), HOST);
        ExchangeDef found = latest.find(before);

        // When
        ExchangeDef gone = latest.find(after);

        // Then
        assertThat(found).isSameAs(before.exchange(TopicName.of("orders"))).isNotNull();
        assertThat(gone).isNull();
    }

    @Test
    void shouldFindTheExchangeOfTheAddressThatWasLast() {
        // Given
        Catalog catalog = Changes.apply(Catalog.empty(1), Changes.exchange("orders", ExchangeType.DIRECT));
        latest.at(Address.of("orders", "k"), HOST).find(catalog);

        // When
        ExchangeDef other = latest.at(Address.of("others", "k"), HOST).find(catalog);
        ExchangeDef again = latest.at(Address.of("orders", "l"), HOST).find(catalog);

        // Then
        assertThat(other).isNull();
        assertThat(again).isNotNull();
    }
}

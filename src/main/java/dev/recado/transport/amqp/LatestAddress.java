package dev.recado.transport.amqp;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.ExchangeDef;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.amqp.wire.Address;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a channel's latest publish through an exchange went: exchange and routing key as text, and what the catalog had
 * under that name. Most publishes go where the one before went, and cost no string and no search. One owner.
 */
final class LatestAddress {

    private static final byte[] NOTHING = {};

    /** Both as they came; an array of its own. */
    private byte[] encoded = NOTHING;

    private int length;
    private String exchange = "";
    private String routingKey = "";
    private @Nullable TopicName name;
    private @Nullable Catalog seen;
    private @Nullable ExchangeDef found;

    /** Goes on to that address, in a virtual host that stays the same. */
    LatestAddress at(Address address, String virtualHost) {
        int from = address.start();
        int end = from + address.length();
        if (!Arrays.equals(encoded, 0, length, address.bytes(), from, end)) {
            length = address.length();
            if (encoded.length < length) {
                encoded = new byte[Math.min(Address.BYTES_MAX, 2 * length)];
            }
            System.arraycopy(address.bytes(), from, encoded, 0, length);
            routingKey = address.routingKey();
            String before = exchange;
            exchange = address.exchange();
            if (name == null || !exchange.equals(before)) {
                name = new TopicName(virtualHost, exchange);
                seen = null;
            }
        }
        return this;
    }

    /** What {@code catalog} has under the name of the exchange, or null. */
    @Nullable
    ExchangeDef find(Catalog catalog) {
        if (catalog != seen) {
            seen = catalog;
            found = name == null ? null : catalog.exchange(name);
        }
        return found;
    }

    String exchange() {
        return exchange;
    }

    String routingKey() {
        return routingKey;
    }
}

package dev.recado.transport.amqp;

import dev.recado.broker.Broker;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.ExchangeSettings;
import dev.recado.core.topic.ExchangeType;
import dev.recado.core.topic.TopicName;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The exchanges that every virtual host has. The broker makes them, as nobody else may: see {@link #RESERVED}. */
final class StandardExchanges {

    /** What begins like that is the broker's to make. */
    static final String RESERVED = "amq.";

    private static final Map<String, ExchangeType> ALL = Map.of(
            "amq.direct", ExchangeType.DIRECT,
            "amq.fanout", ExchangeType.FANOUT,
            "amq.topic", ExchangeType.TOPIC,
            "amq.headers", ExchangeType.HEADERS,
            "amq.match", ExchangeType.HEADERS);

    private StandardExchanges() {}

    /** Whether none is missing. */
    static boolean areThere(Catalog catalog, String virtualHost) {
        for (String name : ALL.keySet()) {
            if (catalog.exchange(new TopicName(virtualHost, name)) == null) {
                return false;
            }
        }
        return true;
    }

    /** Makes those that are missing. Called on one of the broker's loops. */
    static Future<Void> ensure(Broker broker, String virtualHost) {
        List<Future<?>> making = new ArrayList<>();
        ALL.forEach((name, type) -> {
            if (broker.catalog().exchange(new TopicName(virtualHost, name)) == null) {
                making.add(broker.change(
                        new CatalogChange.CreateExchange(
                                new TopicName(virtualHost, name), type, ExchangeSettings.DEFAULT, true),
                        Identity.BROKER));
            }
        });
        return Future.all(making).mapEmpty();
    }
}

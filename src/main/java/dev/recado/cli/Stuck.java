package dev.recado.cli;

import dev.recado.client.ClientOptions;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Why a topic may not answer its publishers. Asked over a connection of its own, since answers on the producer's come
 * behind those that it waits for.
 */
final class Stuck {

    private static final int ANSWER_MS = 1_000;

    private final ClientOptions options;
    private final String topic;

    Stuck(BrokerOptions broker, String topic) {
        this.options = broker.client().connectTimeoutMs(ANSWER_MS).closeTimeoutMs(0);
        this.topic = topic;
    }

    /** For example {@code topic jobs holds 10, limit.messages=10 overflow=block}; empty where that is not known. */
    String reason() {
        try (RecadoClient client = RecadoClient.connect(options)) {
            List<String> found = client.admin().describeTopic(topic).get(ANSWER_MS, TimeUnit.MILLISECONDS);
            Map<String, String> figures = Json.fields(found.get(0));
            StringBuilder limits = new StringBuilder();
            for (String limit : List.of("limit.messages", "limit.bytes")) {
                if (!figures.getOrDefault(limit, "0").equals("0")) {
                    limits.append(' ').append(limit).append('=').append(figures.get(limit));
                }
            }
            return limits.isEmpty()
                    ? ""
                    : "topic " + topic + " holds " + figures.get("backlog") + "," + limits + " overflow="
                            + figures.get("overflow");
        } catch (RecadoException | ExecutionException | TimeoutException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}

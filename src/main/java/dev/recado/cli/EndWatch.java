package dev.recado.cli;

import dev.recado.client.RecadoClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether a group has finished everything that its topic held when a consumer began: every message was acknowledged, by
 * whichever member, or is a dead letter, or has expired. What members hold and what waits to come again is not
 * finished.
 *
 * <p>The broker tells a group's floor on a topic with one partition. With several it counts what is unfinished, so that
 * the group must have finished what came since as well. Owned by the command's thread.
 */
final class EndWatch {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RecadoClient client;
    private final String topic;
    private final String group;
    private final long end;
    private long askedNanos;
    private @Nullable CompletableFuture<List<String>> asked;

    /**
     * @param group empty for an automatic one
     * @param before the topic as the broker described it when the consumer began; empty where there was none
     */
    EndWatch(RecadoClient client, String topic, String group, Map<String, String> before) {
        this.client = client;
        this.topic = topic;
        this.group = group;
        end = before.isEmpty() ? 0 : Beginning.end(before);
    }

    /** As the broker said last; asks it now and then, and does not wait for it. */
    boolean isReached() {
        CompletableFuture<List<String>> answer = asked;
        if (answer == null) {
            if (askedNanos == 0 || System.nanoTime() - askedNanos >= EVERY_NANOS) {
                askedNanos = System.nanoTime();
                asked = client.admin().describeTopic(topic);
            }
            return false;
        }
        if (!answer.isDone()) {
            return false;
        }
        asked = null;
        // Where the connection broke it is asked again.
        return !answer.isCompletedExceptionally()
                && answer.join().stream().anyMatch(json -> isReached(Json.fields(json), group, end));
    }

    /**
     * @param now the topic as the broker describes it
     * @param end of a topic with one partition, the offset behind what it held
     */
    static boolean isReached(Map<String, String> now, String group, long end) {
        boolean one = now.getOrDefault("partitions", "1").equals("1");
        List<Map<String, String>> joined = Json.elements(now.getOrDefault("groups", "[]")).stream()
                .map(Json::fields)
                .filter(each -> isJoined(each, group, now.getOrDefault("kind", "log")))
                .toList();
        return !joined.isEmpty()
                && joined.stream().allMatch(each -> one ? number(each, "floor") >= end : number(each, "backlog") == 0);
    }

    /** Which automatic group it is the broker does not tell: all that have members stand for it. */
    private static boolean isJoined(Map<String, String> one, String group, String kind) {
        if (!group.isEmpty() || kind.equals("queue")) {
            return group.isEmpty() || group.equals(one.get("name"));
        }
        return Beginning.AUTOMATIC.equals(one.get("kind")) && number(one, "members") > 0;
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, "-1"));
    }
}

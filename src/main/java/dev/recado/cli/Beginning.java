package dev.recado.cli;

import dev.recado.base.Quantities;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Where a consumer begins, and what it should know before it does: that its topic is made by it, or that its group is
 * there already and goes on where it is.
 */
final class Beginning {

    private static final String UNKNOWN_TOPIC = "Unknown topic";
    private static final String FIRST = "first";
    private static final String TAP = "*";
    /** The kind of a group that is joined by who names none. */
    static final String AUTOMATIC = "automatic";

    private final RecadoClient client;
    private final PrintStream err;
    private final String topic;
    private final String group;
    private final boolean forPeople;
    /** The topic as the broker described it; empty where there is none. */
    private Map<String, String> description = Map.of();

    /**
     * @param group empty for an automatic one
     * @param forPeople whether is told what is delivered that one might not expect
     */
    Beginning(RecadoClient client, PrintStream err, String topic, String group, boolean forPeople) {
        this.client = client;
        this.err = err;
        this.topic = topic;
        this.group = group;
        this.forPeople = forPeople;
    }

    /**
     * The position for a subscription; empty for a tap, which begins at the next message.
     *
     * @param from as the protocol takes it; null where it was not given
     * @param last messages before the end; null where it was not given
     */
    String of(@Nullable String from, @Nullable Long last) {
        boolean given = from != null || last != null;
        String option = last != null ? "--last" : "--from";
        if (group.equals(TAP)) {
            if (given) {
                err.println(option + " is ignored: the group * sees what comes from now on");
            }
            return "";
        }
        if (isPattern()) {
            if (!group.isEmpty()) {
                err.println("the group is ignored: a pattern is a queue of this subscription's own, from now on");
            }
            if (given) {
                err.println(option + " is ignored: a pattern sees what comes from now on");
            }
        }
        description = describe();
        if (description.isEmpty()) {
            if (!isPattern()) {
                err.println("topic " + topic + " is new: it is created, with the broker's defaults");
            }
            tellNothing(from, 0);
            return from == null ? FIRST : from;
        }
        List<String> there = given ? there() : List.of();
        if (!there.isEmpty() && group.isEmpty()) {
            err.println(option + " is ignored, unless they are full: without --group it joins the first automatic"
                    + " group with room of " + String.join(", ", there) + ", and that goes on where it is;"
                    + " `recado group reset " + topic + " GROUP --from ...` moves it");
        } else if (!there.isEmpty()) {
            err.println(option + " is ignored: the group " + group + " is there and goes on where it is;"
                    + " `recado group reset " + topic + " " + group + " --from ...` moves it");
        }
        if (there.isEmpty()) {
            tellNothing(from, end(description));
        }
        return last == null ? from == null ? FIRST : from : beforeEnd(topic, description, last);
    }

    private boolean isPattern() {
        return isPattern(topic);
    }

    static boolean isPattern(String topic) {
        return topic.indexOf('*') >= 0 || topic.indexOf('#') >= 0;
    }

    private void tellNothing(@Nullable String from, long end) {
        if (!forPeople || from == null) {
            return;
        }
        long offset = Quantities.number(from);
        if (offset > end || Positions.isFuture(from, Instant.now())) {
            err.println(Positions.nothingYet("--from"));
        }
    }

    /** Behind the newest message of the longest partition. */
    static long end(Map<String, String> description) {
        return Json.elements(description.getOrDefault("partition-figures", "[]")).stream()
                .mapToLong(Beginning::endOf)
                .max()
                .orElse(Long.MAX_VALUE);
    }

    private static long endOf(String partition) {
        return Long.parseLong(Json.fields(partition).getOrDefault("end", "0"));
    }

    /** Watches for the end of what the topic held when {@link #of} was asked. */
    EndWatch watch() {
        return new EndWatch(client, topic, group, description);
    }

    private Map<String, String> describe() {
        try {
            return Json.fields(client.admin().describeTopic(topic).join().get(0));
        } catch (CompletionException e) {
            RecadoException why = RecadoClient.unwrap(e);
            if (why.text().startsWith(UNKNOWN_TOPIC)) {
                return Map.of();
            }
            throw why;
        }
    }

    /** The names of the groups that it may join and that are there: its own, or all automatic ones. */
    private List<String> there() {
        return Json.elements(description.getOrDefault("groups", "[]")).stream()
                .map(Json::fields)
                .filter(one -> group.isEmpty() ? AUTOMATIC.equals(one.get("kind")) : group.equals(one.get("name")))
                .map(one -> one.getOrDefault("name", ""))
                .toList();
    }

    /** The offset that lies {@code last} messages before the end of the topic that the broker described so. */
    static String beforeEnd(String topic, List<String> description, long last) {
        return beforeEnd(topic, Json.fields(description.get(0)), last);
    }

    private static String beforeEnd(String topic, Map<String, String> description, long last) {
        List<String> partitions = Json.elements(description.getOrDefault("partition-figures", "[]"));
        if (partitions.size() != 1) {
            throw new RecadoException(
                    RecadoException.Kind.REFUSED,
                    "--last needs a topic with one partition, " + topic + " has " + partitions.size()
                            + "; --from takes a time");
        }
        return Long.toString(Math.max(0, endOf(partitions.get(0)) - last));
    }
}

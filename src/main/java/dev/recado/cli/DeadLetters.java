package dev.recado.cli;

import dev.recado.client.RecadoClient;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one dead-letter topic that nobody has requeued or dropped.
 *
 * <p>What was requeued or dropped is finished in the group {@link #GROUP} of that topic, which is made by the first of
 * these: from then on the topic keeps what the group has not finished. Until there is one every letter is open, and
 * looking needs no group, or one for as long as it looks.
 */
final class DeadLetters {

    /** Who requeues and drops. */
    static final String GROUP = "recado-dead";

    private static final int PAGE = 1_000;
    /** A letter is held until it is settled, at whatever pace; it does not die of being looked at. */
    private static final Map<String, String> GROUP_SETTINGS =
            Map.of("from", "first", "lease-ms", "12h", "max-deliveries", "1000000", "dead-letter", "");

    private static final String NO_EXCHANGE = "<none>";
    private static final String OWN_KEY = "<own>";

    private final RecadoClient client;
    private final String topic;
    private final boolean exists;
    private final String where;

    DeadLetters(RecadoClient client, String topic, boolean exists) {
        this(client, topic, exists, exists ? topic : topic + " (no such topic)");
    }

    private DeadLetters(RecadoClient client, String topic, boolean exists, String where) {
        this.client = client;
        this.topic = topic;
        this.exists = exists;
        this.where = where;
    }

    /**
     * The dead-letter topics of {@code topic}: those that its groups name, or {@code <topic>.dead}; itself where it is
     * one by its name, or where there are none of these and it begins with a dead letter.
     */
    static List<DeadLetters> of(RecadoClient client, String topic) {
        Set<String> names = new LinkedHashSet<>();
        if (topic.endsWith(".dead")) {
            names.add(topic);
        } else {
            boolean throughExchange = false;
            for (String json : client.admin().listGroups(topic).join()) {
                Map<String, String> group = Json.fields(json);
                boolean isThrough = group.containsKey("dead-letter.exchange");
                throughExchange |= isThrough;
                names.add(isThrough ? "" : group.getOrDefault("dead-letter", topic + ".dead"));
            }
            names.remove("");
            if (names.isEmpty() && !throughExchange) {
                names.add(topic + ".dead");
            }
        }
        Set<String> there = client.admin().listTopics().join().stream()
                .map(json -> Json.fields(json).getOrDefault("name", ""))
                .collect(Collectors.toSet());
        if (names.stream().noneMatch(there::contains)) {
            if (beginsWithALetter(client, topic)) {
                return List.of(new DeadLetters(client, topic, true));
            }
            DeadLetters behind = there.contains(topic) ? behindExchange(client, topic, there) : null;
            if (behind != null) {
                return List.of(behind);
            }
        }
        return names.stream()
                .map(name -> new DeadLetters(client, name, there.contains(name)))
                .toList();
    }

    /**
     * Where dead letters go through an exchange: in the topic that a key names in the default one; of another one only
     * words, since it leads to any number of topics. Null where there is no exchange.
     */
    private static @Nullable DeadLetters behindExchange(RecadoClient client, String topic, Set<String> there) {
        Map<String, String> settings =
                Json.fields(client.admin().describeTopic(topic).join().get(0));
        String exchange = settings.getOrDefault("dead-letter.exchange", NO_EXCHANGE);
        String key = settings.getOrDefault("dead-letter.key", OWN_KEY);
        if (exchange.equals(NO_EXCHANGE)) {
            return null;
        }
        return exchange.isEmpty() && !key.equals(OWN_KEY)
                ? new DeadLetters(client, key, there.contains(key))
                : new DeadLetters(
                        client,
                        topic,
                        false,
                        "the topics that exchange \"" + exchange + "\" leads to: name one of them");
    }

    private static boolean beginsWithALetter(RecadoClient client, String topic) {
        return !topic.endsWith(".dead")
                && client.admin().browse(topic, "first", 1).join().stream()
                        .anyMatch(json -> !DeadLetter.of(json).topic().isEmpty());
    }

    /** Where these are, or would be, for a person. */
    String where() {
        return where;
    }

    /**
     * Shows every open letter to {@code eye}, oldest first, and changes nothing.
     *
     * @return how many were not reached
     */
    long forEach(Consumer<DeadLetter> eye) throws InterruptedException {
        if (!exists) {
            return 0;
        }
        if (group(GROUP) != null) {
            return visit(GROUP, looking(eye));
        }
        Map<String, String> description =
                Json.fields(client.admin().describeTopic(topic).join().get(0));
        if (description.getOrDefault("partitions", "1").equals("1")) {
            browse(eye, Long.parseLong(description.getOrDefault("kept", "0")));
            return 0;
        }
        // A page begins at the same offset in every partition, so that paging does not reach all of them.
        String own = GROUP + "-look-" + UUID.randomUUID();
        client.admin().createGroup(topic, own, GROUP_SETTINGS).join();
        try {
            return visit(own, looking(eye));
        } finally {
            client.admin().deleteGroup(topic, own).join();
        }
    }

    private void browse(Consumer<DeadLetter> eye, long kept) {
        String from = "first";
        for (long left = kept; left > 0; ) {
            List<DeadLetter> page = client.admin().browse(topic, from, (int) Math.min(PAGE, left)).join().stream()
                    .map(DeadLetter::of)
                    .toList();
            if (page.isEmpty()) {
                return;
            }
            page.forEach(eye);
            left -= page.size();
            from = Long.toString(Long.parseLong(page.get(page.size() - 1).id()) + 1);
        }
    }

    private static DeadLetterVisit.Work looking(Consumer<DeadLetter> eye) {
        return (letter, delivery) -> {
            eye.accept(letter);
            return false;
        };
    }

    private @Nullable Map<String, String> group(String name) {
        return client.admin().listGroups(topic).join().stream()
                .map(Json::fields)
                .filter(group -> name.equals(group.get("name")))
                .findFirst()
                .orElse(null);
    }

    private long figure(String group, String name) {
        Map<String, String> figures = group(group);
        return figures == null ? 0 : Long.parseLong(figures.getOrDefault(name, "0"));
    }

    /** Makes the group where there is none; answers false where there is no such topic. */
    boolean open() {
        if (!exists) {
            return false;
        }
        if (group(GROUP) == null) {
            client.admin().createGroup(topic, GROUP, GROUP_SETTINGS).join();
        }
        return true;
    }

    /** Hands every letter that is open now to {@code work}; answers how many were not reached. */
    long visit(DeadLetterVisit.Work work) throws InterruptedException {
        return visit(GROUP, work);
    }

    private long visit(String group, DeadLetterVisit.Work work) throws InterruptedException {
        long open = figure(group, "ready");
        return open == 0 ? 0 : new DeadLetterVisit(work, open).run(client, topic, group);
    }

    /** How many are open, by the group's figures. */
    long left() {
        return figure(GROUP, "backlog");
    }
}

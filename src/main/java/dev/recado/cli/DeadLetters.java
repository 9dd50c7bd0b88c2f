package dev.recado.cli;

import dev.recado.client.Delivery;
import dev.recado.client.RecadoClient;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one dead-letter topic that nobody has requeued or dropped.
 *
 * <p>What was requeued or dropped is finished in the group {@link #GROUP} of that topic, which is made by the first of
 * these: from then on the topic keeps what the group has not finished. Until there is one every letter is open, and
 * looking needs no group, or one for as long as it looks. A queue has its one group {@link #QUEUE}, which is used in
 * the place of that: a letter that a worker of the queue has finished is open no more either.
 */
final class DeadLetters {

    /** Who requeues and drops. */
    static final String GROUP = "recado-dead";

    /** The only group of a queue. */
    static final String QUEUE = "queue";

    private static final int PAGE = 1_000;
    /** A letter is held until it is settled, at whatever pace; it does not die of being looked at. */
    private static final Map<String, String> GROUP_SETTINGS =
            Map.of("from", "first", "lease-ms", "12h", "max-deliveries", "1000000", "dead-letter", "");

    private static final String NO_EXCHANGE = "<none>";
    private static final String OWN_KEY = "<own>";

    private final RecadoClient client;
    private final String topic;
    private final boolean exists;
    private final boolean isQueue;
    private final String where;
    /** Letters that died elsewhere, and messages that are none, are passed over; null where all count. */
    private final @Nullable String diedIn;

    private DeadLetters(RecadoClient client, String topic, Map<String, String> kinds, @Nullable String diedIn) {
        this(client, topic, kinds, diedIn, kinds.containsKey(topic) ? topic : topic + " (no such topic)");
    }

    private DeadLetters(
            RecadoClient client, String topic, Map<String, String> kinds, @Nullable String diedIn, String where) {
        this.client = client;
        this.topic = topic;
        exists = kinds.containsKey(topic);
        isQueue = QUEUE.equals(kinds.get(topic));
        this.where = where;
        this.diedIn = diedIn;
    }

    /**
     * The dead-letter topics of {@code topic}: those that its groups name, or {@code <topic>.dead}, or the one that its
     * exchange leads to; itself where it is one by its name, or where there are none of these and it begins with a dead
     * letter.
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
        Map<String, String> kinds = new HashMap<>();
        for (String json : client.admin().listTopics().join()) {
            Map<String, String> fields = Json.fields(json);
            kinds.put(fields.getOrDefault("name", ""), fields.getOrDefault("kind", "log"));
        }
        if (names.stream().noneMatch(kinds::containsKey) && kinds.containsKey(topic)) {
            DeadLetters behind = behindExchange(client, topic, kinds);
            if (behind != null) {
                return List.of(behind);
            }
            if (beginsWithALetter(client, topic)) {
                return List.of(new DeadLetters(client, topic, kinds, null));
            }
        }
        return names.stream()
                .map(name -> new DeadLetters(client, name, kinds, null))
                .toList();
    }

    /**
     * Where dead letters go through an exchange: in the topic that a key names in the default one, or in the only one
     * that is bound to another; where several are, or none, only words. Null where there is no exchange.
     */
    private static @Nullable DeadLetters behindExchange(RecadoClient client, String topic, Map<String, String> kinds) {
        Map<String, String> settings =
                Json.fields(client.admin().describeTopic(topic).join().get(0));
        String exchange = settings.getOrDefault("dead-letter.exchange", NO_EXCHANGE);
        String key = settings.getOrDefault("dead-letter.key", OWN_KEY);
        if (exchange.equals(NO_EXCHANGE)) {
            return null;
        }
        if (exchange.isEmpty() && !key.equals(OWN_KEY)) {
            return new DeadLetters(client, key, kinds, topic);
        }
        Set<String> bound = exchange.isEmpty() ? Set.of() : boundTo(client, exchange);
        if (bound.size() == 1) {
            String only = bound.iterator().next();
            if (kinds.containsKey(only)) {
                return new DeadLetters(client, only, kinds, topic);
            }
        }
        String topics = bound.isEmpty() ? "" : ", " + String.join(", ", bound);
        return new DeadLetters(
                client,
                "",
                kinds,
                topic,
                "the topics that exchange \"" + exchange + "\" leads to" + topics + ": name one of them");
    }

    /** What is bound to an exchange, further exchanges as {@code exchange "name"}. */
    private static Set<String> boundTo(RecadoClient client, String exchange) {
        Set<String> bound = new LinkedHashSet<>();
        for (String json : client.admin().listExchanges().join()) {
            Map<String, String> fields = Json.fields(json);
            if (exchange.equals(fields.get("name"))) {
                for (String element : Json.elements(fields.getOrDefault("bindings", "[]"))) {
                    Map<String, String> binding = Json.fields(element);
                    String other = binding.getOrDefault("exchange", "");
                    bound.add(other.isEmpty() ? binding.getOrDefault("topic", "") : "exchange \"" + other + "\"");
                }
            }
        }
        return bound;
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

    private String settledIn() {
        return isQueue ? QUEUE : GROUP;
    }

    private boolean isOfThese(DeadLetter letter) {
        return diedIn == null || diedIn.equals(letter.topic());
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
        Map<String, String> settled = group(settledIn());
        Map<String, String> description =
                Json.fields(client.admin().describeTopic(topic).join().get(0));
        long kept = Long.parseLong(description.getOrDefault("kept", "0"));
        // What is stored of a queue is what it has not finished, unless something behind that is finished.
        boolean isBrowsable = isQueue
                ? settled == null || kept == figure(settled, "backlog")
                : settled == null && description.getOrDefault("partitions", "1").equals("1");
        if (isBrowsable) {
            browse(letter -> show(letter, eye), kept);
            return 0;
        }
        if (settled != null) {
            return visit(settledIn(), looking(eye));
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

    private void show(DeadLetter letter, Consumer<DeadLetter> eye) {
        if (isOfThese(letter)) {
            eye.accept(letter);
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

    private DeadLetterVisit.Work looking(Consumer<DeadLetter> eye) {
        return (letter, delivery) -> {
            show(letter, eye);
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
        return figures == null ? 0 : figure(figures, name);
    }

    private static long figure(Map<String, String> group, String name) {
        return Long.parseLong(group.getOrDefault(name, "0"));
    }

    /** Makes the group where there is none; answers false where there is no such topic. */
    boolean open() {
        if (!exists) {
            return false;
        }
        if (!isQueue && group(GROUP) == null) {
            client.admin().createGroup(topic, GROUP, GROUP_SETTINGS).join();
        }
        return true;
    }

    /** Hands every letter that is open now to {@code work}; answers how many were not reached. */
    long visit(DeadLetterVisit.Work work) throws InterruptedException {
        return visit(settledIn(), diedIn == null ? work : new OfThese(work));
    }

    /** What is done with those of these alone. */
    private final class OfThese implements DeadLetterVisit.Work {

        private final DeadLetterVisit.Work work;

        OfThese(DeadLetterVisit.Work work) {
            this.work = work;
        }

        @Override
        public boolean on(DeadLetter letter, Delivery delivery) {
            return isOfThese(letter) && work.on(letter, delivery);
        }

        @Override
        public void pace(DeadLetter letter) throws InterruptedException {
            if (isOfThese(letter)) {
                work.pace(letter);
            }
        }

        @Override
        public boolean isUnderWay() {
            return work.isUnderWay();
        }

        @Override
        public void finish() {
            work.finish();
        }
    }

    private long visit(String group, DeadLetterVisit.Work work) throws InterruptedException {
        long open = figure(group, "ready");
        return open == 0 ? 0 : new DeadLetterVisit(work, open).run(client, topic, group);
    }

    /** How many are open: by the group's figures where all of it count. */
    long left() throws InterruptedException {
        if (diedIn == null) {
            return figure(settledIn(), "backlog");
        }
        AtomicLong count = new AtomicLong();
        forEach(letter -> count.incrementAndGet());
        return count.get();
    }
}

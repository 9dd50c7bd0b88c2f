package dev.recado.cli;

import dev.recado.client.Delivery;
import dev.recado.client.RecadoClient;
import dev.recado.client.RecadoException;
import dev.recado.client.SubscribeOptions;
import dev.recado.client.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one dead-letter topic that nobody has requeued or dropped.
 *
 * <p>What was requeued or dropped is finished in the group {@link #GROUP} of that topic, which is made by the first of
 * these: from then on the topic keeps what the group has not finished. Until there is one every letter is open, and
 * looking needs no group.
 */
final class DeadLetters {

    /** Who requeues and drops. */
    static final String GROUP = "recado-dead";

    /** Letters that one visit may hold: as many as a subscription may have credit. */
    private static final int HELD_MAX = 65_535;

    private static final int PAGE = 1_000;
    private static final long LEAVE_MS = 10_000;
    private static final long SILENCE_MS = 5_000;
    /** A letter is held until it is settled, at whatever pace; it does not die of being looked at. */
    private static final Map<String, String> GROUP_SETTINGS =
            Map.of("from", "first", "lease-ms", "12h", "max-deliveries", "1000000", "dead-letter", "");

    private final RecadoClient client;
    private final String topic;

    DeadLetters(RecadoClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    String topic() {
        return topic;
    }

    /**
     * The dead-letter topics of {@code topic}: those that its groups name, or {@code <topic>.dead}; itself where it is
     * one by its name.
     */
    static List<DeadLetters> of(RecadoClient client, String topic) {
        Set<String> names = new LinkedHashSet<>();
        if (topic.endsWith(".dead")) {
            names.add(topic);
        } else {
            for (String json : client.admin().listGroups(topic).join()) {
                names.add(Json.fields(json).getOrDefault("dead-letter", topic + ".dead"));
            }
            names.remove("");
            if (names.isEmpty()) {
                names.add(topic + ".dead");
            }
        }
        return names.stream().map(name -> new DeadLetters(client, name)).toList();
    }

    /** Shows every open letter to {@code eye}, oldest first, and changes nothing. */
    void forEach(Consumer<DeadLetter> eye) throws InterruptedException {
        if (!exists()) {
            return;
        }
        if (hasGroup()) {
            visit(
                    delivery -> {
                        eye.accept(DeadLetter.of(delivery));
                        return false;
                    },
                    () -> {});
            return;
        }
        Map<String, String> description =
                Json.fields(client.admin().describeTopic(topic).join().get(0));
        int kept = Integer.parseInt(description.getOrDefault("kept", "0"));
        boolean one = description.getOrDefault("partitions", "1").equals("1");
        String from = "first";
        for (int left = kept; left > 0; ) {
            List<String> page =
                    client.admin().browse(topic, from, Math.min(PAGE, left)).join();
            page.forEach(json -> eye.accept(DeadLetter.of(json)));
            left -= page.size();
            if (page.isEmpty() || !one) {
                return;
            }
            from = Long.toString(
                    Long.parseLong(DeadLetter.of(page.get(page.size() - 1)).id()) + 1);
        }
    }

    private boolean exists() {
        return client.admin().listTopics().join().stream()
                .anyMatch(json -> topic.equals(Json.fields(json).get("name")));
    }

    private boolean hasGroup() {
        return group() != null;
    }

    private @Nullable Map<String, String> group() {
        return client.admin().listGroups(topic).join().stream()
                .map(Json::fields)
                .filter(group -> GROUP.equals(group.get("name")))
                .findFirst()
                .orElse(null);
    }

    /** What is done with a letter. */
    interface Work {
        /** Answers false where the letter is to stay as it is. */
        boolean on(Delivery delivery) throws InterruptedException;
    }

    /** Makes the group where there is none; answers false where there is no such topic. */
    boolean open() {
        if (!exists()) {
            return false;
        }
        if (!hasGroup()) {
            client.admin().createGroup(topic, GROUP, GROUP_SETTINGS).join();
        }
        return true;
    }

    /**
     * Hands every open letter to {@code work}, one after the other; which becomes one meanwhile is not among them. Who
     * answers true settles the letter, by {@code settled}'s return at the latest; the others return. Done once what was
     * settled is durable.
     */
    void visit(Work work, Runnable settled) throws InterruptedException {
        Map<String, String> figures = group();
        long open = figures == null ? 0 : Long.parseLong(figures.getOrDefault("ready", "0"));
        if (open == 0) {
            return;
        }
        CountDownLatch left = new CountDownLatch((int) Math.min(Integer.MAX_VALUE, open));
        CountDownLatch stuck = new CountDownLatch(HELD_MAX);
        List<Throwable> failures = new ArrayList<>();
        SubscribeOptions wanted = new SubscribeOptions(topic, GROUP, HELD_MAX, "first", open);
        Subscription subscription = client.subscribe(wanted, delivery -> {
            try {
                if (failures.isEmpty() && !work.on(delivery)) {
                    stuck.countDown();
                }
            } catch (RuntimeException e) {
                failures.add(e);
            } finally {
                left.countDown();
            }
        });
        subscription.ended().thenAccept(reason -> drain(left));
        await(left, stuck);
        settled.run();
        leave(subscription);
        if (!failures.isEmpty()) {
            throw new RecadoException(
                    RecadoException.Kind.REFUSED, String.valueOf(failures.get(0).getMessage()), failures.get(0));
        }
    }

    private static void drain(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            latch.countDown();
        }
    }

    /** Until all were seen, or what was left alone uses all the credit, or nothing comes any more. */
    private static void await(CountDownLatch left, CountDownLatch stuck) throws InterruptedException {
        long before = left.getCount();
        while (!left.await(SILENCE_MS, TimeUnit.MILLISECONDS) && stuck.getCount() > 0 && left.getCount() < before) {
            before = left.getCount();
        }
    }

    private static void leave(Subscription subscription) throws InterruptedException {
        try {
            subscription.closeDurably(List::of).get(LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw RecadoClient.unwrap(e);
        } catch (TimeoutException e) {
            throw new RecadoException(
                    RecadoException.Kind.CONNECTION_LOST, "no answer within " + LEAVE_MS + " ms to the end", e);
        }
    }
}

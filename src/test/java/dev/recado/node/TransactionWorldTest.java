package dev.recado.node;

import static dev.recado.node.WorldTruth.require;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.recado.base.Refusal;
import dev.recado.broker.DeliveryPort;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.PublishPort;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.SubscriptionLink;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A program takes messages of a queue and, in one transaction, acknowledges each and publishes it to two topics of the
 * same shard, while the node loses its power in the middle of whatever it does: in the end each message is in each of
 * the two topics exactly once. {@code -Drecado.world.seeds=…} says how many seeds, {@code -Drecado.world.seed=…} which
 * one.
 */
@Timeout(600)
class TransactionWorldTest {

    private static final int SEEDS = 600;
    private static final int MESSAGES = 40;
    private static final int STEPS = 120;
    private static final int STARTS_MAX = 20;
    private static final int KIB = 1024;

    private final Logger log = (Logger) LoggerFactory.getLogger("dev.recado");
    private @Nullable Level level;
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong crashedInCommits = new AtomicLong();
    private final AtomicLong foundWhole = new AtomicLong();
    private final AtomicLong foundNot = new AtomicLong();
    private final AtomicLong foundFull = new AtomicLong();

    @BeforeEach
    void silence() {
        level = log.getLevel();
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        log.setLevel(level);
    }

    @Test
    void shouldBeWholeOrNotAtAllWhereverTheNodeEnds() {
        // Given
        Long one = Long.getLong("recado.world.seed");
        int seeds = one != null ? 1 : Integer.getInteger("recado.world.seeds", SEEDS);
        long first = one != null ? one : 1;

        // When
        LongStream.range(first, first + seeds).parallel().forEach(this::live);

        // Then
        System.out.println("TransactionWorldTest seeds=" + seeds + " confirmed=" + confirmed + " refused=" + refused
                + " crashes in commits=" + crashedInCommits + " found whole=" + foundWhole + " not=" + foundNot
                + " writes on a full disk=" + foundFull);
        if (seeds >= SEEDS) {
            assertThat(confirmed.get()).isGreaterThan(seeds);
            assertThat(crashedInCommits.get()).isGreaterThan(seeds / 10);
            assertThat(foundWhole.get()).isPositive();
            assertThat(foundNot.get()).isPositive();
            assertThat(foundFull.get()).isPositive();
        }
    }

    private void live(long seed) {
        try {
            new Run(seed).run();
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    /** The program: holds what it was given, and commits some of it now and then. */
    private static final class Program implements SessionPort, PublishPort, DeliveryPort {

        private record Held(int partition, long offset, String text) {}

        private final Random random;
        private final List<Held> held = new ArrayList<>();
        private final Set<String> committing = new HashSet<>();
        private final Set<String> done = new HashSet<>();
        private long commits;
        private long refused;
        private @Nullable Link link;
        private @Nullable SubscriptionLink jobs;
        private long ticket;

        Program(Random random) {
            this.random = random;
        }

        Link link() {
            return Objects.requireNonNull(link);
        }

        void open(NodeWorld world) {
            link = world.node().sessions().open(this, Patience.REFUSE, SessionInfo.INTERNAL, Identity.BROKER);
        }

        void publish(String topic, String text) {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            Topic to = Objects.requireNonNull(link().catalog().topic(TopicName.of(topic)));
            link().publish(to, new Draft().payload(payload, 0, payload.length), ticket++);
        }

        /** Some of what is held, in one transaction. */
        void transact() {
            SubscriptionLink from = jobs;
            if (held.isEmpty() || !committing.isEmpty() || from == null) {
                return;
            }
            require(link().begin() == null, "a transaction is open");
            int count = 1 + random.nextInt(Math.min(4, held.size()));
            List<Held> mine = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                mine.add(held.remove(random.nextInt(held.size())));
            }
            for (Held one : mine) {
                publish("first", one.text());
                publish("second", one.text());
                from.ack(one.partition(), one.offset(), one.offset());
            }
            if (random.nextInt(6) == 0) {
                link().rollback();
                held.addAll(mine);
                return;
            }
            mine.forEach(one -> committing.add(one.text()));
            link().commit().onComplete(answer -> {
                committing.clear();
                if (answer.succeeded()) {
                    commits++;
                    mine.forEach(one -> done.add(one.text()));
                } else {
                    refused++;
                    held.addAll(mine);
                }
            });
        }

        @Override
        public void onDeliveries(SubscriptionLink subscription, DeliveryBatch batch) {
            MessageView view = new MessageView();
            for (int i = 0; i < batch.size(); i++) {
                view.read(batch.run(i).bytes(), batch.position(i));
                String text = view.payloadText();
                long offset = batch.offset(i);
                held.removeIf(one -> one.offset() == offset); // its lease had ended
                held.add(new Held(batch.partitionIndex(), offset, text));
            }
            subscription.written(batch.partitionIndex(), batch.bytes());
        }

        @Override
        public void onEnded(SubscriptionLink subscription, String reason) {
            jobs = null;
        }

        @Override
        public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset) {}

        @Override
        public void onRefused(long firstTicket, int count, Refusal refusal) {}

        @Override
        public void onClosedByBroker(Refusal refusal) {}

        @Override
        public void onTurnEnd() {}

        @Override
        public void onBackPressure(boolean pauseReading) {}
    }

    /** One seed. */
    private final class Run {
        private final NodeWorld world;
        private final Random random;
        private Program program;

        Run(long seed) {
            world = new NodeWorld(seed, new WorldFacts(), seed % 2 == 0);
            random = world.random();
            program = new Program(random);
        }

        void run() {
            begin();
            create();
            world.on(0, () -> {
                for (int i = 0; i < MESSAGES; i++) {
                    program.publish("jobs", "m" + i);
                }
            });
            world.pass(2_000);
            int crashes = 1 + random.nextInt(3);
            for (int i = 0; i < crashes; i++) {
                act();
                crash();
            }
            finish();
        }

        private void begin() {
            int starts = 0;
            while (!world.start()) {
                require(++starts < STARTS_MAX, "it never starts");
                world.crash(true);
            }
            world.giveSpace();
        }

        /** All in one shard. */
        private void create() {
            UUID jobs = new UUID(random.nextLong(), random.nextLong());
            program = new Program(random);
            world.on(0, () -> program.open(world));
            int shard = create("jobs", jobs, NodeRig.queue());
            for (String name : List.of("first", "second")) {
                UUID uuid = new UUID(random.nextLong(), random.nextLong());
                while (create(name, uuid, NodeRig.log(1, 0, Overflow.BLOCK)) != shard) {
                    UUID old = uuid;
                    call(() -> program.link().change(new CatalogChange.DeleteTopic(old)));
                    uuid = new UUID(random.nextLong(), random.nextLong());
                }
            }
            subscribe();
        }

        private int create(String name, UUID uuid, TopicSettings settings) {
            call(() -> program.link().change(new CatalogChange.CreateTopic(TopicName.of(name), uuid, settings, false)));
            return Objects.requireNonNull(world.node().catalog().topic(TopicName.of(name)))
                    .partition(0)
                    .shard();
        }

        private <T> T call(java.util.function.Supplier<Future<T>> command) {
            List<Future<T>> asked = new ArrayList<>();
            world.on(0, () -> asked.add(command.get()));
            world.runUntil(() -> asked.get(0).isComplete(), "an answer");
            require(asked.get(0).succeeded(), "refused: " + asked.get(0).cause());
            return asked.get(0).result();
        }

        private void subscribe() {
            SubscribeSpec spec = new SubscribeSpec(
                    SubscribeSpec.Kind.GROUP, "jobs", GroupDef.QUEUE, null, 10, StartPosition.first());
            program.jobs = call(() -> program.link().subscribe(spec));
        }

        private void act() {
            int losesPowerAfter = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(60);
            if (losesPowerAfter > 0) {
                world.disk().losePowerAfter(losesPowerAfter);
            }
            int fullFrom = random.nextInt(4) == 0 ? random.nextInt(STEPS) : STEPS;
            for (int i = 0; i < STEPS && !world.dead(); i++) {
                if (i == fullFrom) {
                    fillUp();
                }
                switch (random.nextInt(6)) {
                    case 0 -> world.node().journal().checkpoint(() -> {});
                    case 1 -> world.pass(random.nextInt(40));
                    default -> world.later(0, () -> program.transact());
                }
                world.run(random.nextInt(25));
            }
        }

        /** A checkpoint is asked for behind a transaction, and there is little space for both, or none. */
        private void fillUp() {
            world.disk().capacity(world.disk().usedBytes() + random.nextInt(8 * KIB));
            world.later(0, () -> program.transact());
            world.node().journal().checkpoint(() -> {});
        }

        private void crash() {
            Set<String> before = Set.copyOf(program.committing);
            Set<String> sure = Set.copyOf(program.done);
            crashedInCommits.addAndGet(before.isEmpty() ? 0 : 1);
            count(program);
            world.crash(random.nextBoolean() || world.dead());
            begin();
            program = new Program(random);
            program.done.addAll(sure);
            world.on(0, () -> program.open(world));
            check(before);
            subscribe();
            world.pass(500);
        }

        private void count(Program ended) {
            confirmed.addAndGet(ended.commits);
            refused.addAndGet(ended.refused);
        }

        /** What was being committed is in both topics, or in none and in the queue. */
        private void check(Set<String> committing) {
            Map<String, Integer> first = texts("first");
            Map<String, Integer> second = texts("second");
            require(first.equals(second), "half of a transaction: first=" + first + " second=" + second);
            require(first.keySet().containsAll(program.done), "confirmed and lost: " + program.done + " of " + first);
            long whole = committing.stream().filter(first::containsKey).count();
            require(whole == 0 || whole == committing.size(), "a part of " + committing + " in " + first);
            foundWhole.addAndGet(whole > 0 ? 1 : 0);
            foundNot.addAndGet(whole == 0 && !committing.isEmpty() ? 1 : 0);
        }

        private Map<String, Integer> texts(String name) {
            Topic topic = Objects.requireNonNull(program.link().catalog().topic(TopicName.of(name)));
            Map<String, Integer> texts = new HashMap<>();
            MessageView view = new MessageView();
            for (Browsed one : call(() -> program.link().browse(topic, StartPosition.first(), 1_000))) {
                view.read(one.run().bytes(), one.position());
                texts.merge(view.payloadText(), 1, Integer::sum);
            }
            return texts;
        }

        private void finish() {
            long endMs = world.schedule().monotonicMs() + 600_000;
            while (texts("first").size() < MESSAGES) {
                require(world.schedule().monotonicMs() < endMs, "messages are missing: " + texts("first"));
                world.later(0, () -> program.transact());
                world.pass(200);
            }
            check(Set.of());
            require(
                    texts("first").values().stream().allMatch(times -> times == 1),
                    "published twice: " + texts("first"));
            count(program);
            foundFull.addAndGet(world.disk().fullCount());
            world.stop();
        }
    }
}
